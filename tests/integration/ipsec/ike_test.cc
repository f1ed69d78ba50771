#include "integration/ipsec/ike_test.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace hnbemu::ipsec {
namespace {

using netns::must;
constexpr Seconds kCommand{10};
constexpr std::uint16_t kPort = 7000;

Deadline in(Millis time) {
  return std::chrono::steady_clock::now() + time;
}

}  // namespace

Segw::Segw(boost::asio::io_context& io, EspBackend esp)
    : home_(must(netns::Namespace::create())), vici_(io.get_executor()) {
  must(must(netns::Netlink::open(home_)).add_address("lo", {netns::ip(kInnerHost), 32}));
  charon_ = must(Charon::start(home_, directory_.path(), CharonRole::responder, esp));
}

void Segw::attach(const netns::Namespace& device, const IpAddress& device_address, const IpAddress& address) {
  auto own = must(netns::Netlink::open(home_));
  auto other = must(netns::Netlink::open(device));
  const auto link = fmt::format("wan{}", address.to_v4() & 0xff);
  const netns::LinkEnd device_end{&other, &device, link, device_address, false};
  const netns::LinkEnd own_end{&own, &home_, link, address, false};
  must(netns::connect(device_end, own_end));
}

Task<Result<>> Segw::connect() {
  if (vici_.is_open()) co_return Result<>{};
  co_return co_await vici_.connect(charon_->socket_path(), {}, in(kCommand));
}

Task<Result<vici::Section>> Segw::command(std::string name, vici::Section message) {
  const auto connected = co_await connect();
  if (!connected) co_return tl::unexpected(connected.error());
  co_return co_await vici_.command(std::move(name), std::move(message), in(kCommand));
}

Task<Result<>> Segw::load_pool(std::string name, std::string addresses) {
  vici::Section message;
  auto& pool = message.add(std::move(name));
  pool.set("addrs", std::move(addresses));
  pool.set("dns", vici::List{kInnerDns, "10.200.0.1", "10.200.0.2"});
  const auto loaded = co_await command("load-pool", std::move(message));
  if (!loaded) co_return tl::unexpected(loaded.error());
  co_return Result<>{};
}

Task<Result<>> Segw::load(Responder responder) {
  vici::Section ca;
  ca.set("type", "X509");
  ca.set("flag", "CA");
  ca.set("data", responder.trusted_ca);
  const auto ca_loaded = co_await command("load-cert", std::move(ca));
  if (!ca_loaded) co_return tl::unexpected(ca_loaded.error());
  vici::Section key;
  key.set("type", "any");
  key.set("data", responder.credential.private_key);
  const auto key_loaded = co_await command("load-key", std::move(key));
  if (!key_loaded) co_return tl::unexpected(key_loaded.error());
  if (!responder.pool.empty()) {
    const auto pool_loaded = co_await load_pool("devices", responder.pool);
    if (!pool_loaded) co_return pool_loaded;
  }

  const auto* const auth = responder.psk.empty() ? "pubkey" : "psk";
  if (!responder.psk.empty()) {
    vici::Section shared;
    shared.set("type", "IKE");
    shared.set("data", responder.psk);
    const auto shared_loaded = co_await command("load-shared", std::move(shared));
    if (!shared_loaded) co_return tl::unexpected(shared_loaded.error());
  }

  vici::Section message;
  auto& connection = message.add("devices");
  connection.set("version", "2");
  connection.set("proposals", vici::List{responder.ike_proposal});
  connection.set("mobike", "no");
  connection.set("dpd_delay", "0s");
  if (responder.reauthentication.count() > 0) {
    connection.set("reauth_time", fmt::format("{}s", responder.reauthentication.count()));
  }
  if (!responder.pool.empty()) connection.set("pools", vici::List{"devices"});
  auto& local = connection.add("local");
  local.set("auth", auth);
  local.set("id", responder.name);
  if (responder.psk.empty()) local.set("certs", vici::List{responder.credential.certificate});
  connection.add("remote").set("auth", auth);
  auto& child = connection.add("children").add("devices");
  child.set("local_ts", vici::List{responder.local_ts});
  const auto loaded = co_await command("load-conn", std::move(message));
  if (!loaded) co_return tl::unexpected(loaded.error());
  co_return Result<>{};
}

void IkeTest::SetUp() {
  NamespaceTest::SetUp();
  if (IsSkipped()) return;
  esp_ = must(find_esp_backend());
  device_home_ = must(netns::Namespace::create());
  operator_ca_ = must(lab::CertificateAuthority::create("Operator"));
  manufacturer_ = must(lab::CertificateAuthority::create("Manufacturer"));
  stranger_ = must(lab::CertificateAuthority::create("Stranger"));
  segw_.emplace(io_, esp_);
  segw_->attach(*device_home_, netns::ip("192.0.2.0"), netns::ip("192.0.2.1"));
  auto device = must(netns::Netlink::open(*device_home_));
  must(device.add_route({Prefix{}, netns::ip("192.0.2.1"), "wan1"}));
  // What the device were to send in clear would arrive, and not be dropped for its source.
  auto segw = must(netns::Netlink::open(segw_->home()));
  must(segw.add_route({Prefix{}, netns::ip("192.0.2.0"), "wan1"}));
}

void IkeTest::make_second_segw() {
  second_.emplace(io_, esp_);
  second_->attach(*device_home_, netns::ip("192.0.2.2"), netns::ip("192.0.2.3"));
  auto segw = must(netns::Netlink::open(second_->home()));
  must(segw.add_route({Prefix{}, netns::ip("192.0.2.2"), "wan3"}));
}

bool IkeTest::run_until(const std::function<bool()>& done, Millis time) {
  const auto deadline = in(time);
  io_.restart();
  while (!done() && std::chrono::steady_clock::now() < deadline) {
    if (io_.run_one_for(Millis{50}) == 0) io_.restart();
  }
  return done();
}

Responder IkeTest::good_responder() const {
  Responder responder;
  responder.credential = must(operator_ca_->issue(kSegwName));
  responder.trusted_ca = manufacturer_->certificate();
  return responder;
}

IkeConfig IkeTest::good_config() const {
  const auto credential = must(manufacturer_->issue(kDeviceName));
  IkeConfig config;
  config.identity = kDeviceName;
  config.certificate = credential.certificate;
  config.private_key = credential.private_key;
  config.trusted_cas = {operator_ca_->certificate()};
  return config;
}

std::unique_ptr<IkeTunnel> IkeTest::make_tunnel(const IkeConfig& config) {
  auto tunnel = std::make_unique<IkeTunnel>(io_.get_executor(), *device_home_, device_directory_.path(),
                                            netns::ip("192.0.2.0"), esp_, config);
  tunnel->on_event([this](const TunnelEvent& event) { events_.push_back(event); });
  return tunnel;
}

TunnelRequest IkeTest::request(const std::string& name, const std::string& gateway) const {
  return {name, netns::ip(gateway), kSegwName};
}

Result<TunnelState> IkeTest::establish(IkeTunnel& tunnel, const TunnelRequest& request, Millis time) {
  return run(tunnel.establish(request, in(time)));
}

void IkeTest::expect_failure(const Responder& responder, const IkeConfig& config, Cause cause) {
  must(run(segw_->load(responder)));
  auto tunnel = make_tunnel(config);
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, cause) << state.error().to_string();
  expect_nothing_left();
}

Result<> IkeTest::release(IkeTunnel& tunnel, const std::string& name) {
  return run(tunnel.release(name, in(Seconds{5})));
}

bool IkeTest::passes(const IpAddress& inner, const Segw& segw) {
  const auto host = netns::udp_bound(segw.home(), kInnerHost, kPort);
  const auto device = netns::udp_bound(*device_home_, inner.to_string(), kPort);
  if (netns::send_to(device, kInnerHost, kPort, "inner") != 0) return false;
  if (netns::receive(host) != "inner") return false;
  if (netns::send_to(host, inner.to_string(), kPort, "answer") != 0) return false;
  return netns::receive(device) == "answer";
}

bool IkeTest::leaks(const IpAddress& inner) {
  const auto host = netns::udp_bound(segw_->home(), kInnerHost, kPort);
  auto fd = must(netns::socket_in(*device_home_, AF_INET, SOCK_DGRAM));
  // The kernel routes nothing from an address that is not its own, but charon removes the tunnel's route before the
  // address, and a killed charon may leave the address: so the socket is exempt from that check.
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_IP, IP_TRANSPARENT, &on, sizeof on);
  const auto local = netns::endpoint(inner.to_string(), kPort);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0) return false;
  netns::send_to(fd, kInnerHost, kPort, "in clear");
  return !netns::receive(host, 200).empty();
}

unsigned IkeTest::ike_sas(const std::string& directory) {
  vici::Client vici(io_.get_executor());
  must(run(vici.connect(directory + "/vici", {}, in(kCommand))));
  const auto stats = must(run(vici.command("stats", {}, in(kCommand))));
  return static_cast<unsigned>(std::stoul(std::string(stats.section("ikesas")->text("total"))));
}

unsigned IkeTest::connections(const std::string& directory) {
  vici::Client vici(io_.get_executor());
  must(run(vici.connect(directory + "/vici", {}, in(kCommand))));
  const auto answer = must(run(vici.command("get-conns", {}, in(kCommand))));
  const auto* names = answer.list("conns");
  return names == nullptr ? 0 : static_cast<unsigned>(names->size());
}

std::vector<pid_t> IkeTest::daemons(const std::string& directory) const {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "environ");
    std::stringstream environment;
    environment << file.rdbuf();
    if (environment.str().find("STRONGSWAN_CONF=" + directory + "/") != std::string::npos) {
      found.push_back(static_cast<pid_t>(std::stol(name)));
    }
  }
  return found;
}

}  // namespace hnbemu::ipsec
