#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "hms/fap_model.h"
#include "hms/session.h"

// What the HMS does with a device: the first rule that matches its Inform says it.
namespace hnbemu::hms {

enum class Role : std::uint8_t {
  initial,   // TS 32.583 5.1.1 steps 5 to 7, TS 32.593 5.1.2.2 steps 2.2 to 3.2
  serving,   // TS 32.583 5.2.1 steps 5.2 to 5.4, TS 32.593 5.1.3 steps 1.2 to 2.2
  combined,  // both in one session: the Serving HMS is the same entity (TS 32.583 5.1.1 step 7)
};

// Degrees; the edges belong to it.
struct BoundingBox {
  double south = -90;
  double north = 90;
  double west = -180;
  double east = 180;
  bool contains(const Position& position) const;
};

struct Match {
  std::string oui = "*";  // globs of *, ?
  std::string product_class = "*";
  std::string serial = "*";
  std::optional<Root> root;
  std::optional<BoundingBox> location;  // a device without a position is in no box
};

// How a device is kept out (TS 32.583 4.2.1.1). In each case it gets no serving elements and stays out of service.
enum class Refusal : std::uint8_t {
  none,
  cwmp_fault,           // the Inform is answered by a SOAP fault, 8001 request denied
  http_status,          // … by HTTP 403
  no_serving_elements,  // the session goes well, but nothing is set
};

struct Setting {
  std::string name;  // may hold {root} {service} {control} {gateway} {management_server}
  std::string value;
  std::string type = "xsd:string";
};

struct ProvisioningRule {
  std::string name = "default";
  Match match;
  Refusal refusal = Refusal::none;
  std::string refusal_text = "this location is not served";

  std::string serving_segw;  // empty: not set
  std::string serving_hms;   // URL
  std::string gateway;       // HNB-GW or MME
  std::optional<bool> admin_state;
  std::optional<Seconds> periodic_inform_interval;
  std::string measurement_url;  // where measurement files go; empty: not set
  Seconds measurement_interval{900};
  bool alarms = false;  // wants to hear of expedited events at once, of queued ones in the next session
  std::vector<Setting> set;
  std::vector<std::string> get;  // read before setting
  std::string parameter_key = "hms-1";
};

inline constexpr std::size_t kMaxRules = 1000;
inline constexpr std::size_t kMaxGlobLength = 128;

bool glob_matches(std::string_view glob, std::string_view text);
bool matches(const Match& match, const cwmp::Inform& inform, const FapModel& model);

// The rule that serves every device.
ProvisioningRule default_rule(Role role);

// The requests of a session. `fresh`: the device has not been provisioned here since its `0 BOOTSTRAP`; another session
// only reads its states.
std::vector<cwmp::Body> requests_of(const ProvisioningRule& rule, Role role, const FapModel& model, bool fresh);

// Whether a device is provisioned even where it answers this request of requests_of() by a fault: it may lack the
// object.
bool may_fail(const cwmp::Body& request);

// The refusal that a rule states, or its requests.
Decision decide(const ProvisioningRule& rule, Role role, const FapModel& model, bool fresh);

}  // namespace hnbemu::hms
