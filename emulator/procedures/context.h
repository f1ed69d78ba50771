#pragma once

#include <map>
#include <random>
#include <set>
#include <string>

#include "config/profile.h"
#include "cwmp/event_queue.h"
#include "datamodel/data_model.h"
#include "ports/acs_http.h"
#include "ports/clock.h"
#include "ports/connection_requests.h"
#include "ports/resolver.h"
#include "ports/tunnel.h"
#include "procedures/nonvolatile.h"
#include "procedures/step.h"

namespace hnbemu::procedures {

// What is programmed into a device at the factory (TS 32.583 5.1, TS 32.593 5.1.2.2).
struct FactorySettings {
  std::string initial_segw;  // FQDN or IP address; its certificate must carry exactly this
  std::string initial_hms;   // URL of the Initial HMS
  // Of a device without an Initial HMS: where it goes at once. An empty SeGW: no IPsec.
  std::string serving_segw{};
  std::string serving_hms{};
};

// The world as one device sees it.
struct Ports {
  Clock& clock;
  Resolver& resolver;
  Tunnel& tunnel;
  AcsHttp& http;
  Store& store;
  ConnectionRequests& connection_requests;
};

// What the network around the device does that the device itself knows nothing of.
struct NetworkAround {
  std::map<std::string, IpAddress> hosts{};    // names that need no DNS: where an ACS of the user's own is found
  std::string connection_request_authority{};  // host:port at which others reach the device; "": its own address
};

// Everything a procedure works on. It outlives the procedures that run on it.
struct Context {
  const config::Profile& profile;
  FactorySettings factory;
  Path outer;  // the device's place in the access network
  NetworkAround surroundings;
  Ports ports;
  datamodel::DataModel& model;
  cwmp::EventQueue& events;
  StepLog& steps;
  std::mt19937_64& random;
  NonVolatile memory;
  // Added to the next Inform, until one is accepted: what a `4 VALUE CHANGE` is about (TR-069 A.3.3.1).
  std::set<std::string> changed_parameters{};
  std::string bootstrapped_url{};           // the ACS that has heard this device's `0 BOOTSTRAP`
  std::optional<std::string> reboot_key{};  // CommandKey of the Reboot that the ACS asked for, until it is done
  bool in_session = false;
  unsigned failed_sessions = 0;  // RetryCount of the next Inform (TR-069 3.2.1.1)
  Deadline powered_at{};         // when the device was last switched on
  unsigned sessions = 0;         // since then
  bool knows_time = false;       // since then: one of them has ended well

  // The value at the profile's place for `role`; "" if the profile has no such place.
  std::string value_of(std::string_view role) const { return model.value(profile.path(role)).value_or(""); }
  // The device's own write there; nothing happens if the profile has no such place.
  void set_value_of(std::string_view role, std::string_view value) {
    const auto path = profile.path(role);
    if (!path.empty()) model.update(path, value);
  }
};

// Commits what the device must not forget: done before the ACS is told that it is done.
Task<Result<>> remember(Context& context);
// The way back, at power-up. Gives the keys that had no place.
std::vector<std::string> recall(Context& context, const Memory& memory);

// How long one attempt at a step may take before it counts as failed.
struct Deadlines {
  static constexpr Seconds dns{10};
  static constexpr Seconds tunnel{30};
  static constexpr Seconds release{3};
  static constexpr Seconds http{60};  // TR-069 3.7.2.4: the CPE waits at least 30 s for a response
};

}  // namespace hnbemu::procedures
