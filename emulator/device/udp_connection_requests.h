#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "device/companion.h"
#include "device/mailbox.h"
#include "ports/udp.h"
#include "procedures/context.h"
#include "stun/client.h"
#include "stun/connection_request.h"

namespace hnbemu::device {

inline constexpr std::uint16_t kUdpConnectionRequestPort = 7547;
inline constexpr Seconds kStunRetry{60};  // after a STUN server was not found, or a socket could not be opened

// Connection requests by UDP (TR-069 Annex G), on the way by which the HMS is reached: while STUNEnable is true, in
// service, it keeps the binding that a NAT has for its socket, tells it in UDPConnectionRequestAddress and NATDetected,
// and takes what is sent there. Else it holds no descriptor, and both say nothing. XMPP is no way to reach the device.
class UdpConnectionRequests final : public Companion {
 public:
  // As for those by HTTP: `ready`: one would be obeyed now; `requested`: it is.
  struct Taker {
    std::function<bool()> ready;
    std::function<void()> requested;
  };
  UdpConnectionRequests(boost::asio::any_io_executor executor, procedures::Context& context, Taker taker);

  Task<void> run() override;
  void serve(const procedures::Service& service) override;
  void leave() override;
  void follow() override { wake_.push({}); }

 private:
  struct Wake {};
  struct Settings {  // what counts of the data model and of the service
    Plane plane = Plane::outer;
    IpAddress source;
    std::string host;
    std::uint16_t port = 0;
    stun::ClientSettings client;
    bool operator==(const Settings&) const = default;
  };

  std::optional<Settings> wanted() const;
  Task<Result<>> open(Settings settings);
  Task<Result<IpAddress>> server_address(std::string host);
  Task<void> exchange();
  void close();
  bool received(stun::Port port, const Result<Datagram>& datagram);
  void send(const std::optional<stun::Outgoing>& out);
  void report(const Result<>& outcome);
  void show();
  void announce();
  Deadline announcement_due() const;

  procedures::Context& context_;
  Clock& clock_;
  Taker taker_;
  Mailbox<Wake> wake_;
  std::optional<procedures::Service> service_;

  std::optional<Settings> settings_;  // that the client was made for
  Path path_;
  UdpEndpoint server_;
  std::unique_ptr<UdpSocket> primary_;
  std::unique_ptr<UdpSocket> secondary_;
  std::optional<stun::Client> client_;
  stun::ConnectionRequestCheck check_;
  std::string reported_ = "none";  // the last outcome in the log: told once

  std::string address_;    // UDPConnectionRequestAddress
  bool announce_ = false;  // it has active notification, and has changed
  Deadline announced_ = Deadline::min();
};

}  // namespace hnbemu::device
