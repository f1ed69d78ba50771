#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/time.h"
#include "dhcp/acs_options.h"
#include "dhcp/message.h"

namespace hnbemu::dhcp {

// What a device has been given, until `expires`.
struct Lease {
  Prefix address;  // with the length of its network
  IpAddress router;
  IpAddress server;
  std::vector<IpAddress> dns_servers;
  AcsOptions acs;
  std::map<std::uint8_t, std::string> options;  // all of them, as they came
  Deadline renew{};                             // T1; Deadline::max() of a lease without end, and the others too
  Deadline rebind{};                            // T2
  Deadline expires{};
};

struct Identity {
  HardwareAddress hardware{};
  std::string host_name;
};

// A DHCP client (RFC 2131 4.4), bytes and time in, bytes out.
//
// Own, because those of Debian do not fit a device in a namespace by the thousand: each is a process, and a renewal
// goes out by an unmarked socket, so that a tunnel for 0.0.0.0/0 swallows it. Left out: INIT-REBOOT, DHCPDECLINE (a
// device's link has two ends), DHCPRELEASE (a device that loses its power says nothing).
class Client {
 public:
  enum class State : std::uint8_t { stopped, selecting, requesting, bound, renewing, rebinding };
  enum class Event : std::uint8_t { none, bound, renewed, lost };

  static constexpr Seconds kFirstRetransmission{4};  // RFC 2131 4.1: doubled up to kMaxRetransmission
  static constexpr Seconds kMaxRetransmission{64};
  static constexpr unsigned kMaxRequests = 4;  // for an offer, before another is looked for
  static constexpr Seconds kMinRenewal{60};    // RFC 2131 4.4.5: between two requests for the same lease
  static constexpr Seconds kMinLease{10};      // a shorter one is not taken
  static constexpr Seconds kAfterNak{10};      // a server that always refuses is not asked in a circle

  struct Outgoing {
    std::string message;
    IpAddress from;  // 0.0.0.0: there is no address to speak from
    IpAddress to;    // 255.255.255.255, or the server that gave the lease
  };
  struct Step {
    std::optional<Outgoing> send;
    Event event = Event::none;
  };

  Client(Identity identity, std::mt19937_64& random) : identity_(std::move(identity)), random_(random) {}

  void start(Deadline now);
  void stop();
  void renew(Deadline now);  // of a lease that stands: now instead of at T1

  State state() const { return state_; }
  bool listening() const { return state_ != State::stopped && state_ != State::bound; }
  Deadline due() const { return due_; }  // of the next advance(); Deadline::max(): none
  Step advance(Deadline now);
  // Anything that came to the client's port.
  Step receive(std::string_view bytes, Deadline now);
  const std::optional<Lease>& lease() const { return lease_; }
  // Of the options that are sent: the one place that knows them (data model: SentOption, ReqOption).
  std::map<std::uint8_t, std::string> sent_options() const;
  static std::string requested_options();  // their codes

 private:
  Message message(Kind kind, Deadline now) const;
  Outgoing broadcast(const Message& message) const;
  Step begin(Deadline now);
  Step ask(Deadline now);
  Step lose(Deadline now, Seconds pause);
  Step accept(const Message& ack, Deadline now);
  bool is_for_me(const Message& message) const;
  Seconds retransmission();

  Identity identity_;
  std::mt19937_64& random_;
  State state_ = State::stopped;
  Deadline due_ = Deadline::max();
  Deadline began_{};  // the exchange, for `secs`
  std::uint32_t transaction_ = 0;
  unsigned tries_ = 0;
  IpAddress offered_;
  IpAddress server_;
  std::optional<Lease> lease_;
};

std::string_view to_string(Client::State state);  // as Device.DHCPv4.Client.{i}.DHCPStatus has it

}  // namespace hnbemu::dhcp
