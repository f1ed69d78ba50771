#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "procedures/context.h"

namespace hnbemu::device {

// What comes again and again, at a reference time ± n · its interval (PeriodicInformTime, HeartbeatPolicy).
class Series {
 public:
  struct Terms {  // the parameters' texts
    bool enabled = false;
    std::string interval_s;
    std::string time;
    bool operator==(const Terms&) const = default;
  };

  // Without a time the reference is the device's own: the moment that it hears of these terms first.
  void follow(Terms terms, const Clock& clock);
  void advance(const Clock& clock);  // to the next time from now
  Deadline due() const { return due_; }

 private:
  Terms terms_;
  std::string reference_;
  Deadline due_ = Deadline::max();
};

// When a device in service wants a session, and why (TR-069 3.7.1.5): what is due becomes an event.
class Agenda {
 public:
  explicit Agenda(procedures::Context& context) : context_(context) {}

  void begin();               // the device has come into service
  void session_ended_well();  // what waits for a throttle waits from here
  void follow_clock();        // it has been set
  void follow_acs();          // it may have changed what the device is due by
  Deadline next() const;      // of all that may become due
  // Puts what is due into the event queue; true if a session is wanted for it.
  bool fire();

 private:
  Deadline at(WallTime when) const;
  std::optional<Deadline> notification_due() const;
  Series::Terms terms(std::string_view enable, std::string_view interval, std::string_view time) const;
  bool fire(Series& series, std::string_view event);

  procedures::Context& context_;
  Series periodic_;
  Series heartbeat_;
  Deadline last_session_{};  // that ended well, in the device's time
};

}  // namespace hnbemu::device
