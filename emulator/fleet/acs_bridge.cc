#include "fleet/acs_bridge.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "netns/device_socket.h"
#include "procedures/connection_requests.h"

namespace hnbemu::fleet {
namespace {

constexpr std::uint32_t kFirstUplink = 0xC6130000;  // 198.19.0.0 (RFC 2544): a /31 for each link
constexpr int kBacklog = 128;

bool is_loopback(const IpAddress& address) {
  return Prefix{IpAddress::v4(0x7F000000), 8}.contains(address);
}

// By the host's own resolver: the ACS is the user's.
Result<IpAddress> address_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (code != 0 || found == nullptr) {
    return fail(Cause::configuration,
                fmt::format("the ACS's host '{}' has no IPv4 address here: {}", host, ::gai_strerror(code)));
  }
  sockaddr_in address{};
  std::memcpy(&address, found->ai_addr, sizeof address);
  ::freeaddrinfo(found);
  return IpAddress::v4(ntohl(address.sin_addr.s_addr));
}

}  // namespace

Result<std::unique_ptr<AcsBridge>> AcsBridge::open(lab::Lab& lab, const Settings& settings) {
  std::unique_ptr<AcsBridge> bridge(new AcsBridge(lab, settings));
  bridge->places_.resize(settings.devices);
  auto host = netns::Namespace::current();
  if (!host) return tl::unexpected(host.error());
  bridge->host_.emplace(std::move(*host));
  auto ready = bridge->take_slot().and_then([&] { return bridge->find_acs(); });
  for (const bool over_core : {false, true}) {
    if (!ready || !(over_core ? settings.over_core : settings.over_wan)) continue;
    ready = settings.uplink ? bridge->route(over_core) : bridge->carry(over_core);
  }
  if (ready && !settings.uplink && is_loopback(bridge->acs_)) ready = bridge->take_connection_requests();
  if (!ready) return tl::unexpected(ready.error());
  bridge->thread_ = std::thread([raw = bridge.get()] { raw->io_.run(); });
  return bridge;
}

AcsBridge::~AcsBridge() {
  work_.reset();
  io_.stop();
  if (thread_.joinable()) thread_.join();
  forwarders_.clear();
}

// A name in the abstract namespace of Unix sockets: it goes with the process.
Result<> AcsBridge::take_slot() {
  slot_lock_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (slot_lock_.get() < 0) return fail_errno("socket", errno);
  for (slot_ = 0; slot_ < kMaxFleets; ++slot_) {
    const auto name = fmt::format("hnbemu-loopback-{}", slot_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    if (::bind(slot_lock_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) return {};
  }
  return fail(Cause::resources, fmt::format("{} fleets with an ACS of the user's own run already", kMaxFleets));
}

Result<> AcsBridge::find_acs() {
  const auto address = address_of(settings_.acs.host);
  if (!address) return tl::unexpected(address.error());
  acs_ = *address;
  if (settings_.uplink && is_loopback(acs_)) {
    return fail(Cause::configuration,
                fmt::format("an ACS on {} is reached without an uplink: leave it out", acs_.to_string()));
  }
  return {};
}

Result<> AcsBridge::route(bool over_core) {
  const auto first = kFirstUplink + 4 * slot_ + (over_core ? 2 : 0);
  netns::UplinkPlan plan;
  plan.host_interface = fmt::format("hnbemu{}{}", slot_, over_core ? "c" : "w");
  plan.wan_interface = "uplink";
  plan.host_address = IpAddress::v4(first);
  plan.wan_address = IpAddress::v4(first + 1);
  plan.pools = {over_core ? lab_.config().inner_pool : lab_.config().device_pool};
  auto uplink = netns::Uplink::open(*host_, over_core ? lab_.core() : lab_.wan(), plan);
  if (!uplink) return tl::unexpected(uplink.error());
  uplinks_.push_back(std::move(*uplink));
  for (auto& line : netns::uplink_advice(*host_, plan)) advice_.push_back(std::move(line));
  (over_core ? core_hosts_ : wan_hosts_)[settings_.acs.host] = acs_;
  return {};
}

Result<> AcsBridge::carry(bool over_core) {
  const auto& home = over_core ? lab_.core() : lab_.wan();
  const auto address = over_core ? lab_.addresses().acs_in_core() : lab_.addresses().acs_in_wan();
  if (auto added = lab_.add_host(over_core, address); !added) return added;
  auto socket = netns::device_listener(home, false, address, settings_.acs.port, kBacklog);
  if (!socket) return tl::unexpected(socket.error());
  auto forwarder = forward::Forwarder::open(io_.get_executor(), std::move(*socket),
                                            [this](const IpAddress& peer) { return towards_acs(peer); });
  if (!forwarder) return tl::unexpected(forwarder.error());
  forwarders_.push_back(std::move(*forwarder));
  (over_core ? core_hosts_ : wan_hosts_)[settings_.acs.host] = address;
  return {};
}

Result<> AcsBridge::take_connection_requests() {
  for (std::size_t i = 0; i < settings_.devices; ++i) {
    auto socket = netns::device_listener(*host_, false, loopback(i), kConnectionRequestPort, kBacklog);
    if (!socket) {
      return fail(socket.error().cause, fmt::format("{}:{} for connection requests: {}", loopback(i).to_string(),
                                                    kConnectionRequestPort, socket.error().detail));
    }
    auto forwarder = forward::Forwarder::open(io_.get_executor(), std::move(*socket),
                                              [this, i](const IpAddress&) { return towards_device(i); });
    if (!forwarder) return tl::unexpected(forwarder.error());
    forwarders_.push_back(std::move(*forwarder));
  }
  return {};
}

// Many ACSs tell devices apart by the address that they come from.
Result<forward::Outbound> AcsBridge::towards_acs(const IpAddress& peer) {
  IpAddress source;
  if (is_loopback(acs_)) {
    const std::lock_guard lock(mutex_);
    const auto device = devices_.find(peer);
    if (device == devices_.end()) return fail(Cause::network, "no device has the address " + peer.to_string());
    source = loopback(device->second);
  }
  auto socket = netns::device_socket(*host_, false, source, SOCK_STREAM, 0);
  if (!socket) return tl::unexpected(socket.error());
  return forward::Outbound{std::move(*socket), acs_, settings_.acs.port};
}

Result<forward::Outbound> AcsBridge::towards_device(std::size_t index) {
  Place place;
  {
    const std::lock_guard lock(mutex_);
    place = places_[index];
  }
  if (place.address.is_unspecified()) return fail(Cause::network, "the device is not reachable yet");
  const auto& addresses = lab_.addresses();
  auto socket =
      netns::device_socket(place.over_core ? lab_.core() : lab_.wan(), false,
                           place.over_core ? addresses.acs_in_core() : addresses.acs_in_wan(), SOCK_STREAM, 0);
  if (!socket) return tl::unexpected(socket.error());
  return forward::Outbound{std::move(*socket), place.address, procedures::kConnectionRequestPort};
}

IpAddress AcsBridge::loopback(std::size_t index) const {
  return IpAddress::v4(kFirstLoopback + (slot_ << 16) + static_cast<std::uint32_t>(index) + 1);
}

std::string AcsBridge::authority(std::size_t index) const {
  if (settings_.uplink || !is_loopback(acs_)) return "";
  return fmt::format("{}:{}", loopback(index).to_string(), kConnectionRequestPort);
}

void AcsBridge::learn(std::size_t index, const IpAddress& address, bool over_core) {
  const std::lock_guard lock(mutex_);
  auto& place = places_[index];
  if (const auto old = devices_.find(place.address); old != devices_.end() && old->second == index) devices_.erase(old);
  place = {address, over_core};
  devices_[address] = index;
}

}  // namespace hnbemu::fleet
