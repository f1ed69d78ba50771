#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "netns/namespace.h"
#include "ports/connection_requests.h"

namespace hnbemu::connection_requests {

inline constexpr std::size_t kMaxConnections = 4;  // of one device at once; more wait in the kernel's queue
inline constexpr int kBacklog = 8;
inline constexpr std::uint32_t kMaxHeaderBytes = 8 * 1024;
inline constexpr Seconds kReadTimeout{3};  // of a request, from its connection on: what a slow one can take from others
inline constexpr Seconds kWriteTimeout{3};
inline constexpr Seconds kDrainTimeout{1};  // until the other end closes too, so that no reset overtakes the answer
inline constexpr std::size_t kMaxDrainBytes = std::size_t{64} * 1024;  // TR-069 3.2.2: data in the request are ignored
inline constexpr Millis kAcceptRetry{100};                             // after EMFILE and its like

// The ConnectionRequests port: an HTTP/1.1 server with one request a connection. It holds one descriptor, and one more
// for each connection.
class HttpConnectionRequests : public ConnectionRequests {
 public:
  // `home`, the device's namespace, outlives it.
  HttpConnectionRequests(boost::asio::any_io_executor executor, const netns::Namespace& home);
  ~HttpConnectionRequests() override;  // closes
  Result<> open(Path path, std::uint16_t port) override;
  void close() override;
  void serve(std::function<ConnectionRequestAccess()> access, std::function<bool()> ready,
             std::function<void()> requested) override;

 private:
  struct Service;
  struct Listener;

  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  std::shared_ptr<Service> service_;
  std::shared_ptr<Listener> listener_;
};

}  // namespace hnbemu::connection_requests
