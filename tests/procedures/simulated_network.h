#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <string>
#include <vector>

#include "device/device.h"
#include "doubles/memory_store.h"
#include "doubles/scripted_access_link.h"
#include "doubles/scripted_acs.h"
#include "doubles/scripted_connection_requests.h"
#include "doubles/scripted_diagnostics.h"
#include "doubles/scripted_file_transfer.h"
#include "doubles/scripted_gateway.h"
#include "doubles/scripted_ports.h"
#include "doubles/scripted_udp.h"
#include "doubles/simulated_clock.h"

namespace hnbemu {

inline constexpr const char* kInitialSegw = "segw-initial.operator.example";
inline constexpr const char* kServingSegw = "segw-serving.operator.example";
inline constexpr const char* kInitialHms = "hms-initial.operator.example";
inline constexpr const char* kServingHms = "hms-serving.operator.example";
inline constexpr Seconds kEnough{5};       // to come into service: all ports answer within milliseconds
inline constexpr Seconds kFirstRetry{11};  // TR-069 3.2.1.1: 5 to 10 s after the first failure

// One device of a shipped profile in a network of scripted ports, on a simulated clock.
class SimulatedNetwork {
 public:
  explicit SimulatedNetwork(const std::string& profile, const config::Quirks& quirks = {});
  // The device loses its power at once; it comes back with nothing but what it had committed.
  void lose_power();
  ~SimulatedNetwork();

  void run_for(Millis time) { clock.run_for(time); }
  void start() {
    boost::asio::post(io, [this] { device->start([this] { ++finished; }); });
  }
  // What the Initial HMS sets: empty texts are left out.
  void assign(const std::string& segw, const std::string& hms_url);
  void provision(doubles::ScriptedAcs::Host& host);
  std::vector<std::string> step_ids() const;  // "5.1.1/2.3": of the procedure's steps that succeeded
  // What an HMS heard, without those that only tell that the cell went on or off the air.
  static std::vector<cwmp::Inform> informs(const doubles::ScriptedAcs::Host& host);
  device::State state() const { return device->status().state; }
  std::string value(std::string_view role) { return device->model().value(profile.path(role)).value_or("(none)"); }
  doubles::ScriptedAcs::Host& initial() { return http.host(kInitialHms); }
  doubles::ScriptedAcs::Host& serving() { return http.host(kServingHms); }

  boost::asio::io_context io;
  doubles::SimulatedClock clock{io};
  doubles::PortCalls calls;
  doubles::ScriptedResolver resolver{clock, calls};
  doubles::ScriptedTunnel tunnel{clock, calls};
  doubles::ScriptedAcs http{clock, calls};
  doubles::MemoryStore store;
  doubles::ScriptedConnectionRequests connection_requests;
  doubles::ScriptedFileTransfer files{clock};
  FileTransfer* other_files = nullptr;  // instead of `files`
  doubles::ScriptedUdp udp{io.get_executor(), clock};
  doubles::ScriptedAccessLink access_link{io.get_executor(), clock};
  doubles::ScriptedDiagnostics diagnostics{clock};
  doubles::ScriptedGateway gateway{clock, calls};
  config::Profile profile;
  std::unique_ptr<device::Device> device;
  int finished = 0;
  std::shared_ptr<const config::RadioMap> radio_map;  // null: a few cells are made up

  std::string measurement_files;  // directory; "": the device measures nothing
  std::uint64_t seed = 7;
  device::SelfFacts self{};
  bool by_dhcp = false;  // the outer address: by `access_link`
  procedures::FactorySettings factory{kInitialSegw, fmt::format("https://{}:7547/cwmp", kInitialHms)};

  // A fresh one, of `profile`, `radio_map`, `seed`, `self`, `factory` and what is in `store` now.
  void make_device();
};

std::vector<std::string> event_codes(const cwmp::Inform& inform);

}  // namespace hnbemu
