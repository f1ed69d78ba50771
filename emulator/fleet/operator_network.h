#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/fleet.h"
#include "fleet/acs_bridge.h"
#include "fleet/stun_service.h"
#include "hms/hms.h"
#include "hms/server.h"
#include "lab/lab.h"

namespace hnbemu::fleet {

// The lab with its reference HMSs at work in `core`: an operator for a fleet to come into service with.
class OperatorNetwork {
 public:
  static Result<std::unique_ptr<OperatorNetwork>> up(const config::Fleet& fleet, std::string state_directory,
                                                     std::string keys_directory);

  struct Site {
    std::string_view role;  // "SeGW", "HMS", "DNS"
    std::string name;
    IpAddress address;
    std::string_view state = "running";  // or "silent", as the fleet has it, or "ended"
  };

  lab::Lab& lab() { return *lab_; }
  AcsBridge* bridge() { return bridge_.get(); }  // null without an ACS of the user's own
  StunService& stun() { return *stun_; }
  std::vector<Site> sites();
  // Puts a request of the HMS that serves at `url` before the device's next session there. Errors: configuration (it is
  // none of the lab's), resources.
  Result<> ask(const std::string& url, const std::string& device, cwmp::Body request);
  // Breaches of TR-069 that the HMSs have recorded, one line each.
  std::vector<std::string> violations() const;
  // Names of the measurement files that the HMSs have received.
  std::vector<std::string> measurement_files() const;

 private:
  OperatorNetwork() = default;
  Result<> open_bridge(const config::Fleet& fleet);
  Result<> start_hmss(const config::LabSettings& settings);
  hms::Hms& hms_at(const std::string& host) const;
  std::unique_ptr<hms::Hms> make_hms(hms::Role role, std::vector<hms::ProvisioningRule> rules) const;

  std::unique_ptr<lab::Lab> lab_;
  std::unique_ptr<AcsBridge> bridge_;
  std::unique_ptr<StunService> stun_;
  std::unique_ptr<hms::MeasurementFiles> measurement_files_;       // null with an ACS of the user's own
  std::unique_ptr<hms::Hms> initial_;                              // null with an ACS of the user's own
  std::unique_ptr<hms::Hms> serving_;                              // null where the initial one serves
  std::map<std::string, std::unique_ptr<hms::Hms>> more_serving_;  // by the host's name
  std::unique_ptr<hms::Server> server_;
};

}  // namespace hnbemu::fleet
