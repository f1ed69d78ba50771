#include "lab/segw.h"

#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>

#include "adapters/ipsec/vici_client.h"

namespace hnbemu::lab {
namespace {

namespace asio = boost::asio;
namespace vici = ipsec::vici;

constexpr const char* kWanInterface = "wan";
constexpr const char* kCoreInterface = "core";
constexpr const char* kTunDevice = "ipsec0";  // kernel-libipsec's
constexpr const char* kPoolName = "inner";
constexpr const char* kSparePoolName = "spare";

Result<> connect_site(Site& own, Site& wan, Site& core, const SegwSetup& setup) {
  const auto& to_wan = setup.addresses.wan;
  const auto& to_core = setup.addresses.core;
  return netns::connect(wan.end(setup.label, to_wan.router), own.end(kWanInterface, to_wan.host))
      .and_then(
          [&] { return netns::connect(core.end(setup.label, to_core.router), own.end(kCoreInterface, to_core.host)); })
      .and_then([&] {
        return own.netlink.add_route({setup.device_pool, to_wan.router, kWanInterface});
      })
      .and_then([&] {
        return own.netlink.add_route({setup.core_prefix, to_core.router, kCoreInterface});
      })
      .and_then([&] {
        return core.netlink.add_route({setup.addresses.inner_pool, to_core.host, setup.label});
      })
      .and_then([&] {
        const auto& spare = setup.addresses.spare_pool;
        return spare ? core.netlink.add_route({*spare, to_core.host, setup.label}) : Result<>{};
      });
}

vici::Section authority(const std::string& pem) {
  vici::Section load;
  load.set("type", "X509");
  load.set("flag", "CA");
  load.set("data", pem);
  return load;
}

vici::Section private_key(const std::string& pem) {
  vici::Section load;
  load.set("type", "any");
  load.set("data", pem);
  return load;
}

// INTERNAL_IP4_ADDRESS and INTERNAL_IP4_DNS of RFC 7296 3.15.1.
vici::Section pool(const SegwSetup& setup, const char* name, const Prefix& addresses) {
  vici::Section load;
  auto& inner = load.add(name);
  inner.set("addrs", addresses.to_string());
  inner.set("dns", vici::List{setup.inner_dns.to_string()});
  return load;
}

vici::Section connection(const SegwSetup& setup, const char* pool_name) {
  vici::Section load;
  auto& devices = load.add("devices");
  devices.set("version", "2");
  devices.set("local_addrs", vici::List{setup.addresses.wan.host.to_string()});
  devices.set("pools", vici::List{pool_name});
  devices.set("mobike", "no");  // it would tell the devices the core's addresses
  devices.set("unique", "replace");
  auto& local = devices.add("local");
  local.set("auth", "pubkey");
  local.set("certs", vici::List{setup.credential.certificate});
  // It answers to any name that a device asks for (IDr), so that a device refuses another's certificate by itself.
  local.set("id", "%any");
  auto& remote = devices.add("remote");
  remote.set("auth", "pubkey");
  remote.set("cacerts", vici::List{setup.device_root});
  devices.add("children").add("net").set("local_ts", vici::List{"0.0.0.0/0"});
  return load;
}

using Commands = std::vector<std::pair<std::string, vici::Section>>;

Commands first_commands(const SegwSetup& setup) {
  Commands commands;
  commands.emplace_back("load-cert", authority(setup.device_root));
  commands.emplace_back("load-key", private_key(setup.credential.private_key));
  commands.emplace_back("load-pool", pool(setup, kPoolName, setup.addresses.inner_pool));
  if (setup.addresses.spare_pool)
    commands.emplace_back("load-pool", pool(setup, kSparePoolName, *setup.addresses.spare_pool));
  commands.emplace_back("load-conn", connection(setup, kPoolName));
  return commands;
}

Task<Result<>> load(vici::Client& client, const ipsec::Charon& charon, Commands commands, Deadline deadline) {
  const auto connected = co_await charon.connect(client, {}, deadline);
  if (!connected) co_return connected;
  for (auto& [name, message] : commands) {
    const auto answer = co_await client.command(name, std::move(message), deadline);
    if (!answer) co_return tl::unexpected(answer.error());
  }
  co_return Result<>{};
}

Result<> configure(const ipsec::Charon& charon, Commands commands, Deadline deadline) {
  asio::io_context context;
  vici::Client client(context.get_executor());
  Result<> done = fail(Cause::cancelled, "vici");
  asio::co_spawn(context, load(client, charon, std::move(commands), deadline),
                 [&](const std::exception_ptr& error, Result<> result) {
                   if (!error) done = std::move(result);
                   client.close();
                 });
  context.run();
  return done;
}

tl::unexpected<Error> fail_segw(const SegwSetup& setup, Error error) {
  error.detail = fmt::format("SeGW {} ({}/{}): {}", setup.addresses.wan.host.to_string(), setup.directory, setup.label,
                             error.detail);
  return tl::unexpected(std::move(error));
}

}  // namespace

Result<Segw> Segw::start(Site& wan, Site& core, const SegwSetup& setup, Deadline deadline) {
  auto site = Site::create();
  if (!site) return tl::unexpected(site.error());
  if (auto connected = connect_site(*site, wan, core, setup); !connected) return fail_segw(setup, connected.error());
  const auto directory = setup.directory + "/" + setup.label;
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno(directory, errno);

  auto charon = ipsec::Charon::start(site->home, directory, ipsec::CharonRole::responder, setup.esp);
  if (!charon) return fail_segw(setup, charon.error());
  if (auto loaded = configure(*charon, first_commands(setup), deadline); !loaded)
    return fail_segw(setup, loaded.error());
  if (setup.esp == ipsec::EspBackend::user_space) {
    if (auto set = site->netlink.set_forwarding(kTunDevice); !set) return fail_segw(setup, set.error());
  }
  return Segw(std::move(*site), std::move(*charon), setup);
}

// An SA that is up keeps its address: its connection's pools are looked at when the next one is made.
Result<> Segw::renumber(Deadline deadline) {
  if (!setup_.addresses.spare_pool) {
    return fail_segw(setup_, {Cause::configuration, "the lab has no spare_inner_pool to take addresses from", 0});
  }
  Commands commands;
  commands.emplace_back("load-conn", connection(setup_, spare_ ? kPoolName : kSparePoolName));
  auto done = configure(charon_, std::move(commands), deadline);
  if (!done) return fail_segw(setup_, done.error());
  spare_ = !spare_;
  return done;
}

}  // namespace hnbemu::lab
