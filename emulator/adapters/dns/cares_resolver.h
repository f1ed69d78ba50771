#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "netns/namespace.h"
#include "ports/resolver.h"

namespace hnbemu::dns {

inline constexpr std::size_t kMaxAddresses = 64;  // of one name; more are left out
inline constexpr int kServerTimeoutMs = 2000;     // before the next server is asked
inline constexpr int kTries = 3;                  // rounds over all servers
inline constexpr std::uint16_t kPort = 53;

// The Resolver port on c-ares: sockets in the device's namespace, the path's own servers, neither the host's
// resolv.conf nor its hosts file nor search domains. It holds no descriptor between two queries.
class CaresResolver : public Resolver {
 public:
  // `home` outlives it. Tests ask servers on another port.
  CaresResolver(boost::asio::any_io_executor executor, const netns::Namespace& home, std::uint16_t port = kPort)
      : executor_(std::move(executor)), home_(home), port_(port) {}
  Task<Result<std::vector<IpAddress>>> resolve(std::string name, Path path, Deadline deadline) override;

 private:
  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  std::uint16_t port_;
};

}  // namespace hnbemu::dns
