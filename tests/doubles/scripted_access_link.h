#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <string>
#include <vector>

#include "dhcp/message.h"
#include "ports/access_link.h"
#include "ports/clock.h"

namespace hnbemu::doubles {

// A device's link to the access network, with a DHCP server at its other end.
class ScriptedAccessLink : public AccessLink {
 public:
  ScriptedAccessLink(boost::asio::any_io_executor executor, Clock& clock) : clock_(clock), arrival_(executor) {}

  std::array<std::uint8_t, 6> hardware_address() const override { return {2, 0, 100, 64, 0, 1}; }
  Result<> open() override;
  void close() override;
  Result<> send(const std::string& message, const IpAddress& from, const IpAddress& to) override;
  Task<Result<std::string>> receive(Deadline deadline) override;
  Result<> configure(const Prefix& address, const IpAddress& router) override;
  Result<> deconfigure(const Prefix& address) override;

  // The ACS that it tells of in option 43 (TR-069 3.1): sub-option -> value.
  void tell_acs(const std::string& url, const std::string& provisioning_code = "", const std::string& minimum_wait = "",
                const std::string& multiplier = "");

  bool silent = false;
  bool refuses = false;  // each DHCPREQUEST is answered with DHCPNAK
  std::uint32_t lease_s = 3600;
  std::string vendor_specific;  // option 43
  IpAddress address = *IpAddress::parse("100.64.0.1");
  IpAddress server = *IpAddress::parse("100.64.0.0");
  IpAddress dns = *IpAddress::parse("198.18.0.53");
  std::vector<dhcp::Message> heard;
  std::optional<Prefix> configured;
  std::optional<Error> fault;  // of open()
  bool is_open = false;

 private:
  Task<void> wait_for_arrival();

  Clock& clock_;
  boost::asio::steady_timer arrival_;  // never expires: its cancellation is the signal
  std::deque<std::string> arrived_;
};

}  // namespace hnbemu::doubles
