#include <signal.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <set>

#include "integration/ipsec/ike_test.h"

namespace hnbemu::ipsec {
namespace {

using netns::must;

class IkeTunnelTest : public IkeTest {
 protected:
  void expect_nothing_left() {
    EXPECT_EQ(connections(device_directory_.path()), 0U);
    EXPECT_TRUE(becomes_free(device_directory_.path())) << "the device still has an SA";
    EXPECT_TRUE(becomes_free(segw_->directory())) << "the SeGW still has an SA";
  }
  bool becomes_free(const std::string& directory) {
    return run_until([&] { return ike_sas(directory) == 0; }, Seconds{2});
  }
  bool wait_for_event() {
    return run_until([&] { return !events_.empty(); }, Seconds{10});
  }
};

TEST_F(IkeTunnelTest, WhenTheSegwAccepts_ThenThereIsAnInnerAddressItsDnsServerAndAWayThrough) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  const auto state = establish(*tunnel, request());
  ASSERT_TRUE(state) << state.error().to_string();
  EXPECT_EQ(state->name, "initial");
  EXPECT_EQ(state->gateway, netns::ip("192.0.2.1"));
  EXPECT_TRUE(Prefix::parse("10.100.0.0/24")->contains(state->inner_address)) << state->inner_address.to_string();
  const std::vector<IpAddress> in_the_payloads_order{netns::ip(kInnerDns), netns::ip("10.200.0.1"),
                                                     netns::ip("10.200.0.2")};
  EXPECT_EQ(state->dns_servers, in_the_payloads_order);
  EXPECT_TRUE(passes(state->inner_address));
}

TEST_F(IkeTunnelTest, WhenReleased_ThenThePeerIsToldAndNothingIsLeft) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  const auto state = must(establish(*tunnel, request()));
  ASSERT_EQ(ike_sas(segw_->directory()), 1U);
  must(release(*tunnel, "initial"));
  expect_nothing_left();
  EXPECT_FALSE(leaks(state.inner_address));
  EXPECT_TRUE(events_.empty());
  EXPECT_TRUE(release(*tunnel, "initial")) << "there is none, which is what was asked for";
}

TEST_F(IkeTunnelTest, WhenReleasedAndEstablishedAgain_ThenItWorksAgain) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  for (int round = 0; round < 3; ++round) {
    const auto state = must(establish(*tunnel, request()));
    EXPECT_TRUE(passes(state.inner_address));
    must(release(*tunnel, "initial"));
  }
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenTheSegwHasAnotherNamesCertificate_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.name = "other.test";
  responder.credential = must(operator_ca_->issue("other.test"));
  must(run(segw_->load(responder)));
  auto tunnel = make_tunnel(good_config());
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_authentication) << state.error().to_string();
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenTheSegwClaimsTheNameButItsCertificateHasAnother_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.credential = must(operator_ca_->issue("other.test"));
  must(run(segw_->load(responder)));
  auto tunnel = make_tunnel(good_config());
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_authentication) << state.error().to_string();
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenTheSegwsCertificateIsOfAnotherCa_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.credential = must(stranger_->issue(kSegwName));
  must(run(segw_->load(responder)));
  auto tunnel = make_tunnel(good_config());
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_authentication) << state.error().to_string();
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenTheSegwsCertificateHasExpired_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.credential = must(operator_ca_->issue(kSegwName, lab::Validity::expired()));
  must(run(segw_->load(responder)));
  auto tunnel = make_tunnel(good_config());
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_authentication) << state.error().to_string();
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenTheSegwDoesNotTrustTheDevice_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.trusted_ca = stranger_->certificate();
  must(run(segw_->load(responder)));
  auto tunnel = make_tunnel(good_config());
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_authentication) << state.error().to_string();
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenNoProposalIsCommon_ThenTheCauseIsNegotiation) {
  auto responder = good_responder();
  responder.ike_proposal = "aes256-sha512-modp4096";
  must(run(segw_->load(responder)));
  auto config = good_config();
  config.ike_proposals = {"aes128-sha256-ecp256"};
  auto tunnel = make_tunnel(config);
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_negotiation) << state.error().to_string();
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenTheTrafficSelectorsDoNotMeet_ThenTheCauseIsNegotiation) {
  auto responder = good_responder();
  responder.local_ts = "10.200.0.0/24";
  must(run(segw_->load(responder)));
  auto config = good_config();
  config.remote_ts = {"10.201.0.0/24"};
  auto tunnel = make_tunnel(config);
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_negotiation) << state.error().to_string();
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenTheSegwAssignsNoInnerAddress_ThenTheCauseIsNegotiation) {
  auto responder = good_responder();
  responder.pool = "";
  must(run(segw_->load(responder)));
  auto tunnel = make_tunnel(good_config());
  const auto state = establish(*tunnel, request());
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_negotiation) << state.error().to_string();
  expect_nothing_left();
}

TEST_F(IkeTunnelTest, WhenTheSegwIsSilent_ThenTheCauseIsNoAnswer) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGSTOP), 0);
  const auto begin = std::chrono::steady_clock::now();
  const auto state = establish(*tunnel, request());
  const auto took = std::chrono::steady_clock::now() - begin;
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGCONT), 0);
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_no_answer) << state.error().to_string();
  EXPECT_LT(took, Seconds{20});
  EXPECT_EQ(connections(device_directory_.path()), 0U);
  EXPECT_TRUE(becomes_free(device_directory_.path()));
}

TEST_F(IkeTunnelTest, WhenTheDeadlinePassesBeforeCharonGivesUp_ThenNothingIsLeftAndTheNextAttemptWorks) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGSTOP), 0);
  const auto begin = std::chrono::steady_clock::now();
  const auto state = establish(*tunnel, request(), Seconds{3});
  const auto took = std::chrono::steady_clock::now() - begin;
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().cause, Cause::ike_no_answer) << state.error().to_string();
  EXPECT_LT(took, Millis{3500});
  EXPECT_EQ(connections(device_directory_.path()), 0U);
  EXPECT_TRUE(becomes_free(device_directory_.path()));
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGCONT), 0);
  const auto again = establish(*tunnel, request());
  EXPECT_TRUE(again) << again.error().to_string();
}

TEST_F(IkeTunnelTest, WhenCancelledHalfWay_ThenItSaysSoAndTheNextAttemptWorks) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGSTOP), 0);
  boost::asio::cancellation_signal stop;
  std::optional<Result<TunnelState>> result;
  const auto deadline = std::chrono::steady_clock::now() + Seconds{30};
  boost::asio::co_spawn(
      io_, uncancelled(tunnel->establish(request(), deadline)),
      boost::asio::bind_cancellation_slot(stop.slot(), [&](const std::exception_ptr& error, Result<TunnelState> state) {
        EXPECT_FALSE(error);
        result = std::move(state);
      }));
  run_until([] { return false; }, Seconds{1});
  ASSERT_FALSE(result);
  stop.emit(boost::asio::cancellation_type::all);
  ASSERT_TRUE(run_until([&] { return result.has_value(); }, Seconds{3}));
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().cause, Cause::cancelled) << result->error().to_string();
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGCONT), 0);
  const auto again = establish(*tunnel, request());
  EXPECT_TRUE(again) << again.error().to_string();
  EXPECT_TRUE(events_.empty());
}

TEST_F(IkeTunnelTest, WhenTheSegwDeletesTheTunnel_ThenItsLossIsToldAndInnerTrafficStays) {
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

TEST_F(IkeTunnelTest, WhenTheSegwDeletesTheChildSaAlone_ThenTheLossIsToldAndTheNextAttemptIsWhole) {
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

TEST_F(IkeTunnelTest, WhenCharonIsKilled_ThenTheLossIsToldAndTheNextAttemptHasANewOne) {
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

TEST_F(IkeTunnelTest, WhenReauthenticationGivesAnotherAddress_ThenTheChangeAloneIsTold) {
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
  EXPECT_EQ(events_.front().kind, TunnelEvent::Kind::address_changed);
  const auto inner = events_.front().tunnel.inner_address;
  EXPECT_TRUE(Prefix::parse("10.101.0.0/24")->contains(inner)) << inner.to_string();
  EXPECT_TRUE(passes(inner));
  EXPECT_FALSE(leaks(state.inner_address));
}

TEST_F(IkeTunnelTest, WhenIkeAndChildSaAreRekeyed_ThenNothingIsToldAndTrafficPasses) {
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

TEST_F(IkeTunnelTest, WhenTwoTunnelsAreUp_ThenEachCarriesItsOwnAndOneOutlivesTheOther) {
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

TEST_F(IkeTunnelTest, WhenASecondTunnelFails_ThenTheFirstStays) {
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

TEST_F(IkeTunnelTest, WhenTwoTunnelsAreEstablishedAtOnce_ThenBothComeUpOverOneCharon) {
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

TEST_F(IkeTunnelTest, WhenBothTunnelsAreToTheSameSegw_ThenEachHasAnIkeSaOfItsOwn) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  must(establish(*tunnel, request("initial")));
  const auto serving = establish(*tunnel, request("serving"));
  ASSERT_TRUE(serving) << serving.error().to_string();
  EXPECT_EQ(ike_sas(device_directory_.path()), 2U);
}

TEST_F(IkeTunnelTest, WhenCharonEndsAsItStarts_ThenThatIsSaidAtOnce) {
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

TEST_F(IkeTunnelTest, WhenTwentyDevicesComeAtOnce_ThenEachGetsItsOwnTunnel) {
  must(run(segw_->load(good_responder())));
  struct Device {
    netns::Namespace home = must(netns::Namespace::create());
    TemporaryDirectory directory;
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

TEST_F(IkeTunnelTest, WhenTheSegwGoesSilent_ThenDeadPeerDetectionTellsTheLoss) {
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

TEST_F(IkeTunnelTest, WhenTheSegwDoesNotAnswerTheRelease_ThenItEndsAtItsDeadlineAndNothingIsLeft) {
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
TEST_F(IkeTunnelTest, WhenTheConfiguredNameIsAPattern_ThenTheCauseIsConfiguration) {
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

TEST_F(IkeTunnelTest, WhenTheTunnelIsDestroyed_ThenNoProcessIsLeft) {
  must(run(segw_->load(good_responder())));
  auto tunnel = make_tunnel(good_config());
  must(establish(*tunnel, request()));
  ASSERT_EQ(daemons(device_directory_.path()).size(), 1U);
  tunnel.reset();
  EXPECT_TRUE(daemons(device_directory_.path()).empty());
  run_until([] { return false; }, Millis{200});
  EXPECT_TRUE(events_.empty());
}

TEST_F(IkeTunnelTest, WhenTheCertificateOrKeyIsUnusable_ThenTheCauseIsConfiguration) {
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
