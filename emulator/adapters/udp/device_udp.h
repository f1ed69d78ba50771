#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "netns/namespace.h"
#include "ports/udp.h"

namespace hnbemu::udp {

inline constexpr std::size_t kMaxDatagramBytes = 65'535;

// The Udp port: sockets in the device's namespace. Nothing is held but the sockets that it gave.
class DeviceUdp : public Udp {
 public:
  // `home`, the device's namespace, outlives it.
  DeviceUdp(boost::asio::any_io_executor executor, const netns::Namespace& home)
      : executor_(std::move(executor)), home_(home) {}
  Result<std::unique_ptr<UdpSocket>> open(const Path& path, UdpOptions options) override;

 private:
  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
};

}  // namespace hnbemu::udp
