#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "cwmp/messages.h"
#include "hms/violation.h"

// What the HMS saw of its devices, for tests, reports and people. Safe from any thread; what it keeps is bounded.
namespace hnbemu::hms {

inline constexpr std::size_t kMaxDevices = 100'000;
inline constexpr std::size_t kMaxSessionsKept = 16;        // of one device
inline constexpr std::size_t kMaxExchangesKept = 256;      // of one session
inline constexpr std::size_t kMaxValuesKept = 10'000;      // of one device
inline constexpr std::size_t kMaxViolationsKept = 10'000;  // of all devices

enum class SessionOutcome : std::uint8_t { open, clean, refused, failed };
std::string_view to_string(SessionOutcome outcome);

struct ExchangeRecord {
  std::string request;  // "SetParameterValues"
  std::string answer;   // "SetParameterValuesResponse", "fault 9003: invalid arguments", "" while it is due
  bool fault = false;
};

struct SessionRecord {
  std::uint64_t number = 0;
  WallTime started{};
  WallTime ended{};
  cwmp::Version version = cwmp::Version::v1_0;
  std::vector<cwmp::EventStruct> events;
  std::uint32_t retry_count = 0;
  SessionOutcome outcome = SessionOutcome::open;
  std::string detail;  // why it was refused or failed; the rule that served it
  std::vector<ExchangeRecord> exchanges;
};

struct DeviceRecord {
  std::string id;  // OUI-ProductClass-SerialNumber (TR-069 3.4.4)
  cwmp::DeviceId device_id;
  std::string peer;  // address that it was last seen from
  std::uint64_t informs = 0;
  std::uint64_t clean_sessions = 0;
  std::uint64_t refused_sessions = 0;
  std::uint64_t failed_sessions = 0;
  std::uint64_t violations = 0;
  bool provisioned = false;                                // everything that the rule sets was set without a fault
  std::deque<SessionRecord> recent;                        // the last ones, oldest first
  std::map<std::string, std::string, std::less<>> values;  // as last told by the device
};

class Journal {
 public:
  struct Contents {
    std::map<std::string, DeviceRecord, std::less<>> devices;
    std::deque<Violation> violations;   // the latest
    std::uint64_t violation_count = 0;  // all that ever were
  };
  using Predicate = std::function<bool(const Contents&)>;

  // Changes one device's record, making it if need be.
  void update(const std::string& device, const std::function<void(DeviceRecord&)>& change);
  void add(Violation violation);

  std::optional<DeviceRecord> device(std::string_view id) const;
  std::vector<DeviceRecord> devices() const;
  std::vector<Violation> violations() const;
  std::uint64_t violation_count() const;
  // Until `holds` is true of the contents; false at the time-out. `holds` runs under the journal's lock.
  bool wait(const Predicate& holds, Millis timeout) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Contents contents_;
};

}  // namespace hnbemu::hms
