#include "fleet/operator_network.h"

#include <sys/socket.h>

#include <algorithm>
#include <filesystem>

#include "base/url.h"

namespace hnbemu::fleet {
namespace {

constexpr std::uint16_t kHmsPort = 7547;  // CWMP's, by IANA
constexpr const char* kInitialHms = "https://hms-initial.operator.example:7547/cwmp";

lab::CertificateFault fault_of(const std::string& name) {
  if (name == "other-name") return lab::CertificateFault::other_name;
  if (name == "other-authority") return lab::CertificateFault::other_authority;
  if (name == "expired") return lab::CertificateFault::expired;
  return lab::CertificateFault::none;
}

// Whether the device's way to its HMS goes through the lab's SeGW.
bool is_behind_lab(const config::DeviceConfig& device, const config::LabSettings& lab) {
  const auto& segw = device.initial_hms.empty() ? device.serving_segw : device.initial_segw;
  return segw == lab.serving_segw || segw == "segw-initial.operator.example" ||
         std::ranges::any_of(lab.more_segws, [&](const auto& more) { return more.name == segw; });
}

// The server is there when somebody may ask it.
lab::DhcpSettings dhcp_settings(const config::Fleet& fleet) {
  const auto& options = fleet.lab.dhcp;
  lab::DhcpSettings settings;
  if (std::ranges::any_of(fleet.devices, &config::DeviceConfig::outer_by_dhcp)) settings.devices = fleet.devices.size();
  settings.lease = Seconds{options.lease_s};
  settings.acs_url = options.acs_url.value_or(fleet.acs ? fleet.acs->url : kInitialHms);
  settings.provisioning_code = options.provisioning_code;
  const auto given = [](std::int64_t number) {
    return number == 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
  };
  settings.retry_minimum_wait_interval = given(options.retry_minimum_wait_interval);
  settings.retry_interval_multiplier = given(options.retry_interval_multiplier);
  return settings;
}

Result<lab::LabConfig> lab_config(const config::Fleet& fleet, std::string state_directory) {
  const auto& settings = fleet.lab;
  const auto serving_hms = Url::parse(settings.serving_hms);
  if (!serving_hms) return tl::unexpected(serving_hms.error());
  lab::LabConfig config;
  config.state_directory = std::move(state_directory);
  config.has_hmss = !fleet.acs;
  config.has_segws = !fleet.acs || std::ranges::any_of(fleet.devices, [&](const auto& device) {
    return is_behind_lab(device, settings);
  });
  config.core_leads_out = fleet.uplink;
  config.hosts = settings.hosts;
  config.dhcp = dhcp_settings(fleet);
  config.has_ntp = settings.ntp;
  config.device_pool = settings.outer_pool;
  config.inner_pool = settings.inner_pool;
  config.spare_inner_pool = settings.spare_inner_pool;
  config.initial_hms.is_public = settings.initial_hms_public;
  config.serving_hms.is_public = settings.serving_hms_public;
  config.serving_is_initial = settings.serving_is_initial;
  config.serving_segw.name = settings.serving_segw;
  config.serving_hms.name = serving_hms->host;
  for (const auto& server : settings.more_segws) {
    config.more_segws.push_back({server.name, fault_of(server.certificate), server.silent, server.in_dns});
  }
  for (const auto& server : settings.more_hmss) {
    config.more_hmss.push_back({server.name, false, fault_of(server.certificate), server.in_dns});
  }
  return config;
}

// The Serving HMS takes measurement files itself, where the fleet wants any.
hms::ProvisioningRule measured(hms::ProvisioningRule rule, const config::LabSettings& settings) {
  auto url = Url::parse(settings.serving_is_initial ? kInitialHms : settings.serving_hms);
  if (settings.pm_interval_s == 0 || !url) return rule;
  url->target = hms::MeasurementFiles::kPath;
  rule.measurement_url = url->to_string();
  rule.measurement_interval = Seconds(settings.pm_interval_s);
  return rule;
}

// TS 32.583 4.2.1.1: the Initial HMS verifies the location and assigns the serving elements.
std::vector<hms::ProvisioningRule> initial_rules(const config::LabSettings& settings, const lab::Lab& lab) {
  std::vector<hms::ProvisioningRule> rules;
  for (const auto& serial : settings.refused_serials) {
    hms::ProvisioningRule refuse;
    refuse.name = "refused";
    refuse.match.serial = serial;
    refuse.refusal = hms::Refusal::cwmp_fault;
    rules.push_back(std::move(refuse));
  }
  const auto role = settings.serving_is_initial ? hms::Role::combined : hms::Role::initial;
  auto assign = hms::default_rule(role);
  assign.serving_segw = lab.serving_segw();
  assign.serving_hms = settings.serving_is_initial ? "" : settings.serving_hms;
  assign.gateway = settings.gateway;
  for (const auto& area : settings.areas) {
    auto rule = assign;
    rule.name = area.name;
    rule.match.location = hms::BoundingBox{area.south, area.north, area.west, area.east};
    if (area.refused) rule.refusal = hms::Refusal::cwmp_fault;
    if (!area.serving_segw.empty()) rule.serving_segw = area.serving_segw;
    if (!area.serving_hms.empty()) rule.serving_hms = area.serving_hms;
    if (!area.gateway.empty()) rule.gateway = area.gateway;
    rules.push_back(measured(std::move(rule), settings));
  }
  rules.push_back(measured(std::move(assign), settings));
  return rules;
}

}  // namespace

Result<std::unique_ptr<OperatorNetwork>> OperatorNetwork::up(const config::Fleet& fleet, std::string state_directory,
                                                             std::string keys_directory) {
  auto config = lab_config(fleet, std::move(state_directory));
  if (!config) return tl::unexpected(config.error());
  config->keys_directory = std::move(keys_directory);
  auto lab = lab::Lab::up(std::move(*config));
  if (!lab) return tl::unexpected(lab.error());
  std::unique_ptr<OperatorNetwork> network(new OperatorNetwork);
  network->lab_ = std::move(*lab);
  auto ready = fleet.acs ? network->open_bridge(fleet) : network->start_hmss(fleet.lab);
  if (!ready) return tl::unexpected(ready.error());
  auto stun = StunService::open(*network->lab_);
  if (!stun) return tl::unexpected(stun.error());
  network->stun_ = std::move(*stun);
  return network;
}

Result<> OperatorNetwork::open_bridge(const config::Fleet& fleet) {
  AcsBridge::Settings settings;
  const auto acs = Url::parse(fleet.acs->url);
  if (!acs) return tl::unexpected(acs.error());
  settings.acs = *acs;
  settings.uplink = fleet.uplink;
  settings.devices = fleet.devices.size();
  for (const auto& device : fleet.devices) {
    (is_behind_lab(device, fleet.lab) ? settings.over_core : settings.over_wan) = true;
  }
  auto bridge = AcsBridge::open(*lab_, settings);
  if (!bridge) return tl::unexpected(bridge.error());
  bridge_ = std::move(*bridge);
  return {};
}

std::unique_ptr<hms::Hms> OperatorNetwork::make_hms(hms::Role role, std::vector<hms::ProvisioningRule> rules) const {
  hms::Config config;
  config.role = role;
  config.rules = std::move(rules);
  config.client_certificate_required = true;
  config.measurement_files = measurement_files_.get();
  return std::make_unique<hms::Hms>(std::move(config));
}

Result<> OperatorNetwork::start_hmss(const config::LabSettings& settings) {
  const bool combined = settings.serving_is_initial;
  const auto directory = lab_->config().state_directory + "/measurements";
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail_errno("mkdir " + directory, error.value());
  measurement_files_ = std::make_unique<hms::MeasurementFiles>(directory);
  initial_ = make_hms(combined ? hms::Role::combined : hms::Role::initial, initial_rules(settings, *lab_));
  if (!combined) serving_ = make_hms(hms::Role::serving, {measured(hms::default_rule(hms::Role::serving), settings)});

  for (const auto& server : settings.more_hmss) {
    if (server.serves)
      more_serving_[server.name] =
          make_hms(hms::Role::serving, {measured(hms::default_rule(hms::Role::serving), settings)});
  }

  std::vector<hms::Listener> listeners;
  for (const auto& site : lab_->hmss()) {
    std::vector<std::pair<const netns::Namespace*, IpAddress>> places{{&lab_->core(), site.address}};
    if (site.public_address) places.emplace_back(&lab_->wan(), *site.public_address);
    for (const auto& [home, address] : places) {
      auto socket = netns::socket_in(*home, AF_INET, SOCK_STREAM);
      if (!socket) return tl::unexpected(socket.error());
      auto listening = hms::listen_on(address, kHmsPort, std::move(*socket));
      if (!listening) return tl::unexpected(listening.error());
      hms::TlsConfig tls{site.credential.certificate, site.credential.private_key,
                         lab_->pki().manufacturer.certificate()};
      listeners.push_back({std::move(*listening), &hms_at(site.name), std::move(tls)});
    }
  }
  auto server = hms::Server::start(std::move(listeners));
  if (!server) return tl::unexpected(server.error());
  server_ = std::move(*server);
  return {};
}

hms::Hms& OperatorNetwork::hms_at(const std::string& host) const {
  const auto more = more_serving_.find(host);
  if (more != more_serving_.end()) return *more->second;
  return serving_ && host == lab_->serving_hms() ? *serving_ : *initial_;
}

Result<> OperatorNetwork::ask(const std::string& url, const std::string& device, cwmp::Body request) {
  const auto parsed = Url::parse(url);
  const auto& sites = lab_->hmss();
  const bool ours = parsed && initial_ && std::ranges::find(sites, parsed->host, &lab::HmsSite::name) != sites.end();
  if (!ours)
    return fail(Cause::configuration, fmt::format("'{}' is none of the lab's HMSs: have that one ask the device", url));
  return hms_at(parsed->host).enqueue(device, std::move(request));
}

std::vector<OperatorNetwork::Site> OperatorNetwork::sites() {
  const auto& addresses = lab_->addresses();
  std::vector<Site> sites{{"DNS", "outer", addresses.outer_dns()}, {"DNS", "inner", addresses.inner_dns()}};
  sites.push_back({"STUN", lab::kStunName, addresses.stun_in_wan()});
  const auto segws = lab::segws_of(lab_->config());
  for (std::size_t i = 0; i < segws.size(); ++i) {
    sites.push_back({"SeGW", segws[i].name, addresses.segw(i).wan.host, segws[i].silent ? "silent" : "running"});
  }
  for (const auto& hms : lab_->hmss()) {
    sites.push_back({"HMS", hms.name, hms.address});
    if (hms.public_address) sites.push_back({"HMS", hms.name, *hms.public_address});
  }
  for (const auto& ended : lab_->ended()) {
    const auto is_it = [&](const Site& site) { return site.role == ended.role && site.name == ended.name; };
    if (const auto site = std::ranges::find_if(sites, is_it); site != sites.end()) site->state = "ended";
  }
  return sites;
}

std::vector<std::string> OperatorNetwork::violations() const {
  std::vector<std::string> lines;
  std::vector<const hms::Hms*> all{initial_.get(), serving_.get()};
  for (const auto& [host, hms] : more_serving_) all.push_back(hms.get());
  for (const auto* const hms : all) {
    if (hms == nullptr) continue;
    for (const auto& violation : hms->journal().violations()) lines.push_back(violation.to_string());
  }
  return lines;
}

std::vector<std::string> OperatorNetwork::measurement_files() const {
  return measurement_files_ ? measurement_files_->names() : std::vector<std::string>{};
}

}  // namespace hnbemu::fleet
