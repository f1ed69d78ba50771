#include "fleet/unit.h"

#include <filesystem>

#include "fleet/device_facts.h"
#include "httpauth/hmac.h"

namespace hnbemu::fleet {
namespace {

procedures::FactorySettings factory_settings(const config::DeviceConfig& config) {
  procedures::FactorySettings factory{config.initial_segw, config.initial_hms, config.serving_segw, config.serving_hms};
  using procedures::HmsByDhcp;
  if (factory.initial_hms == config::kByDhcp) {
    factory.initial_hms.clear();
    factory.hms_by_dhcp = HmsByDhcp::initial;
  }
  if (factory.serving_hms == config::kByDhcp) {
    factory.serving_hms.clear();
    factory.hms_by_dhcp = HmsByDhcp::serving;
  }
  return factory;
}

}  // namespace

Result<std::unique_ptr<Unit>> Unit::make(const Surroundings& around, const config::DeviceConfig& config,
                                         const ProfileModel& profile) {
  std::error_code error;
  for (const auto& directory : {around.directory, around.measurement_files}) {
    std::filesystem::create_directories(directory, error);
    if (error) return fail_errno("mkdir " + directory, error.value());
  }
  auto& lab = around.network.lab();
  auto memory = around.memory.load(config.id);
  if (!memory) return tl::unexpected(memory.error());
  auto credentials = credentials_of(config, lab.pki(), around.acs_ca);
  if (!credentials) return tl::unexpected(credentials.error());
  auto home = netns::Namespace::create();
  if (!home) return tl::unexpected(home.error());
  std::unique_ptr<Unit> unit(new Unit(std::move(*home), around.time_scale));
  const auto nat = config.nat ? std::optional(lab::Nat{Seconds(config.nat->udp_lifetime_s)}) : std::nullopt;
  const auto attached = lab.attach(config.id, unit->home_, {nat, config.outer_by_dhcp});
  if (!attached) return tl::unexpected(attached.error());
  auto model = factory_model(config, profile, attached->outer.source);
  if (!model) return tl::unexpected(model.error());
  if (auto* const bridge = around.network.bridge(); bridge != nullptr && config.serving_segw.empty()) {
    bridge->learn(around.index, attached->public_address, false);
  }

  auto setup = unit->setup_of(around, config, profile, *attached);
  setup.memory = std::move(*memory);
  setup.self = {expiry_of(credentials->tls.certificate), storage_facts(around.directory)};
  unit->make_adapters(around, config, *attached, std::move(*credentials));
  unit->device_ = std::make_unique<device::Device>(around.executor, std::move(setup), unit->ports(), std::move(*model));
  unit->tunnel_->on_sas([&live = unit->device_->live()](auto sas) { live.show_tunnels(std::move(sas)); });
  return unit;
}

void Unit::make_adapters(const Surroundings& around, const config::DeviceConfig& config,
                         const lab::Attachment& attached, Credentials credentials) {
  const auto& executor = around.executor;
  resolver_ = std::make_unique<dns::CaresResolver>(executor, home_);
  files_ = std::make_unique<file_transfer::CurlFileTransfer>(executor, home_, credentials.tls);
  http_ = std::make_unique<http::CurlAcsHttp>(executor, home_, std::move(credentials.tls));
  tunnel_ = std::make_unique<ipsec::IkeTunnel>(executor, home_, around.directory, attached.outer.source, around.esp,
                                               std::move(credentials.ike));
  store_ = around.memory.store_of(executor, config.id);
  traced_resolver_ = std::make_unique<TracedResolver>(*resolver_, around.trace);
  traced_http_ = std::make_unique<TracedAcsHttp>(*http_, around.trace);
  traced_tunnel_ = std::make_unique<TracedTunnel>(
      *tunnel_, around.trace, [bridge = around.network.bridge(), index = around.index](const IpAddress& inner) {
        if (bridge != nullptr) bridge->learn(index, inner, true);
      });
  traced_files_ = std::make_unique<TracedFileTransfer>(*files_, around.trace);
  connection_requests_ = std::make_unique<connection_requests::HttpConnectionRequests>(executor, home_);
  udp_ = std::make_unique<udp::DeviceUdp>(executor, home_);
  diagnostics_ = std::make_unique<DiagnosticAdapters>(executor, home_);
  if (!config.outer_by_dhcp) return;
  access_link_ = std::make_unique<access::DeviceAccessLink>(executor, home_, attached.interface, attached.mac);
  traced_access_link_ = std::make_unique<TracedAccessLink>(*access_link_, around.trace);
}

device::Setup Unit::setup_of(const Surroundings& around, const config::DeviceConfig& config,
                             const ProfileModel& profile, const lab::Attachment& attached) {
  device::Setup setup;
  setup.id = config.id;
  setup.profile = profile_of(config, profile.profile);
  setup.factory = factory_settings(config);
  if (auto* const bridge = around.network.bridge()) {
    const bool tunnelled = !config.serving_segw.empty();
    // Behind a NAT a device knows of no way to it: it tells its own address.
    const bool hidden = config.nat && !tunnelled;
    setup.surroundings = {bridge->hosts(tunnelled), hidden ? "" : bridge->authority(around.index)};
  }
  setup.outer = attached.outer;
  setup.seed = config.seed;
  setup.position = config.location.value_or(config::Location{});
  setup.radio_map = around.radio_map;
  setup.storage = around.directory;
  setup.plan = profile.plan;
  setup.measurements = profile.measurements;
  setup.measurement_files = around.measurement_files;
  setup.fields = fields_of(config, setup.profile, attached.outer.source);
  setup.fields["index"] = fmt::to_string(around.index + 1);
  setup.facts = facts_of(home_, clock_, attached.interface, [this] { return ike_daemon(); });
  setup.facts.outer_address = attached.outer.source;
  return setup;
}

procedures::Ports Unit::ports() {
  return {clock_,
          *traced_resolver_,
          *traced_tunnel_,
          *traced_http_,
          *store_,
          *connection_requests_,
          *traced_files_,
          *udp_,
          {httpauth::hmac_sha1, httpauth::md5},
          traced_access_link_.get(),
          &diagnostics_->ports};
}

bool Unit::renew_tunnels(ipsec::IkeTunnel::Renewal how) {
  bool any = false;
  for (const auto* const name : {procedures::kInitialTunnel, procedures::kServingTunnel}) {
    any = tunnel_->renew(name, how) || any;
  }
  return any;
}

}  // namespace hnbemu::fleet
