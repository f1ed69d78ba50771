#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <thread>

#include "lab/lab.h"
#include "ports/udp.h"
#include "stun/server.h"

namespace hnbemu::fleet {

// The operator's STUN server, "stun.operator.example", in `wan` and in `core`, and its ACS as far as it asks for
// sessions by UDP: that comes from the server's own address and port, since many NATs let in nothing else (TR-069
// G.2.2). It is of hnbemu itself, since coturn ignores RESPONSE-ADDRESS, by which devices search for the lifetime of
// their binding, and keeps its port to itself.
class StunService {
 public:
  static Result<std::unique_ptr<StunService>> open(lab::Lab& lab);
  ~StunService();
  StunService(const StunService&) = delete;
  StunService& operator=(const StunService&) = delete;

  struct Request {
    bool over_core = false;
    std::string address;  // UDPConnectionRequestAddress
    std::string username;
    std::string password;
  };
  // TR-069 G.2.2.3, sent kCopies times. Any thread. Errors: configuration (the address is none), network.
  static constexpr int kCopies = 3;
  Result<> request(const Request& request);

 private:
  StunService();
  Result<std::unique_ptr<UdpSocket>> listen(lab::Lab& lab, bool in_core);
  Task<void> serve(UdpSocket& socket);

  boost::asio::io_context io_{1};
  stun::Server server_;
  std::unique_ptr<UdpSocket> wan_;
  std::unique_ptr<UdpSocket> core_;
  std::atomic<std::uint64_t> last_timestamp_ = 0;
  std::thread thread_;
};

}  // namespace hnbemu::fleet
