#pragma once

#include <memory>
#include <string>

#include "adapters/access/device_access_link.h"
#include "adapters/clock/steady_clock.h"
#include "adapters/connection_requests/http_connection_requests.h"
#include "adapters/dns/cares_lookup.h"
#include "adapters/dns/cares_resolver.h"
#include "adapters/file_transfer/curl_file_transfer.h"
#include "adapters/http/curl_acs_http.h"
#include "adapters/icmp/icmp_echo.h"
#include "adapters/ipsec/ike_tunnel.h"
#include "adapters/store/database.h"
#include "adapters/throughput/curl_throughput.h"
#include "adapters/udp/device_udp.h"
#include "config/fleet.h"
#include "device/device.h"
#include "fleet/credentials.h"
#include "fleet/factory_model.h"
#include "fleet/operator_network.h"
#include "fleet/traced_ports.h"

namespace hnbemu::fleet {

// What a device is put into.
struct Surroundings {
  boost::asio::any_io_executor executor;
  OperatorNetwork& network;
  std::size_t index;  // of the device in its fleet
  store::Database& memory;
  ipsec::EspBackend esp;
  unsigned time_scale;
  std::string acs_ca;                                 // file; empty: the operator's root
  std::string directory;                              // of the device's own; made
  std::string measurement_files;                      // of its own too, for longer than the fleet's run
  std::shared_ptr<const config::RadioMap> radio_map;  // null: none
  TraceSink trace;
};

// The ports of a device's tests, made real.
struct DiagnosticAdapters {
  DiagnosticAdapters(const boost::asio::any_io_executor& executor, const netns::Namespace& home)
      : echo(executor, home), lookup(executor, home), throughput(executor, home), udp(executor, home) {}

  icmp::IcmpEcho echo;
  dns::CaresLookup lookup;
  throughput::CurlThroughput throughput;
  udp::DeviceUdp udp;
  DiagnosticPorts ports{echo, lookup, throughput, udp};
};

// A device with its place in the network and its ports made real.
class Unit {
 public:
  // Makes the namespace and joins it to the lab; blocks for some milliseconds.
  static Result<std::unique_ptr<Unit>> make(const Surroundings& around, const config::DeviceConfig& config,
                                            const ProfileModel& profile);
  device::Device& device() { return *device_; }
  const netns::Namespace& home() const { return home_; }
  // Its tunnels' SAs, as it happens by itself when their time has come. False if none is up.
  bool renew_tunnels(ipsec::IkeTunnel::Renewal how);
  pid_t ike_daemon() const { return tunnel_->daemon(); }  // 0: none

 private:
  Unit(netns::Namespace home, unsigned time_scale) : home_(std::move(home)), clock_(time_scale) {}
  void make_adapters(const Surroundings& around, const config::DeviceConfig& config, const lab::Attachment& attached,
                     Credentials credentials);
  device::Setup setup_of(const Surroundings& around, const config::DeviceConfig& config, const ProfileModel& profile,
                         const lab::Attachment& attached);
  procedures::Ports ports();

  netns::Namespace home_;
  SteadyClock clock_;
  std::unique_ptr<dns::CaresResolver> resolver_;
  std::unique_ptr<http::CurlAcsHttp> http_;
  std::unique_ptr<ipsec::IkeTunnel> tunnel_;
  std::unique_ptr<file_transfer::CurlFileTransfer> files_;
  std::unique_ptr<access::DeviceAccessLink> access_link_;  // null: the outer address is static
  std::unique_ptr<TracedAccessLink> traced_access_link_;
  std::unique_ptr<TracedResolver> traced_resolver_;
  std::unique_ptr<TracedAcsHttp> traced_http_;
  std::unique_ptr<TracedTunnel> traced_tunnel_;
  std::unique_ptr<TracedFileTransfer> traced_files_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<connection_requests::HttpConnectionRequests> connection_requests_;
  std::unique_ptr<udp::DeviceUdp> udp_;
  std::unique_ptr<DiagnosticAdapters> diagnostics_;
  std::unique_ptr<device::Device> device_;
};

}  // namespace hnbemu::fleet
