#include "lab/lab.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "netns/home_gateway.h"

namespace hnbemu::lab {
namespace {

constexpr Seconds kStartTimeout{15};
constexpr Seconds kStopGrace{2};
constexpr const char* kDeviceInterface = "wan";
constexpr const char* kHomeInterface = "lan";  // of a gateway
// 192.168.1.2 and .3: the same in every home, since nobody else ever sees it.
const LinkAddresses kHome{IpAddress::v4(0xC0A80102), IpAddress::v4(0xC0A80103)};
constexpr const char* kWanInterfaces = "d*";

std::string wan_interface(std::size_t slot) {
  return fmt::format("d{}", slot);
}

}  // namespace

Result<std::unique_ptr<Lab>> Lab::up(LabConfig config) {
  if (auto good = check_names(config); !good) return tl::unexpected(good.error());
  auto plan = AddressPlan::make(config);
  if (!plan) return tl::unexpected(plan.error());
  if (::access(config.state_directory.c_str(), W_OK | X_OK) != 0) {
    return fail_errno(fmt::format("lab: state directory '{}'", config.state_directory), errno);
  }
  auto pki = config.keys_directory.empty() ? Pki::create() : Pki::load_or_create(config.keys_directory);
  if (!pki) return tl::unexpected(pki.error());
  const auto esp = ipsec::find_esp_backend();
  if (!esp) return tl::unexpected(esp.error());
  std::unique_ptr<Lab> lab(new Lab(std::move(config), *plan, std::move(*pki), *esp));
  if (auto built = lab->build(Deadline::clock::now() + kStartTimeout); !built) return tl::unexpected(built.error());
  return lab;
}

Result<> Lab::build(Deadline deadline) {
  return make_hms_sites()
      .and_then([&] { return make_sites(); })
      .and_then([&] { return start_dns(deadline); })
      .and_then([&] { return start_dhcp(deadline); })
      .and_then([&] { return start_ntp(deadline); })
      .and_then([&] { return start_segws(deadline); });
}

Result<> Lab::make_hms_sites() {
  const auto configs = hmss_of(config_);
  for (std::size_t i = 0; i < configs.size(); ++i) {
    auto credential = pki_.issue_operator(configs[i].name, configs[i].certificate);
    if (!credential) return tl::unexpected(credential.error());
    const auto outside = configs[i].is_public ? std::optional(plan_.public_hms(i)) : std::nullopt;
    hmss_.push_back({configs[i].name, plan_.hms(i), outside, std::move(*credential)});
  }
  return {};
}

Result<> Lab::make_sites() {
  for (auto* const site : {&wan_, &core_}) {
    auto made = Site::create();
    if (!made) return tl::unexpected(made.error());
    site->emplace(std::move(*made));
  }
  const auto add_host = [](Site& site, const IpAddress& address) {
    return site.netlink.add_address("lo", Prefix{address, 32});
  };
  if (auto added = add_host(*wan_, plan_.outer_dns()); !added) return added;
  if (auto added = add_host(*core_, plan_.inner_dns()); !added) return added;
  for (const auto& hms : hmss_) {
    if (auto added = add_host(*core_, hms.address); !added) return added;
    if (!hms.public_address) continue;
    if (auto added = add_host(*wan_, *hms.public_address); !added) return added;
  }
  return {};
}

Result<> Lab::start_dns(Deadline deadline) {
  DnsConfig outer{.label = "outer-dns", .directory = config_.state_directory, .address = plan_.outer_dns()};
  const auto segws = segws_of(config_);
  for (std::size_t i = 0; i < segws.size(); ++i) {
    if (segws[i].in_dns) outer.records.push_back({segws[i].name, plan_.segw(i).wan.host});
  }
  for (const auto& [name, address] : config_.hosts) outer.records.push_back({name, address});
  DnsConfig inner{.label = "inner-dns", .directory = config_.state_directory, .address = plan_.inner_dns()};
  const auto hmss = hmss_of(config_);
  if (config_.has_ntp) {
    outer.records.push_back({kNtpName, plan_.outer_dns()});
    inner.records.push_back({kNtpName, plan_.inner_dns()});
  }
  for (std::size_t i = 0; i < hmss.size(); ++i) {
    if (!hmss[i].in_dns) continue;
    inner.records.push_back({hmss[i].name, plan_.hms(i)});
    if (hmss[i].is_public) outer.records.push_back({hmss[i].name, plan_.public_hms(i)});
  }
  outer.records.push_back({kStunName, plan_.stun_in_wan()});
  inner.records.push_back({kStunName, plan_.stun_in_core()});
  for (const auto& [site, config] : {std::pair(&*wan_, &outer), std::pair(&*core_, &inner)}) {
    auto server = DnsServer::start(site->home, *config, deadline);
    if (!server) return tl::unexpected(server.error());
    dns_servers_.push_back(std::move(*server));
  }
  return {};
}

// A slot's hardware address follows from its address, so the server can know all that may come before they do.
Result<> Lab::start_dhcp(Deadline deadline) {
  if (config_.dhcp.devices == 0) return {};
  DhcpServerConfig config{.label = "outer-dhcp",
                          .directory = config_.state_directory,
                          .interfaces = kWanInterfaces,
                          .pool = config_.device_pool,
                          .dns_server = plan_.outer_dns(),
                          .settings = config_.dhcp};
  for (std::size_t slot = 0; slot < std::min(config_.dhcp.devices, plan_.device_capacity()); ++slot) {
    const auto address = plan_.device(slot).host;
    config.hosts.push_back({netns::mac_for(address), address});
  }
  auto server = DhcpServer::start(wan_->home, config, deadline);
  if (!server) return tl::unexpected(server.error());
  dhcp_server_.emplace(std::move(*server));
  return {};
}

// On the DNS servers' addresses: in `wan` for devices without IPsec, in `core` for those behind a SeGW.
Result<> Lab::start_ntp(Deadline deadline) {
  if (!config_.has_ntp) return {};
  const NtpConfig outer{"outer-ntp", config_.state_directory, plan_.outer_dns()};
  const NtpConfig inner{"inner-ntp", config_.state_directory, plan_.inner_dns()};
  for (const auto& [site, config] : {std::pair(&*wan_, &outer), std::pair(&*core_, &inner)}) {
    auto server = NtpServer::start(site->home, *config, deadline);
    if (!server) return tl::unexpected(server.error());
    ntp_servers_.push_back(std::move(*server));
  }
  return {};
}

Result<> Lab::start_segws(Deadline deadline) {
  const auto configs = segws_of(config_);
  for (std::size_t i = 0; i < configs.size(); ++i) {
    SegwSetup setup;
    setup.label = fmt::format("segw{}", i);
    setup.addresses = plan_.segw(i);
    if (configs[i].silent) {
      if (auto added = wan_->netlink.add_blackhole(Prefix{setup.addresses.wan.host, 32}); !added) return added;
      continue;
    }
    auto credential = pki_.issue_operator(configs[i].name, configs[i].certificate);
    if (!credential) return tl::unexpected(credential.error());
    setup.credential = std::move(*credential);
    setup.device_root = pki_.manufacturer.certificate();
    setup.inner_dns = plan_.inner_dns();
    setup.device_pool = config_.device_pool;
    setup.core_prefix = config_.core_leads_out ? Prefix{} : config_.core_prefix;
    setup.directory = config_.state_directory;
    setup.esp = esp_;
    auto segw = Segw::start(*wan_, *core_, setup, deadline);
    if (!segw) return tl::unexpected(segw.error());
    segws_.push_back(std::move(*segw));
    segw_names_.push_back(configs[i].name);
  }
  return {};
}

Result<> Lab::renumber(const std::string& segw) {
  const std::lock_guard lock(renumbering_);
  const auto found = std::ranges::find(segw_names_, segw);
  if (found == segw_names_.end()) {
    return fail(Cause::configuration,
                fmt::format("no SeGW '{}' runs in this lab; there are {}", segw, fmt::join(segw_names_, ", ")));
  }
  return segws_[static_cast<std::size_t>(found - segw_names_.begin())].renumber(Deadline::clock::now() + kStartTimeout);
}

void Lab::down() {
  for (auto& segw : segws_) segw.stop();
  segws_.clear();
  segw_names_.clear();
  for (const auto& daemon : daemons()) daemon.process->terminate();
  const auto deadline = Deadline::clock::now() + kStopGrace;
  for (const auto& daemon : daemons()) daemon.process->stop(deadline);
  dns_servers_.clear();
  dhcp_server_.reset();
  ntp_servers_.clear();
  const std::lock_guard lock(attaching_);
  gateways_.clear();
  wan_.reset();
  core_.reset();
}

std::vector<Lab::Daemon> Lab::daemons() {
  constexpr std::array kSides{"outer", "inner"};  // in the order of their start
  std::vector<Daemon> daemons;
  const auto add = [&](std::string_view role, const char* side, std::string_view label, netns::Process& process) {
    daemons.push_back({{role, side, fmt::format("{}/{}-{}.log", config_.state_directory, side, label)}, &process});
  };
  for (std::size_t i = 0; i < dns_servers_.size(); ++i) add("DNS", kSides.at(i), "dns", dns_servers_[i].process());
  for (std::size_t i = 0; i < ntp_servers_.size(); ++i) add("NTP", kSides.at(i), "ntp", ntp_servers_[i].process());
  if (dhcp_server_) add("DHCP", kSides[0], "dhcp", dhcp_server_->process());
  return daemons;
}

std::vector<Ended> Lab::ended() {
  std::vector<Ended> ended;
  for (auto& daemon : daemons()) {
    if (!daemon.process->running()) ended.push_back(std::move(daemon.if_ended));
  }
  for (std::size_t i = 0; i < segws_.size(); ++i) {
    if (!segws_[i].running()) ended.push_back({"SeGW", segw_names_[i], segws_[i].log()});
  }
  return ended;
}

Result<std::size_t> Lab::take_slot(const std::string& device) {
  if (slots_.contains(device)) return fail(Cause::configuration, fmt::format("lab: {} is attached already", device));
  if (free_slots_.empty() && next_slot_ == plan_.device_capacity()) {
    return fail(Cause::configuration, fmt::format("lab: device_pool {} has no more than {} addresses for devices",
                                                  config_.device_pool.to_string(), plan_.device_capacity()));
  }
  const auto slot = free_slots_.empty() ? next_slot_++ : free_slots_.extract(free_slots_.begin()).value();
  slots_.emplace(device, slot);
  return slot;
}

Result<> Lab::join(std::size_t slot, const LinkAddresses& link, const netns::Namespace& home, bool by_dhcp) {
  auto netlink = netns::Netlink::open(home);
  if (!netlink) return tl::unexpected(netlink.error());
  const netns::LinkEnd own{&*netlink, &home, kDeviceInterface, link.host, false, by_dhcp};
  return netns::connect(wan_->end(wan_interface(slot), link.router), own).and_then([&] {
    return by_dhcp ? Result<>{} : netlink->add_route({Prefix{}, link.router, kDeviceInterface});
  });
}

Result<> Lab::join_by_gateway(std::size_t slot, const LinkAddresses& link, const netns::Namespace& home,
                              const Nat& nat) {
  auto gateway = Site::create();
  if (!gateway) return tl::unexpected(gateway.error());
  auto netlink = netns::Netlink::open(home);
  if (!netlink) return tl::unexpected(netlink.error());
  const netns::LinkEnd own{&*netlink, &home, kDeviceInterface, kHome.host};
  const netns::HomeGatewayRules rules{kDeviceInterface, kHomeInterface, nat.udp_lifetime};
  auto done = join(slot, link, gateway->home, false)
                  .and_then([&] { return gateway->netlink.set_forwarding(kDeviceInterface); })
                  .and_then([&] { return netns::connect(gateway->end(kHomeInterface, kHome.router), own); })
                  .and_then([&] {
                    return netlink->add_route({Prefix{}, kHome.router, kDeviceInterface});
                  })
                  .and_then([&] { return netns::make_home_gateway(gateway->home, rules); });
  if (done) gateways_.emplace(slot, std::move(gateway->home));
  return done;
}

Result<Attachment> Lab::attach(const std::string& device, const netns::Namespace& home, const Access& access) {
  const std::lock_guard lock(attaching_);
  if (!wan_) return fail(Cause::cancelled, "lab: it is down");
  const auto slot = take_slot(device);
  if (!slot) return tl::unexpected(slot.error());
  const auto link = plan_.device(*slot);
  const auto done =
      access.nat ? join_by_gateway(*slot, link, home, *access.nat) : join(*slot, link, home, access.by_dhcp);
  if (!done) {
    release(device);
    return tl::unexpected(done.error());
  }
  const auto& source = access.nat ? kHome.host : link.host;
  return Attachment{kDeviceInterface, netns::mac_for(source), Path{Plane::outer, source, {plan_.outer_dns()}},
                    link.host};
}

Result<> Lab::add_host(bool in_core, const IpAddress& address) {
  const std::lock_guard lock(attaching_);
  return (in_core ? core_ : wan_)->netlink.add_address("lo", Prefix{address, 32});
}

void Lab::detach(const std::string& device) {
  const std::lock_guard lock(attaching_);
  release(device);
}

void Lab::release(const std::string& device) {
  const auto found = slots_.find(device);
  if (found == slots_.end()) return;
  // An error means that the link has gone with the device's namespace.
  if (wan_) static_cast<void>(wan_->netlink.remove_link(wan_interface(found->second)));
  gateways_.erase(found->second);
  free_slots_.insert(found->second);
  slots_.erase(found);
}

const std::string& Lab::serving_segw() const {
  return config_.serving_is_initial ? config_.initial_segw.name : config_.serving_segw.name;
}

const std::string& Lab::serving_hms() const {
  return config_.serving_is_initial ? config_.initial_hms.name : config_.serving_hms.name;
}

}  // namespace hnbemu::lab
