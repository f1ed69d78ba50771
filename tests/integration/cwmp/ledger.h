#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "cwmp/messages.h"

namespace hnbemu {

// What an ACS knows of one device that may lose its power at any time: what the device has acknowledged, the one
// request that it may or may not have carried out, and the events that it owes. Whatever the device then says is held
// against that; what does not fit is in `complaints`.
class Ledger {
 public:
  explicit Ledger(std::uint64_t seed) : random_(seed) {}

  void power_lost();  // what the device has from now on is not known until it is asked
  // The device has committed this event to its memory.
  void committed(const std::string& event_code);

  void on_inform(const cwmp::Inform& inform);
  // The next request of the session; nothing: the session ends.
  std::optional<cwmp::Body> next_request();
  void on_answer(const cwmp::Body& answer);

  bool owes_nothing() const { return owed_.empty() && scheduled_.empty() && unverified_ == 0; }
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::string summary() const;

 private:
  struct State {
    std::string value;  // in two parameters, set by one request
    std::string parameter_key;
    std::set<std::uint32_t> rows;
    unsigned notification = 0;
    bool operator==(const State&) const = default;
  };
  using Event = std::pair<std::string, std::string>;  // code and CommandKey

  cwmp::Body verification();
  void verify(const cwmp::Body& answer);
  void compare();
  cwmp::Body change();
  cwmp::Body set_values(State& to);
  cwmp::Body add_row(State& to);
  cwmp::Body delete_row(State& to);
  cwmp::Body set_notification(State& to);
  void expect(bool holds, const std::string& what);
  std::string describe(const State& state) const;
  std::string key(const char* kind) { return fmt::format("{}{}", kind, ++keys_); }

  std::mt19937_64 random_;
  unsigned keys_ = 0;
  State state_;                 // acknowledged
  std::optional<State> next_;   // if the request under way was carried out
  std::uint32_t last_row_ = 0;  // the highest number that was ever acknowledged
  cwmp::Body under_way_;        // without an answer yet
  unsigned unverified_ = 0;     // questions to ask after the power was lost
  State seen_;                  // their answers so far
  std::string twin_, row_count_;
  std::set<Event> owed_{{"0 BOOTSTRAP", ""}, {"1 BOOT", ""}};
  std::set<Event> delivering_;       // in the Inform of the session under way
  std::set<std::string> delivered_;  // codes of vendor's events
  std::set<std::string> scheduled_;  // CommandKeys of ScheduleInform that have not come back
  unsigned left_ = 0;                // requests of this session
  unsigned restarts_ = 0, sessions_ = 0, changes_ = 0, events_ = 0;
  std::vector<std::string> complaints_;
};

}  // namespace hnbemu
