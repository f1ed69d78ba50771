#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/time.h"
#include "cwmp/messages.h"
#include "datamodel/fault.h"

namespace hnbemu::cwmp {

// A file transfer: asked for by the ACS (Download, Upload, ScheduleDownload), or autonomous.
struct Transfer {
  enum class Method : std::uint8_t { download, upload, schedule_download };
  enum class State : std::uint8_t { not_started = 1, in_progress = 2, completed = 3 };  // A.4.1.1, QueuedTransferStruct
  struct Window {
    WallTime start;
    WallTime end;
    bool needs_confirmation = false;  // there is nobody to give it
    std::int32_t max_retries = 0;     // -1: as long as the window lasts
  };

  std::uint32_t id = 0;  // of this device, never given again
  Method method = Method::download;
  bool autonomous = false;
  bool at_once = false;  // to be done before its request is answered: it ends with its session
  std::string command_key;
  std::string file_type;
  std::string url;
  std::string username;
  std::string password;
  std::uint32_t file_size = 0;  // bytes; 0: not told
  std::string target_file_name;
  std::vector<Window> windows;  // one for Download and Upload, without an end

  State state = State::not_started;
  bool awaits_boot = false;  // in progress: the file is there, the next boot applies it
  std::uint32_t window = 0;
  std::uint32_t tries = 0;  // in this window, that failed
  WallTime next_try{};
  // Of a completed one, for TransferComplete.
  int fault_code = 0;
  std::string fault_string;
  WallTime start{};
  WallTime complete{};

  bool is_download() const { return method != Method::upload; }
  WallTime end() const { return windows.empty() ? WallTime::max() : windows[window].end; }
};

// What the device has to transfer and what it has to tell of transfers (TR-069 A.3.2.8, A.4.1.5, A.4.1.8).
class Transfers {
 public:
  using Added = tl::expected<std::uint32_t, datamodel::FaultCode>;  // its id
  static constexpr std::size_t kMaxTransfers = 16;                  // A.4.1.1: of a TransferList
  static constexpr std::size_t kMaxWindows = 2;                     // A.4.1.8
  static constexpr Seconds kBetweenTries{60};                       // in the same window

  // Fault 9004 if there are too many, 9003 for windows that overlap, are in the wrong order or of an unknown mode.
  Added add(const Download& request, WallTime now);
  Added add(const Upload& request, WallTime now);
  Added add(const ScheduleDownload& request, WallTime now);
  Added add_autonomous(Transfer transfer, WallTime now);

  const std::vector<Transfer>& all() const { return transfers_; }
  const Transfer* find(std::uint32_t id) const;
  bool busy() const;         // one is in progress
  bool awaits_boot() const;  // one of them does

  // When due() or expire() may have something new.
  std::optional<WallTime> next_due() const;
  std::optional<std::uint32_t> due(WallTime now) const;  // the oldest one to begin
  // Of what has not started, windows that are over end; gives what has failed by that (9020).
  std::vector<std::uint32_t> expire(WallTime now);

  void begin(std::uint32_t id, WallTime now);
  void begin_at_once(std::uint32_t id, WallTime now);
  // A failed transfer is tried again as far as its windows allow. True if it is completed.
  bool end(std::uint32_t id, int fault_code, std::string fault_string, WallTime now);
  void keep(std::uint32_t id);      // what was begun at once is told of later
  void put_back(std::uint32_t id);  // as if it had not begun
  void await_boot(std::uint32_t id);
  // What was under way when the power went is begun again; what waited for the boot is completed.
  void power_up(WallTime now);

  // A.4.1.9: all with that key; fault 9021 if one of them is further than not started.
  tl::expected<void, datamodel::FaultCode> cancel(std::string_view command_key);

  std::optional<Transfer> take(std::uint32_t id);  // out of the list

  std::vector<std::uint32_t> untold() const;                   // the completed ones, in the order of their requests
  Body message(std::uint32_t id, Version version) const;       // that tells of it; none if that version has none
  std::vector<EventStruct> events_of(std::uint32_t id) const;  // that announce the message (3.7.1.5)
  std::vector<EventStruct> events() const;                     // of all that are untold

  void restore(std::vector<Transfer> transfers);
  void clear() { transfers_.clear(); }

 private:
  Added add(Transfer transfer);
  Transfer* edit(std::uint32_t id);
  void complete(Transfer& transfer, int fault_code, std::string fault_string, WallTime now);
  void next_window(Transfer& transfer, std::string_view why, WallTime now);

  std::vector<Transfer> transfers_;  // in the order of the requests
  std::uint32_t last_id_ = 0;
};

// What a version of CWMP does not know, or does not have of a transfer that is over, is 9010, or 9011 of an upload.
int fault_code_in(Version version, int code, bool upload);

}  // namespace hnbemu::cwmp
