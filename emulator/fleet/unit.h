#pragma once

#include <memory>
#include <string>

#include "adapters/clock/steady_clock.h"
#include "adapters/dns/cares_resolver.h"
#include "adapters/http/curl_acs_http.h"
#include "adapters/ipsec/ike_tunnel.h"
#include "config/fleet.h"
#include "device/device.h"
#include "lab/lab.h"

namespace hnbemu::fleet {

// What all devices of one profile share.
struct ProfileModel {
  config::Profile profile;
  std::shared_ptr<const datamodel::Model> model;
};

// A device with its place in the network and its ports made real.
class Unit {
 public:
  // Makes the namespace and joins it to the lab; blocks for some milliseconds. `directory` is made.
  static Result<std::unique_ptr<Unit>> make(boost::asio::any_io_executor executor, const config::DeviceConfig& config,
                                            const ProfileModel& profile, lab::Lab& lab, ipsec::EspBackend esp,
                                            std::string directory);
  device::Device& device() { return *device_; }

 private:
  explicit Unit(netns::Namespace home) : home_(std::move(home)) {}

  netns::Namespace home_;
  SteadyClock clock_;
  std::unique_ptr<dns::CaresResolver> resolver_;
  std::unique_ptr<http::CurlAcsHttp> http_;
  std::unique_ptr<ipsec::IkeTunnel> tunnel_;
  std::unique_ptr<device::Device> device_;
};

}  // namespace hnbemu::fleet
