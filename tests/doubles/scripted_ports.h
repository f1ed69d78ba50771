#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "doubles/port_calls.h"
#include "ports/acs_http.h"
#include "ports/clock.h"
#include "ports/resolver.h"
#include "ports/tunnel.h"

namespace hnbemu::doubles {

// How long a port takes to answer, in simulated time.
inline constexpr Millis kAnswerTime{20};

// Knows the names that a test gave it; asked through the wrong plane it answers NXDOMAIN, as the real servers would.
class ScriptedResolver : public Resolver {
 public:
  ScriptedResolver(Clock& clock, PortCalls& calls) : clock_(clock), calls_(calls) {}
  void add(Plane plane, const std::string& name, std::vector<IpAddress> addresses) {
    names_[{plane, name}] = std::move(addresses);
  }
  Task<Result<std::vector<IpAddress>>> resolve(std::string name, Path path, Deadline deadline) override;

 private:
  Clock& clock_;
  PortCalls& calls_;
  std::map<std::pair<Plane, std::string>, std::vector<IpAddress>> names_;
};

// Every SeGW answers but those in `silent`; the tests see what is up.
class ScriptedTunnel : public Tunnel {
 public:
  ScriptedTunnel(Clock& clock, PortCalls& calls) : clock_(clock), calls_(calls) {}
  Task<Result<TunnelState>> establish(TunnelRequest request, Deadline deadline) override;
  Task<Result<>> release(std::string name, Deadline deadline) override;
  void on_event(std::function<void(const TunnelEvent&)> handler) override { handler_ = std::move(handler); }

  std::set<IpAddress> silent;
  std::map<std::string, TunnelState> up;
  void lose(const std::string& name);
  void change_address(const std::string& name, IpAddress inner);

 private:
  Clock& clock_;
  PortCalls& calls_;
  std::function<void(const TunnelEvent&)> handler_;
  unsigned established_ = 0;
};

}  // namespace hnbemu::doubles
