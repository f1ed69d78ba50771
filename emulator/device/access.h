#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>

#include "device/companion.h"
#include "device/mailbox.h"
#include "dhcp/client.h"
#include "procedures/context.h"

namespace hnbemu::device {

// The device's place in the access network, where DHCP gives it: context.outer, the interface, what the data model says
// of both, and the ACS of a device without one (TR-069 3.1). A lease that is lost takes the address away at once. A
// device with a static address has none of this: it is bound always.
class Access final : public Companion {
 public:
  static constexpr Seconds kPause{5};  // after an error of this machine

  Access(boost::asio::any_io_executor executor, procedures::Context& context, std::string host_name);

  // Called when the address is gone or has come, and when there is another ACS.
  void observe(std::function<void()> changed) { changed_ = std::move(changed); }

  Task<void> run() override;
  void power_up() override;
  void power_down() override;

  bool bound() const { return link_ == nullptr || client_.lease().has_value(); }
  unsigned bindings() const { return bindings_; }  // so far: another number, another binding
  Task<Result<>> wait_until_bound(Deadline deadline);
  // The ACS cannot be reached: the server is asked for it again, now, and its word counts more than the ACS's.
  void rediscover();

 private:
  struct Wake {};
  Task<void> take_a_step();
  Result<> exchange(const std::optional<dhcp::Client::Outgoing>& outgoing);
  void handle(dhcp::Client::Event event);
  void take_address();
  void give_address_back();
  // What the data model says of it (Device.DHCPv4.Client.{i}.).
  void make_rows();
  void show();

  procedures::Context& context_;
  Clock& clock_;
  AccessLink* link_;
  dhcp::Client client_;
  Mailbox<Wake> wake_;
  boost::asio::steady_timer bound_;  // never expires: its cancellation is the signal
  std::function<void()> changed_;
  std::optional<Prefix> address_;  // that the interface has
  std::string row_;                // of Device.DHCPv4.Client.; "" if the model has no such table
  dhcp::Client::State shown_ = dhcp::Client::State::stopped;
  bool again_ = false;  // rediscover() was called since the last answer
  unsigned bindings_ = 0;
};

}  // namespace hnbemu::device
