#include "fleet/unit.h"

#include <filesystem>

#include "fleet/credentials.h"
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

Result<std::unique_ptr<Unit>> Unit::make(Surroundings around, const config::DeviceConfig& config,
                                         const ProfileModel& profile) {
  std::error_code error;
  for (const auto& directory : {around.directory, around.measurement_files}) {
    std::filesystem::create_directories(directory, error);
    if (error) return fail_errno("mkdir " + directory, error.value());
  }
  auto& lab = around.network.lab();
  auto* const bridge = around.network.bridge();
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
  const auto& executor = around.executor;
  device::SelfFacts self{expiry_of(credentials->tls.certificate), storage_facts(around.directory)};
  unit->resolver_ = std::make_unique<dns::CaresResolver>(executor, unit->home_);
  unit->files_ = std::make_unique<file_transfer::CurlFileTransfer>(executor, unit->home_, credentials->tls);
  unit->http_ = std::make_unique<http::CurlAcsHttp>(executor, unit->home_, std::move(credentials->tls));
  const auto storage = around.directory;
  unit->tunnel_ = std::make_unique<ipsec::IkeTunnel>(executor, unit->home_, std::move(around.directory),
                                                     attached->outer.source, around.esp, std::move(credentials->ike));
  unit->store_ = around.memory.store_of(executor, config.id);
  unit->traced_resolver_ = std::make_unique<TracedResolver>(*unit->resolver_, around.trace);
  unit->traced_http_ = std::make_unique<TracedAcsHttp>(*unit->http_, around.trace);
  unit->traced_tunnel_ = std::make_unique<TracedTunnel>(*unit->tunnel_, around.trace,
                                                        [bridge, index = around.index](const IpAddress& inner) {
                                                          if (bridge != nullptr) bridge->learn(index, inner, true);
                                                        });
  unit->traced_files_ = std::make_unique<TracedFileTransfer>(*unit->files_, around.trace);
  unit->connection_requests_ = std::make_unique<connection_requests::HttpConnectionRequests>(executor, unit->home_);
  unit->udp_ = std::make_unique<udp::DeviceUdp>(executor, unit->home_);
  if (config.outer_by_dhcp) {
    unit->access_link_ =
        std::make_unique<access::DeviceAccessLink>(executor, unit->home_, attached->interface, attached->mac);
    unit->traced_access_link_ = std::make_unique<TracedAccessLink>(*unit->access_link_, around.trace);
  }
  device::Setup setup;
  setup.id = config.id;
  setup.profile = profile_of(config, profile.profile);
  setup.factory = factory_settings(config);
  if (bridge != nullptr) {
    const bool tunnelled = !config.serving_segw.empty();
    if (!tunnelled) bridge->learn(around.index, attached->public_address, false);
    // Behind a NAT a device knows of no way to it: it tells its own address.
    const bool hidden = nat && !tunnelled;
    setup.surroundings = {bridge->hosts(tunnelled), hidden ? "" : bridge->authority(around.index)};
  }
  setup.outer = attached->outer;
  setup.seed = config.seed;
  setup.position = config.location.value_or(config::Location{});
  setup.radio_map = std::move(around.radio_map);
  setup.storage = storage;
  setup.memory = std::move(*memory);
  setup.plan = profile.plan;
  setup.measurements = profile.measurements;
  setup.measurement_files = std::move(around.measurement_files);
  setup.fields = fields_of(config, setup.profile, attached->outer.source);
  setup.fields["index"] = fmt::to_string(around.index + 1);
  setup.facts = facts_of(unit->home_, unit->clock_, attached->interface, [&unit = *unit] { return unit.ike_daemon(); });
  setup.facts.outer_address = attached->outer.source;
  setup.self = std::move(self);
  unit->diagnostics_ = std::make_unique<DiagnosticAdapters>(executor, unit->home_);
  const procedures::Ports ports{unit->clock_,
                                *unit->traced_resolver_,
                                *unit->traced_tunnel_,
                                *unit->traced_http_,
                                *unit->store_,
                                *unit->connection_requests_,
                                *unit->traced_files_,
                                *unit->udp_,
                                {httpauth::hmac_sha1, httpauth::md5},
                                unit->traced_access_link_.get(),
                                &unit->diagnostics_->ports};
  unit->device_ = std::make_unique<device::Device>(executor, std::move(setup), ports, std::move(*model));
  unit->tunnel_->on_sas([&live = unit->device_->live()](auto sas) { live.show_tunnels(std::move(sas)); });
  return unit;
}

bool Unit::renew_tunnels(ipsec::IkeTunnel::Renewal how) {
  bool any = false;
  for (const auto* const name : {procedures::kInitialTunnel, procedures::kServingTunnel}) {
    any = tunnel_->renew(name, how) || any;
  }
  return any;
}

}  // namespace hnbemu::fleet
