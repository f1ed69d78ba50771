#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "alarms/fault_management.h"
#include "config/profile.h"
#include "cwmp/deployment_units.h"
#include "cwmp/event_queue.h"
#include "cwmp/notifications.h"
#include "cwmp/options.h"
#include "cwmp/rpc.h"
#include "cwmp/transfers.h"
#include "datamodel/data_model.h"
#include "ports/access_link.h"
#include "ports/acs_http.h"
#include "ports/clock.h"
#include "ports/connection_requests.h"
#include "ports/diagnostics.h"
#include "ports/file_transfer.h"
#include "ports/gateway_registration.h"
#include "ports/resolver.h"
#include "ports/tunnel.h"
#include "ports/udp.h"
#include "procedures/device_log.h"
#include "procedures/nonvolatile.h"
#include "procedures/step.h"
#include "stun/crypto.h"

namespace hnbemu::procedures {

enum class HmsByDhcp : std::uint8_t { none, initial, serving };

// What is programmed into a device at the factory (TS 32.583 5.1, TS 32.593 5.1.2.2).
struct FactorySettings {
  std::string initial_segw;  // FQDN or IP address; its certificate must carry exactly this
  std::string initial_hms;   // URL of the Initial HMS
  // Of a device without an Initial HMS: where it goes at once. An empty SeGW: no IPsec.
  std::string serving_segw{};
  std::string serving_hms{};
  // Of a device with neither URL: DHCP gives that of its Initial HMS, or of where it goes at once (TR-069 3.1).
  HmsByDhcp hms_by_dhcp = HmsByDhcp::none;
};

// The world as one device sees it.
struct Ports {
  Clock& clock;
  Resolver& resolver;
  Tunnel& tunnel;
  AcsHttp& http;
  Store& store;
  ConnectionRequests& connection_requests;
  FileTransfer& files;
  Udp& udp;
  stun::Crypto crypto;
  AccessLink* access_link = nullptr;             // null: the outer address is static
  const DiagnosticPorts* diagnostics = nullptr;  // null: tests end with Error_Internal
  GatewayRegistration* gateway = nullptr;        // null: its step is left out
};

// What the network around the device does that the device itself knows nothing of.
struct NetworkAround {
  std::map<std::string, IpAddress> hosts{};    // names that need no DNS: where an ACS of the user's own is found
  std::string connection_request_authority{};  // host:port at which others reach the device; "": its own address
};

inline constexpr std::size_t kMaxDeviceRequests = 64;  // that wait for a session

struct ScheduledInform {
  WallTime at;
  std::string command_key;
};

// What a device boots: it has room for two images, and writes the one that does not run.
struct Software {
  std::array<std::string, 2> images{};  // versions; "": the factory's in the first, none in the second
  unsigned boots = 0;                   // which of them, at the next power-up
  unsigned runs = 0;
  std::string told{};  // the version that ran when SoftwareVersion was noted last; "": since the factory
};

// What the device says of its configuration file in DeviceInfo.VendorConfigFile.
struct ConfigurationNote {
  std::string version{};
  std::string date{};  // dateTime; "": it has not been given one
  std::string description{};
};

// Everything a procedure works on. It outlives the procedures that run on it.
struct Context {
  const config::Profile& profile;
  FactorySettings factory;
  Path outer;  // the device's place in the access network; its source is 0.0.0.0 as long as DHCP has given none
  NetworkAround surroundings;
  Ports ports;
  datamodel::DataModel& model;
  cwmp::EventQueue& events;
  StepLog& steps;
  std::mt19937_64& random;
  alarms::FaultManagement& alarms;
  NonVolatile memory;
  cwmp::Notifications notifications{model};
  DeviceLog log{ports.clock};
  Software software{};
  ConfigurationNote configuration{};
  std::string bootstrapped_url{};          // the ACS that has heard this device's `0 BOOTSTRAP`
  std::vector<std::string> reboot_keys{};  // CommandKeys of the Reboots that the ACS asked for, until it is done
  // In the order of their time; what is due is an event (TR-069 A.4.1.2).
  std::vector<ScheduledInform> scheduled_informs{};
  std::deque<cwmp::Body> requests{};         // of the device, for the next session (TR-069 A.3.1, A.4.2)
  std::string silent_towards{};              // the operator that this device has left, by its domain; "" if none
  cwmp::Effects asked{};                     // by the ACS in the last session, to be done now that it is over
  cwmp::Transfers transfers{};               // what the device has to transfer, and to tell of transfers
  cwmp::DeploymentUnits deployment_units{};  // what the device has to tell of ChangeDUStates
  cwmp::Options options{};                   // that vouchers have set
  std::string storage{};                     // directory for files on their way
  bool in_session = false;
  std::function<void()> on_session_end{};
  unsigned failed_sessions = 0;  // RetryCount of the next Inform (TR-069 3.2.1.1)
  Seconds retry_after{0};        // what the ACS asked for when it refused the last session (HTTP 503)
  Deadline powered_at{};         // when the device was last switched on, in its own time
  unsigned sessions = 0;         // since then
  bool has_time_client = false;  // NTP servers are configured: a session says nothing of the time
  bool knows_time = false;       // since power-up: one session has ended well, or a server has answered

  // The value at the profile's place for `role`; "" if the profile has no such place.
  std::string value_of(std::string_view role) const { return model.value(profile.path(role)).value_or(""); }
  // The device's own write there; nothing happens if the profile has no such place.
  void set_value_of(std::string_view role, std::string_view value) {
    const auto path = profile.path(role);
    if (!path.empty()) model.update(path, value);
  }
};

// TR-069 3.7.1.5: the next Inform is the first that this ACS hears. Whatever else was to be told goes.
void bootstrap(Context& context);

// Commits what the device must not forget: done before the ACS is told that it is done.
Task<Result<>> remember(Context& context);
// The way back, at power-up. Gives the keys that had no place.
std::vector<std::string> recall(Context& context, const Memory& memory);

// How long one attempt at a step may take before it counts as failed.
struct Deadlines {
  static constexpr Seconds dhcp{30};
  static constexpr Seconds dns{10};
  static constexpr Seconds tunnel{30};
  static constexpr Seconds gateway{30};
  static constexpr Seconds release{3};
  static constexpr Seconds http{60};  // TR-069 3.7.2.4: the CPE waits at least 30 s for a response
};

}  // namespace hnbemu::procedures
