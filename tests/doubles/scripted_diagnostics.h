#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ports/clock.h"
#include "ports/diagnostics.h"

namespace hnbemu::doubles {

// Hosts that answer pings after some time, behind routers that say so when a TTL ends. Others are silent.
class ScriptedEcho : public Echo {
 public:
  struct Host {
    Millis time{10};
    std::vector<IpAddress> routers{};
  };
  explicit ScriptedEcho(Clock& clock) : clock_(clock) {}
  Task<Result<EchoReply>> echo(EchoRequest request, Path path, Deadline deadline) override;

  std::map<IpAddress, Host> hosts;
  std::set<IpAddress> unreachable;  // a router says so
  std::vector<EchoRequest> requests;
  std::vector<Path> paths;

 private:
  Clock& clock_;
};

// DNS servers that know names; others are silent.
class ScriptedLookup : public NameLookup {
 public:
  explicit ScriptedLookup(Clock& clock) : clock_(clock) {}
  Task<Result<NameAnswer>> look_up(std::string name, IpAddress server, Path path, Deadline deadline) override;
  Task<Result<std::string>> name_of(IpAddress address, Path path, Deadline deadline) override;

  std::map<IpAddress, std::map<std::string, NameAnswer>> servers;
  std::map<IpAddress, std::string> names;
  unsigned questions = 0;

 private:
  Clock& clock_;
};

// A download or upload that ends as the test says.
class ScriptedThroughput : public ThroughputTest {
 public:
  explicit ScriptedThroughput(Clock& clock) : clock_(clock) {}
  Task<Result<ThroughputOutcome>> run(ThroughputRequest request, Path path, Deadline deadline) override;

  Millis time{1000};
  std::optional<diagnostics::Failure> failure;
  std::vector<ThroughputRequest> requests;
  std::vector<Path> paths;

 private:
  Clock& clock_;
};

class ScriptedEchoSockets : public Udp {
 public:
  struct Open {
    UdpEndpoint own;
    std::deque<Datagram> arrived{};
    std::vector<Datagram> sent{};
    std::unique_ptr<boost::asio::steady_timer> arrival{};
  };
  Result<std::unique_ptr<UdpSocket>> open(const Path& path, UdpOptions options) override;
  // From `peer` to the socket at that port; false if nobody listens there.
  bool deliver(const UdpEndpoint& peer, std::uint16_t port, std::string bytes);

  std::vector<std::shared_ptr<Open>> sockets;  // that are open
  std::vector<Datagram> sent;                  // by all of them
};

struct ScriptedDiagnostics {
  explicit ScriptedDiagnostics(Clock& clock) : echo(clock), lookup(clock), throughput(clock) {}

  ScriptedEcho echo;
  ScriptedLookup lookup;
  ScriptedThroughput throughput;
  ScriptedEchoSockets udp;
  DiagnosticPorts ports{echo, lookup, throughput, udp};
};

}  // namespace hnbemu::doubles
