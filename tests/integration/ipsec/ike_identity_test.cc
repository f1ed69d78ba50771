#include "integration/ipsec/ike_test.h"

namespace hnbemu::ipsec {
namespace {

using netns::must;

// What a device and a SeGW of the user's own agree on: identities, pre-shared keys, proposals.
class IkeIdentityTest : public IkeTest {
 protected:
  Responder psk_responder() const {
    auto responder = good_responder();
    responder.psk = "a key with = and \"quotes\"";
    return responder;
  }
  IkeConfig psk_config() const {
    IkeConfig config;
    config.identity = "hnb-0001@femto.example";
    config.psk = psk_responder().psk;
    return config;
  }
  Error refused(const IkeConfig& config) {
    auto tunnel = make_tunnel(config);
    const auto state = establish(*tunnel, request());
    if (!state) return state.error();
    ADD_FAILURE() << "the tunnel is up";
    return {};
  }
  void expect_up(const IkeConfig& config) {
    auto tunnel = make_tunnel(config);
    const auto state = establish(*tunnel, request());
    ASSERT_TRUE(state) << state.error().to_string();
    EXPECT_TRUE(passes(state->inner_address));
    must(release(*tunnel, "initial"));
  }
};

TEST_F(IkeIdentityTest, WhenBothHaveThePreSharedKey_ThenTheTunnelIsUp) {
  must(run(segw_->load(psk_responder())));
  expect_up(psk_config());
}

TEST_F(IkeIdentityTest, WhenThePreSharedKeyIsWrong_ThenTheCauseIsAuthenticationAndTheKeyIsNamed) {
  must(run(segw_->load(psk_responder())));
  auto config = psk_config();
  config.psk = "another";
  const auto error = refused(config);
  EXPECT_EQ(error.cause, Cause::ike_authentication) << error.to_string();
  EXPECT_NE(error.detail.find("pre-shared key"), std::string::npos) << error.detail;
  EXPECT_EQ(error.detail.find("another"), std::string::npos) << error.detail;
}

TEST_F(IkeIdentityTest, WhenTheSegwWantsCertificates_ThenAPreSharedKeyIsAnAuthenticationFailure) {
  must(run(segw_->load(good_responder())));
  EXPECT_EQ(refused(psk_config()).cause, Cause::ike_authentication);
}

TEST_F(IkeIdentityTest, WhenTheRemoteIdIsTheSegwsOwn_ThenItsNameInTheNetworkDoesNotMatter) {
  auto responder = good_responder();
  responder.name = "vpn.test";
  responder.credential = must(operator_ca_->issue("vpn.test"));
  must(run(segw_->load(responder)));
  auto config = good_config();
  config.remote_identity = "vpn.test";
  expect_up(config);
}

TEST_F(IkeIdentityTest, WhenTheRemoteIdIsAnotherForm_ThenItIsSentAsThat) {
  for (const auto* id : {"gateway@femto.example", "C=XX, CN=gateway", "@#0a0b0c", "192.0.2.200"}) {
    auto responder = psk_responder();
    responder.name = id;
    must(run(segw_->load(responder)));
    auto config = psk_config();
    config.remote_identity = id;
    SCOPED_TRACE(id);
    expect_up(config);
  }
}

TEST_F(IkeIdentityTest, WhenTheRemoteIdIsWrong_ThenTheCauseIsAuthentication) {
  must(run(segw_->load(good_responder())));
  auto config = good_config();
  config.remote_identity = "other.test";
  EXPECT_EQ(refused(config).cause, Cause::ike_authentication);
}

TEST_F(IkeIdentityTest, WhenTheRemoteIdIsAPattern_ThenTheCauseIsConfiguration) {
  must(run(segw_->load(good_responder())));
  for (const auto* id : {"*", "%any", "*@femto.example", "C=XX, CN=*"}) {
    auto config = good_config();
    config.remote_identity = id;
    EXPECT_EQ(refused(config).cause, Cause::configuration) << id;
  }
}

TEST_F(IkeIdentityTest, WhenTheIdentityIsLeftToTheCertificate_ThenItsSubjectDoes) {
  must(run(segw_->load(good_responder())));
  auto config = good_config();
  config.identity.clear();
  expect_up(config);
}

TEST_F(IkeIdentityTest, WhenProposalsAreTheSegwsOwn_ThenTheTunnelIsUpAndWithoutACommonOneTheCauseIsNegotiation) {
  auto responder = psk_responder();
  responder.ike_proposal = "aes128-sha256-ecp256";
  must(run(segw_->load(responder)));
  auto config = psk_config();
  config.ike_proposals = {"aes128-sha256-ecp256"};
  expect_up(config);
  config.ike_proposals = {"aes256-sha512-modp2048"};
  EXPECT_EQ(refused(config).cause, Cause::ike_negotiation);
}

}  // namespace
}  // namespace hnbemu::ipsec
