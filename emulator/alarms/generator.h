#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "config/alarm_catalogue.h"
#include "config/alarm_generation.h"

namespace hnbemu::alarms {

// What is to be done with an alarm of the catalogue.
struct Act {
  bool raise = true;
  const config::AlarmDefinition* alarm = nullptr;
  std::string text{};  // AdditionalText; of one that another brought
};

// Alarms that come by themselves: each by a Poisson process of its own that follows the day curve, coming and going
// several times if it flaps, with those that it brings; and storms of many at once. The same seed, the same alarms.
// One that is there already for another reason is not raised again, and goes with the last reason.
class Generator {
 public:
  static constexpr std::size_t kMaxPending = 4'096;  // acts to come; what has no room is dropped
  static constexpr std::size_t kMaxActs = 64;        // at once …
  static constexpr Seconds kPause{1};                // … and the time between; what comes faster comes late

  // `catalogue` outlives it.
  Generator(const std::vector<config::AlarmDefinition>& catalogue, config::AlarmGeneration how, std::uint64_t seed);

  void power_up(Deadline now);
  void power_down();  // all that was there has gone, and nothing comes

  Deadline next() const;  // when take() is wanted; Deadline::max(): never
  // What is due, in the order of its time; at most kMaxActs.
  std::vector<Act> take(Deadline now, WallTime wall);

  std::uint64_t dropped() const { return dropped_; }  // times that an alarm did not come

 private:
  enum class Kind : std::uint8_t { arrival, storm, raise, clear, storm_alarm };
  struct Event {
    Kind kind;
    std::size_t alarm = 0;  // index in the catalogue
    std::size_t brought_by = kNobody;
  };
  static constexpr std::size_t kNobody = SIZE_MAX;

  void plan(Deadline from, double per_day, Event event);
  void arrive(Deadline at, WallTime wall, const Event& event);
  void begin_storm(Deadline at);
  void come(Deadline at, std::size_t alarm);
  void come_and_go(Deadline at, Deadline end, std::size_t alarm);
  std::vector<std::size_t> brought_by(std::size_t alarm) const;
  std::optional<Act> act(const Event& event);
  double uniform(double low, double high);

  const std::vector<config::AlarmDefinition>& catalogue_;
  config::AlarmGeneration how_;
  double peak_ = 1;  // of the day curve
  std::mt19937_64 random_;
  std::multimap<Deadline, Event> events_;
  std::vector<unsigned> reasons_;    // why each alarm is there
  std::vector<std::size_t> stormy_;  // what storms are made of
  std::optional<Deadline> pause_;
  std::uint64_t dropped_ = 0;
};

}  // namespace hnbemu::alarms
