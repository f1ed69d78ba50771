#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "stun/message.h"

namespace hnbemu::stun {

// RFC 5389 7.2.1.
inline constexpr Millis kFirstRetransmission{500};
inline constexpr unsigned kMaxSends = 7;          // of one request
inline constexpr unsigned kLastWait = 16;         // × kFirstRetransmission, after the last of them
inline constexpr unsigned kMaxProbeSends = 3;     // of one that may rightly go unanswered
inline constexpr unsigned kMaxAnnouncements = 3;  // of changes of the binding one after the other, without a rest
inline constexpr Seconds kRestAfterFailure{30};   // at least
inline constexpr Seconds kShortestPeriod{1};
inline constexpr Seconds kDefaultMinimum{20};    // where STUNMinimumKeepAlivePeriod is 0
inline constexpr Seconds kDefaultMaximum{1800};  // where STUNMaximumKeepAlivePeriod is -1

struct ClientSettings {
  UdpEndpoint local;  // of the socket that connection requests are to reach
  UdpEndpoint server;
  std::string username{};
  std::string password{};
  Seconds minimum{0};  // STUNMinimumKeepAlivePeriod, STUNMaximumKeepAlivePeriod
  std::optional<Seconds> maximum{};
};

// The socket whose binding is kept, and one whose only purpose is to ask whether that binding still stands.
enum class Port : std::uint8_t { primary, secondary };
struct Outgoing {
  Port port = Port::primary;
  std::string bytes;  // to the server
};

// The STUN client of TR-069 Annex G: finds the binding that a NAT has for the primary socket, keeps it, and searches
// for the longest period with which it stands (G.2.1.2, RFC 3489 10.2: left alone for some time, then the server is
// asked, by the secondary socket, to answer to the binding). One transaction at a time.
class Client {
 public:
  Client(ClientSettings settings, const Crypto& crypto, std::function<std::uint32_t()> random);

  // What is to be sent now: at the beginning, at next(), and when a datagram has come.
  std::optional<Outgoing> advance(Deadline now);
  std::optional<Outgoing> receive(Port port, const UdpEndpoint& from, std::string_view bytes, Deadline now);
  Deadline next() const { return next_; }

  const std::optional<UdpEndpoint>& binding() const { return binding_; }  // as the server sees the primary socket
  bool nat_detected() const { return binding_ && *binding_ != settings_.local; }
  Seconds period() const { return lower_; }  // between two requests; proven, or the minimum
  bool searching() const { return searching_; }
  bool needs_secondary() const { return transaction_ && transaction_->kind == Kind::probe; }
  const std::string& failure() const { return failure_; }  // of the last transaction; "" if it was answered

 private:
  enum class Kind : std::uint8_t { bind, announce, probe };
  struct Transaction {
    Kind kind = Kind::bind;
    Message message;
    std::string key;  // "": without MESSAGE-INTEGRITY
    unsigned sends = 0;
  };

  Outgoing begin(Kind kind, Deadline now);
  Outgoing send(Deadline now);
  std::optional<Outgoing> time_out(Deadline now);
  std::optional<Outgoing> on_error(const Message& error, Deadline now);
  std::optional<Outgoing> bound(const UdpEndpoint& mapped, Deadline now);
  std::optional<Outgoing> authenticate(const Message& error, Deadline now);
  void fail(std::string why, Deadline now);
  void rest(Deadline now);
  void begin_search();
  void learn(bool stood);
  Seconds candidate() const;
  TransactionId new_id();

  ClientSettings settings_;
  Crypto crypto_;
  std::function<std::uint32_t()> random_;
  std::optional<Transaction> transaction_;  // none: at rest until next_
  Deadline next_ = Deadline::min();
  std::optional<UdpEndpoint> binding_;
  std::string failure_;
  unsigned announcements_ = 0;

  Seconds lower_{0};  // it stands so long …
  Seconds upper_{0};  // … and may stand so long, or, once a probe has failed, does not
  bool expired_ = false;
  bool searching_ = false;
  bool probe_next_ = false;  // after this rest
  bool lost_ = false;        // by a probe that failed: another binding is no wonder
};

}  // namespace hnbemu::stun
