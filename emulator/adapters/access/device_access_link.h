#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <string>

#include "base/unique_fd.h"
#include "netns/netlink.h"
#include "ports/access_link.h"

namespace hnbemu::access {

// The AccessLink port on an interface of the device's namespace, whose other end netns::connect() has made. Messages
// come by a packet socket: an interface without an address has no other, and the kernel's reverse-path filter has no
// say there. Broadcasts go out by it too; what goes to the server alone goes by a marked UDP socket.
class DeviceAccessLink : public AccessLink {
 public:
  // `home`, the device's namespace, outlives it.
  DeviceAccessLink(boost::asio::any_io_executor executor, const netns::Namespace& home, std::string interface,
                   netns::MacAddress mac)
      : executor_(executor), home_(home), interface_(std::move(interface)), mac_(mac), packets_(executor) {}

  std::array<std::uint8_t, 6> hardware_address() const override { return mac_; }
  Result<> open() override;
  void close() override;
  Result<> send(const std::string& message, const IpAddress& from, const IpAddress& to) override;
  Task<Result<std::string>> receive(Deadline deadline) override;
  Result<> configure(const Prefix& address, const IpAddress& router) override;
  Result<> deconfigure(const Prefix& address) override;

 private:
  Result<> broadcast(const std::string& message, const IpAddress& from);
  Result<std::string> take();

  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  std::string interface_;
  netns::MacAddress mac_;
  int index_ = 0;  // of the interface
  boost::asio::posix::stream_descriptor packets_;
  UniqueFd unicast_;
};

}  // namespace hnbemu::access
