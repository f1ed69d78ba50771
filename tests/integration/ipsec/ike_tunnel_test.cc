#include <signal.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <set>

#include "integration/ipsec/ike_test.h"

namespace hnbemu::ipsec {
namespace {

using netns::must;

// Establishing and releasing tunnels.
class IkeTunnelTest : public IkeTest {
 protected:
  // What becomes of an attempt that is cancelled while it is under way.
  Result<TunnelState> cancel_after(IkeTunnel& tunnel, Millis moment) {
    boost::asio::cancellation_signal stop;
    std::optional<Result<TunnelState>> result;
    const auto deadline = std::chrono::steady_clock::now() + Seconds{30};
    const auto done = [&](const std::exception_ptr& error, Result<TunnelState> state) {
      EXPECT_FALSE(error);
      result = std::move(state);
    };
    boost::asio::co_spawn(io_, uncancelled(tunnel.establish(request(), deadline)),
                          boost::asio::bind_cancellation_slot(stop.slot(), done));
    EXPECT_FALSE(run_until([&] { return result.has_value(); }, moment));
    stop.emit(boost::asio::cancellation_type::all);
    if (!run_until([&] { return result.has_value(); }, Seconds{3}))
      throw std::runtime_error(fmt::format("not cancelled after {} ms", moment.count()));
    return *result;
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
  expect_failure(responder, good_config(), Cause::ike_authentication);
}

TEST_F(IkeTunnelTest, WhenTheSegwClaimsTheNameButItsCertificateHasAnother_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.credential = must(operator_ca_->issue("other.test"));
  expect_failure(responder, good_config(), Cause::ike_authentication);
}

TEST_F(IkeTunnelTest, WhenTheSegwsCertificateIsOfAnotherCa_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.credential = must(stranger_->issue(kSegwName));
  expect_failure(responder, good_config(), Cause::ike_authentication);
}

TEST_F(IkeTunnelTest, WhenTheSegwsCertificateHasExpired_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.credential = must(operator_ca_->issue(kSegwName, lab::Validity::expired()));
  expect_failure(responder, good_config(), Cause::ike_authentication);
}

TEST_F(IkeTunnelTest, WhenTheSegwDoesNotTrustTheDevice_ThenTheCauseIsAuthentication) {
  auto responder = good_responder();
  responder.trusted_ca = stranger_->certificate();
  expect_failure(responder, good_config(), Cause::ike_authentication);
}

TEST_F(IkeTunnelTest, WhenNoProposalIsCommon_ThenTheCauseIsNegotiation) {
  auto responder = good_responder();
  responder.ike_proposal = "aes256-sha512-modp4096";
  auto config = good_config();
  config.ike_proposals = {"aes128-sha256-ecp256"};
  expect_failure(responder, config, Cause::ike_negotiation);
}

TEST_F(IkeTunnelTest, WhenTheTrafficSelectorsDoNotMeet_ThenTheCauseIsNegotiation) {
  auto responder = good_responder();
  responder.local_ts = "10.200.0.0/24";
  auto config = good_config();
  config.remote_ts = {"10.201.0.0/24"};
  expect_failure(responder, config, Cause::ike_negotiation);
}

TEST_F(IkeTunnelTest, WhenTheSegwAssignsNoInnerAddress_ThenTheCauseIsNegotiation) {
  auto responder = good_responder();
  responder.pool = "";
  expect_failure(responder, good_config(), Cause::ike_negotiation);
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

// charon starts, takes the credentials, waits for the SeGW: whatever it is at.
TEST_F(IkeTunnelTest, WhenCancelledAtAnyMoment_ThenItSaysSoAndTheNextAttemptWorks) {
  must(run(segw_->load(good_responder())));
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGSTOP), 0);
  std::unique_ptr<IkeTunnel> tunnel;
  for (const Millis moment : {Millis{2}, Millis{5}, Millis{10}, Millis{12}, Millis{14}, Millis{16}, Millis{18},
                              Millis{20}, Millis{25}, Millis{30}, Millis{40}, Millis{60}, Millis{1000}}) {
    tunnel = make_tunnel(good_config());
    const auto cancelled = cancel_after(*tunnel, moment);
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().cause, Cause::cancelled)
        << "after " << moment.count() << " ms: " << cancelled.error().to_string();
  }
  ASSERT_EQ(::kill(segw_->charon().pid(), SIGCONT), 0);
  const auto again = establish(*tunnel, request());
  EXPECT_TRUE(again) << again.error().to_string();
  EXPECT_TRUE(events_.empty());
}

}  // namespace
}  // namespace hnbemu::ipsec
