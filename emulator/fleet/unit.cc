#include "fleet/unit.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "profile/profile_model.h"

namespace hnbemu::fleet {
namespace {

struct Credentials {
  std::string certificate;
  std::string private_key;
  std::string ca;
};

Result<std::string> read_file(const std::string& name) {
  std::ifstream file(name);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) return fail(Cause::configuration, "cannot read " + name);
  return text.str();
}

// The IKE identity: what the factory certificate names (TS 33.320 7.2.2 asks for an FQDN).
std::string identity_of(const config::DeviceConfig& config) {
  return config.serial + ".device.example";
}

Result<Credentials> credentials_of(const config::DeviceConfig& config, const lab::Lab& lab) {
  const auto& files = config.credentials;
  if (files.certificate.empty()) {
    auto issued = lab.pki().manufacturer.issue(identity_of(config));
    if (!issued) return tl::unexpected(issued.error());
    return Credentials{issued->certificate, issued->private_key, lab.pki().operator_root.certificate()};
  }
  const auto certificate = read_file(files.certificate);
  const auto key = read_file(files.key);
  const auto ca = read_file(files.ca);
  for (const auto* const text : {&certificate, &key, &ca}) {
    if (!*text) return tl::unexpected(text->error());
  }
  return Credentials{*certificate, *key, *ca};
}

config::DeviceFields fields_of(const config::DeviceConfig& config, const Path& outer) {
  const auto location = config.location.value_or(config::Location{});
  return {{"id", config.id},
          {"serial", config.serial},
          {"mac", config.mac},
          {"outer_address", outer.source.to_string()},
          {"latitude_udeg", fmt::to_string(std::llround(location.latitude * 1e6))},
          {"longitude_udeg", fmt::to_string(std::llround(location.longitude * 1e6))}};
}

void set_logins(datamodel::DataModel& model, const config::Profile& profile, const config::DeviceConfig& config) {
  const auto set = [&](std::string_view role, const std::string& value) {
    if (const auto path = profile.path(role); !path.empty()) model.update(path, value);
  };
  set("connection_request_username", config.connection_request.username);
  set("connection_request_password", config.connection_request.password);
  if (!config.acs) return;
  set("acs_username", config.acs->username);
  set("acs_password", config.acs->password);
}

}  // namespace

Result<std::unique_ptr<Unit>> Unit::make(Surroundings around, const config::DeviceConfig& config,
                                         const ProfileModel& profile) {
  std::error_code error;
  std::filesystem::create_directories(around.directory, error);
  if (error) return fail_errno("mkdir " + around.directory, error.value());
  auto& lab = around.network.lab();
  auto* const bridge = around.network.bridge();
  auto memory = around.memory.load(config.id);
  if (!memory) return tl::unexpected(memory.error());
  auto credentials = credentials_of(config, lab);
  if (!credentials) return tl::unexpected(credentials.error());
  auto home = netns::Namespace::create();
  if (!home) return tl::unexpected(home.error());
  std::unique_ptr<Unit> unit(new Unit(std::move(*home)));
  const auto attached = lab.attach(config.id, unit->home_);
  if (!attached) return tl::unexpected(attached.error());

  auto own_profile = profile.profile;
  if (!config.oui.empty()) own_profile.oui = config.oui;
  datamodel::DataModel model(profile.model);
  if (auto filled = profile::fill(model, own_profile, fields_of(config, attached->outer)); !filled) {
    return tl::unexpected(filled.error());
  }
  set_logins(model, own_profile, config);
  const auto& executor = around.executor;
  unit->resolver_ = std::make_unique<dns::CaresResolver>(executor, unit->home_);
  auto trusted = around.acs_ca.empty() ? Result<std::string>(credentials->ca) : read_file(around.acs_ca);
  if (!trusted) return tl::unexpected(trusted.error());
  http::TlsConfig tls{std::move(*trusted), credentials->certificate, credentials->private_key};
  unit->http_ = std::make_unique<http::CurlAcsHttp>(executor, unit->home_, std::move(tls));
  ipsec::IkeConfig ike;
  ike.identity = identity_of(config);
  ike.certificate = credentials->certificate;
  ike.private_key = credentials->private_key;
  ike.trusted_cas = {credentials->ca};
  unit->tunnel_ = std::make_unique<ipsec::IkeTunnel>(executor, unit->home_, std::move(around.directory),
                                                     attached->outer.source, around.esp, std::move(ike));
  unit->store_ = around.memory.store_of(executor, config.id);
  unit->traced_resolver_ = std::make_unique<TracedResolver>(*unit->resolver_, around.trace);
  unit->traced_http_ = std::make_unique<TracedAcsHttp>(*unit->http_, around.trace);
  unit->traced_tunnel_ = std::make_unique<TracedTunnel>(*unit->tunnel_, around.trace,
                                                        [bridge, index = around.index](const IpAddress& inner) {
                                                          if (bridge != nullptr) bridge->learn(index, inner, true);
                                                        });
  unit->connection_requests_ = std::make_unique<connection_requests::HttpConnectionRequests>(executor, unit->home_);
  device::Setup setup;
  setup.id = config.id;
  setup.profile = std::move(own_profile);
  setup.factory = {config.initial_segw, config.initial_hms, config.serving_segw, config.serving_hms};
  if (bridge != nullptr) {
    const bool tunnelled = !config.serving_segw.empty();
    if (!tunnelled) bridge->learn(around.index, attached->outer.source, false);
    setup.surroundings = {bridge->hosts(tunnelled), bridge->authority(around.index)};
  }
  setup.outer = attached->outer;
  setup.seed = config.seed;
  setup.memory = std::move(*memory);
  const procedures::Ports ports{unit->clock_,        *unit->traced_resolver_, *unit->traced_tunnel_,
                                *unit->traced_http_, *unit->store_,           *unit->connection_requests_};
  unit->device_ = std::make_unique<device::Device>(executor, std::move(setup), ports, std::move(model));
  return unit;
}

}  // namespace hnbemu::fleet
