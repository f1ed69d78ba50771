#include <signal.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <set>

#include "integration/ipsec/ike_test.h"

namespace hnbemu::ipsec {
namespace {

using netns::must;

// What befalls tunnels that are up.
class IkeServiceTest : public IkeTest {};

TEST_F(IkeServiceTest, WhenTheSegwDeletesTheTunnel_ThenItsLossIsToldAndInnerTrafficStays) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  const auto state = must(establish(*tunnel, request()));
  vici::Section terminate;
  terminate.set("ike", "devices");
  must(run(segw_->command("terminate", terminate)));
  ASSERT_TRUE(wait_for_event());
  EXPECT_EQ(events_.front().kind, TunnelEvent::Kind::lost);
  EXPECT_EQ(events_.front().tunnel.inner_address, state.inner_address);
  EXPECT_EQ(events_.front().error.cause, Cause::tunnel_lost);
  EXPECT_FALSE(leaks(state.inner_address));
  const auto again = establish(*tunnel, request());
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_TRUE(passes(again->inner_address));
  EXPECT_EQ(events_.size(), 1U);
}

TEST_F(IkeServiceTest, WhenTheSegwDeletesTheChildSaAlone_ThenTheLossIsToldAndTheNextAttemptIsWhole) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  must(establish(*tunnel, request()));
  vici::Section terminate;
  terminate.set("child", "devices");
  must(run(segw_->command("terminate", terminate)));
  ASSERT_TRUE(wait_for_event());
  EXPECT_EQ(events_.front().kind, TunnelEvent::Kind::lost);
  EXPECT_TRUE(becomes_free(device_directory_.path())) << "half a tunnel is left";
  const auto again = establish(*tunnel, request());
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_EQ(again->dns_servers.size(), 3U);
  EXPECT_TRUE(passes(again->inner_address));
}

TEST_F(IkeServiceTest, WhenCharonIsKilled_ThenTheLossIsToldAndTheNextAttemptHasANewOne) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  const auto state = must(establish(*tunnel, request()));
  const auto before = daemons(device_directory_.path());
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(::kill(before.front(), SIGKILL), 0);
  ASSERT_TRUE(wait_for_event());
  EXPECT_EQ(events_.front().kind, TunnelEvent::Kind::lost);
  EXPECT_EQ(events_.front().error.cause, Cause::tunnel_lost);
  EXPECT_FALSE(leaks(state.inner_address));
  const auto again = establish(*tunnel, request());
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_TRUE(passes(again->inner_address));
  EXPECT_NE(daemons(device_directory_.path()), before);
}

TEST_F(IkeServiceTest, WhenReauthenticationGivesAnotherAddress_ThenTheChangeAloneIsTold) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  const auto state = must(establish(*tunnel, request()));
  auto moved = good_responder();
  moved.pool = "10.101.0.0/24";
  must(run(segw_->command("unload-conn", [] {
    vici::Section message;
    message.set("name", "devices");
    return message;
  }())));
  must(run(segw_->load_pool("others", "10.101.0.0/24")));
  vici::Section message;
  auto& connection = message.add("others");
  connection.set("version", "2");
  connection.set("pools", vici::List{"others"});
  auto& local = connection.add("local");
  local.set("auth", "pubkey");
  local.set("id", kSegwName);
  local.set("certs", vici::List{moved.credential.certificate});
  connection.add("remote").set("auth", "pubkey");
  connection.add("children").add("others").set("local_ts", vici::List{"0.0.0.0/0"});
  vici::Section key;
  key.set("type", "any");
  key.set("data", moved.credential.private_key);
  must(run(segw_->command("load-key", key)));
  must(run(segw_->command("load-conn", message)));

  vici::Client device(io_.get_executor());
  const auto deadline = std::chrono::steady_clock::now() + Seconds{10};
  must(run(device.connect(device_directory_.path() + "/vici", {}, deadline)));
  vici::Section rekey;
  rekey.set("ike", "initial");
  rekey.set("reauth", "yes");
  must(run(device.command("rekey", rekey, deadline)));
  ASSERT_TRUE(wait_for_event());
  run_until([] { return false; }, Seconds{1});
  ASSERT_EQ(events_.size(), 1U);
  ASSERT_EQ(events_.front().kind, TunnelEvent::Kind::address_changed) << events_.front().error.to_string();
  const auto inner = events_.front().tunnel.inner_address;
  EXPECT_TRUE(Prefix::parse("10.101.0.0/24")->contains(inner)) << inner.to_string();
  EXPECT_TRUE(passes(inner));
  EXPECT_FALSE(leaks(state.inner_address));
}

TEST_F(IkeServiceTest, WhenIkeAndChildSaAreRekeyed_ThenNothingIsToldAndTrafficPasses) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  const auto state = must(establish(*tunnel, request()));
  vici::Client device(io_.get_executor());
  const auto deadline = std::chrono::steady_clock::now() + Seconds{10};
  must(run(device.connect(device_directory_.path() + "/vici", {}, deadline)));
  for (const auto* kind : {"ike", "child", "ike", "child"}) {
    vici::Section rekey;
    rekey.set(kind, "initial");
    must(run(device.command("rekey", rekey, deadline)));
    run_until([] { return false; }, Millis{700});
  }
  EXPECT_TRUE(events_.empty());
  EXPECT_TRUE(passes(state.inner_address));

  // The tunnel is still known by its name after the change of its SAs' identifiers.
  vici::Section terminate;
  terminate.set("ike", "devices");
  must(run(segw_->command("terminate", terminate)));
  ASSERT_TRUE(wait_for_event());
  EXPECT_EQ(events_.front().kind, TunnelEvent::Kind::lost);
}

TEST_F(IkeServiceTest, WhenTwoTunnelsAreUp_ThenEachCarriesItsOwnAndOneOutlivesTheOther) {
  must(run(segw_->load(good_responder())));
  make_second_segw();
  auto other = good_responder();
  other.pool = "10.101.0.0/24";
  must(run(second_->load(other)));
  auto tunnel = make_tunnel(good_config());
  const auto initial = must(establish(*tunnel, request("initial", "192.0.2.1")));
  const auto serving = establish(*tunnel, request("serving", "192.0.2.3"));
  ASSERT_TRUE(serving) << serving.error().to_string();
  ASSERT_NE(initial.inner_address, serving->inner_address);
  EXPECT_TRUE(passes(initial.inner_address));
  EXPECT_TRUE(passes(serving->inner_address, *second_));
  must(release(*tunnel, "initial"));
  EXPECT_FALSE(leaks(initial.inner_address));
  EXPECT_TRUE(passes(serving->inner_address, *second_));
  EXPECT_TRUE(events_.empty());
}

TEST_F(IkeServiceTest, WhenASecondTunnelFails_ThenTheFirstStays) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  const auto initial = must(establish(*tunnel, request("initial", "192.0.2.1")));
  const auto silent = establish(*tunnel, request("serving", "192.0.2.77"), Seconds{3});
  ASSERT_FALSE(silent);
  auto misnamed = request("serving", "192.0.2.1");
  misnamed.gateway_identity = "other.test";
  const auto refused = establish(*tunnel, misnamed);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(events_.empty());
  EXPECT_TRUE(passes(initial.inner_address));
}

TEST_F(IkeServiceTest, WhenTwoTunnelsAreEstablishedAtOnce_ThenBothComeUpOverOneCharon) {
  must(run(segw_->load(good_responder())));
  make_second_segw();
  auto other = good_responder();
  other.pool = "10.101.0.0/24";
  must(run(second_->load(other)));
  auto tunnel = make_tunnel(good_config());
  std::vector<Result<TunnelState>> results;
  const auto deadline = std::chrono::steady_clock::now() + Seconds{20};
  for (const auto& wanted : {request("initial", "192.0.2.1"), request("serving", "192.0.2.3")}) {
    boost::asio::co_spawn(io_, uncancelled(tunnel->establish(wanted, deadline)),
                          [&](const std::exception_ptr& error, Result<TunnelState> state) {
                            EXPECT_FALSE(error);
                            results.push_back(std::move(state));
                          });
  }
  ASSERT_TRUE(run_until([&] { return results.size() == 2; }, Seconds{20}));
  for (const auto& result : results) EXPECT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(daemons(device_directory_.path()).size(), 1U);
}

TEST_F(IkeServiceTest, WhenBothTunnelsAreToTheSameSegw_ThenEachHasAnIkeSaOfItsOwn) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  must(establish(*tunnel, request("initial")));
  const auto serving = establish(*tunnel, request("serving"));
  ASSERT_TRUE(serving) << serving.error().to_string();
  EXPECT_EQ(ike_sas(device_directory_.path()), 2U);
}

TEST_F(IkeServiceTest, WhenCharonEndsAsItStarts_ThenThatIsSaidAtOnce) {
  auto tunnel = make_tunnel(good_config());
  std::optional<Result<TunnelState>> result;
  const auto begin = std::chrono::steady_clock::now();
  boost::asio::co_spawn(io_, uncancelled(tunnel->establish(request(), begin + Seconds{20})),
                        [&](const std::exception_ptr& error, Result<TunnelState> state) {
                          EXPECT_FALSE(error);
                          result = std::move(state);
                        });
  std::vector<pid_t> started;
  ASSERT_TRUE(run_until([&] { return !(started = daemons(device_directory_.path())).empty(); }, Seconds{2}));
  ASSERT_EQ(::kill(started.front(), SIGKILL), 0);
  ASSERT_TRUE(run_until([&] { return result.has_value(); }, Seconds{3}));
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().cause, Cause::system) << result->error().to_string();
}

TEST_F(IkeServiceTest, WhenTwentyDevicesComeAtOnce_ThenEachGetsItsOwnTunnel) {
  must(run(segw_->load(good_responder())));
  struct Device {
    netns::Namespace home = must(netns::Namespace::create());
    doubles::TemporaryDirectory directory;
    std::unique_ptr<IkeTunnel> tunnel;
    std::optional<Result<TunnelState>> result;
  };
  std::vector<Device> devices(20);
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < devices.size(); ++i) {
    auto& device = devices[i];
    const auto address = IpAddress::v4(netns::ip("192.0.2.10").to_v4() + 2 * static_cast<std::uint32_t>(i));
    const auto gateway = IpAddress::v4(address.to_v4() + 1);
    segw_->attach(device.home, address, gateway);
    const auto name = fmt::format("hnb-{:04}.test", i + 2);
    const auto credential = must(manufacturer_->issue(name));
    auto config = good_config();
    config.identity = name;
    config.certificate = credential.certificate;
    config.private_key = credential.private_key;
    device.tunnel =
        std::make_unique<IkeTunnel>(io_.get_executor(), device.home, device.directory.path(), address, esp_, config);
    const TunnelRequest wanted{"initial", gateway, kSegwName};
    boost::asio::co_spawn(io_, uncancelled(device.tunnel->establish(wanted, begin + Seconds{30})),
                          [&device](const std::exception_ptr& error, Result<TunnelState> state) {
                            EXPECT_FALSE(error);
                            device.result = std::move(state);
                          });
  }
  const auto prepared = std::chrono::steady_clock::now();
  const auto all = [&] { return std::all_of(devices.begin(), devices.end(), [](auto& d) { return d.result; }); };
  ASSERT_TRUE(run_until(all, Seconds{30}));
  const auto took = std::chrono::steady_clock::now() - prepared;
  RecordProperty("ms", static_cast<int>(std::chrono::duration_cast<Millis>(took).count()));
  std::set<IpAddress> addresses;
  for (const auto& device : devices) {
    ASSERT_TRUE(*device.result) << device.result->error().to_string();
    addresses.insert((*device.result)->inner_address);
  }
  EXPECT_EQ(addresses.size(), devices.size());
}

TEST_F(IkeServiceTest, WhenTheSegwGoesSilent_ThenDeadPeerDetectionTellsTheLoss) {
  must(run(segw_->load(good_responder())));
  auto config = good_config();
  config.dpd_delay = Seconds{1};
  auto tunnel = make_tunnel(config);
  const auto state = must(establish(*tunnel, request()));
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGSTOP), 0);
  EXPECT_TRUE(run_until([&] { return !events_.empty(); }, Seconds{25}));
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGCONT), 0);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_.front().kind, TunnelEvent::Kind::lost);
  EXPECT_FALSE(leaks(state.inner_address));
}

TEST_F(IkeServiceTest, WhenTheSegwDoesNotAnswerTheRelease_ThenItEndsAtItsDeadlineAndNothingIsLeft) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  must(establish(*tunnel, request()));
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGSTOP), 0);
  const auto begin = std::chrono::steady_clock::now();
  must(run(tunnel->release("initial", begin + Seconds{2})));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Millis{2200});
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGCONT), 0);
  EXPECT_EQ(connections(device_directory_.path()), 0U);
  EXPECT_TRUE(becomes_free(device_directory_.path()));
  EXPECT_TRUE(events_.empty());
}

// To strongSwan "*" would be any peer that the CA has signed.
TEST_F(IkeServiceTest, WhenTheConfiguredNameIsAPattern_ThenTheCauseIsConfiguration) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  for (const auto* name : {"*", "*.test", "%any", "", "C=XX, O=*"}) {
    auto any = request();
    any.gateway_identity = name;
    const auto state = establish(*tunnel, any);
    ASSERT_FALSE(state) << name;
    EXPECT_EQ(state.error().cause, Cause::configuration) << state.error().to_string();
  }
}

TEST_F(IkeServiceTest, WhenTheTunnelIsDestroyed_ThenNoProcessIsLeft) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  must(establish(*tunnel, request()));
  ASSERT_EQ(daemons(device_directory_.path()).size(), 1U);
  tunnel.reset();
  EXPECT_TRUE(daemons(device_directory_.path()).empty());
  run_until([] { return false; }, Millis{200});
  EXPECT_TRUE(events_.empty());
}

TEST_F(IkeServiceTest, WhenTheCertificateOrKeyIsUnusable_ThenTheCauseIsConfiguration) {
  must(run(segw_->load(good_responder())));
  auto bad_key = good_config();
  bad_key.private_key = "no key";
  auto tunnel = make_tunnel(bad_key);
  const auto without_key = establish(*tunnel, request());
  ASSERT_FALSE(without_key);
  EXPECT_EQ(without_key.error().cause, Cause::configuration) << without_key.error().to_string();
  const auto still_without_key = establish(*tunnel, request());
  ASSERT_FALSE(still_without_key);
  EXPECT_EQ(still_without_key.error().cause, Cause::configuration) << still_without_key.error().to_string();
  auto bad_certificate = good_config();
  bad_certificate.certificate = "no certificate";
  tunnel = make_tunnel(bad_certificate);
  const auto without_certificate = establish(*tunnel, request());
  ASSERT_FALSE(without_certificate);
  EXPECT_EQ(without_certificate.error().cause, Cause::configuration) << without_certificate.error().to_string();
}

}  // namespace
}  // namespace hnbemu::ipsec
