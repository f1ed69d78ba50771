#pragma once

#include <map>
#include <string>
#include <vector>

#include "doubles/port_calls.h"
#include "doubles/scripted_ports.h"
#include "ports/gateway_registration.h"

namespace hnbemu::doubles {

// Gateways that take every device, but those that a test made refuse it.
class ScriptedGateway : public GatewayRegistration {
 public:
  ScriptedGateway(Clock& clock, PortCalls& calls) : clock_(clock), calls_(calls) {}

  Task<Result<>> enter(IpAddress address, std::uint16_t port, Path path, Deadline) override {
    entered.push_back({address, port, path.plane});
    registered = false;
    const auto fault = calls_.next("enter " + address.to_string());
    const auto answered = co_await clock_.sleep_until(clock_.now() + kAnswerTime);
    if (!answered) co_return answered;
    if (fault) co_return tl::unexpected(*fault);
    const auto refusal = refusing.find(address);
    if (refusal != refusing.end()) co_return tl::unexpected(refusal->second);
    registered = true;
    co_return Result<>{};
  }
  void leave() override { registered = false; }

  struct Attempt {
    IpAddress address;
    std::uint16_t port = 0;
    Plane plane = Plane::outer;
  };
  std::vector<Attempt> entered;
  std::map<IpAddress, Error> refusing;
  bool registered = false;

 private:
  Clock& clock_;
  PortCalls& calls_;
};

}  // namespace hnbemu::doubles
