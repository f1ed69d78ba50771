#pragma once

#include <optional>

#include "procedures/context.h"

namespace hnbemu::device {

// When a device in service wants a session, and why (TR-069 3.7.1.5): what is due becomes an event.
class Agenda {
 public:
  explicit Agenda(procedures::Context& context) : context_(context) {}

  void begin();           // the device has come into service
  void session_ended();   // the ACS may have changed what it is due by
  Deadline next() const;  // of all that may become due
  // Puts what is due into the event queue; true if a session is wanted for it.
  bool fire();

 private:
  Deadline at(WallTime when) const;
  std::optional<Deadline> notification_due() const;
  Deadline next_periodic() const;
  std::optional<Deadline> next_heartbeat() const;

  procedures::Context& context_;
  Deadline periodic_{};
  std::optional<Deadline> heartbeat_;
  std::optional<Deadline> notified_;  // when the last session for an active notification was wanted
};

}  // namespace hnbemu::device
