#pragma once

#include <boost/asio/cancellation_signal.hpp>

#include "ports/task.h"
#include "procedures/serving_elements.h"

namespace hnbemu::device {

// A part of a device with a life of its own, beside the device's way into service: its radio, its file transfers, its
// diagnostics. The device calls it in the order power_up, serve, leave, power_down; all on the device's executor.
class Companion {
 public:
  virtual ~Companion() = default;

  // Until stop(). Cancellation comes as an error of the port call at hand.
  virtual Task<void> run() = 0;
  virtual void power_up() {}    // the data model and the memory are there
  virtual void power_down() {}  // a reboot: what is under way ends at once
  // Registered with the HMS, which `service` leads to; again when the inner address has changed.
  virtual void serve(const procedures::Service& /*service*/) {}
  virtual void leave() {}   // no longer in service
  virtual void follow() {}  // something was set in the data model from outside

  void stop() {
    stopping_ = true;
    cancel_.emit(boost::asio::cancellation_type::terminal);
  }
  boost::asio::cancellation_slot slot() { return cancel_.slot(); }

 protected:
  bool stopping() const { return stopping_; }

 private:
  boost::asio::cancellation_signal cancel_;
  bool stopping_ = false;
};

}  // namespace hnbemu::device
