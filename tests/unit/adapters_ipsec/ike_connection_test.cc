#include "adapters/ipsec/ike_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hnbemu::ipsec {
namespace {

using testing::HasSubstr;

// The connection "serving" to the SeGW of that name.
struct Made {
  explicit Made(const IkeConfig& config, std::string gateway = "segw.example", EspBackend esp = EspBackend::kernel)
      : message(connection_message(config, {"serving", *IpAddress::parse("192.0.2.1"), std::move(gateway)},
                                   {*IpAddress::parse("100.64.0.1"), esp, "/run/updown"})) {}
  const vici::Section& connection() const { return *message->section("serving"); }
  const vici::Section& child() const { return *connection().section("children")->section("serving"); }
  std::string_view remote_id() const { return connection().section("remote")->text("id"); }

  Result<vici::Section> message;
};

TEST(IkeConnection, WhenTheSegwHasANameOrAnAddress_ThenItMustShowExactlyThat) {
  EXPECT_EQ(Made({}).remote_id(), "fqdn:segw.example");
  EXPECT_EQ(Made({}, "192.0.2.1").remote_id(), "192.0.2.1");
}

TEST(IkeConnection, WhenAnIdentityIsAPattern_ThenItIsRefused) {
  for (const auto* const pattern : {"*", "*.example", "%any", "a b", ""}) {
    const Made made({}, pattern);
    ASSERT_FALSE(made.message) << pattern;
    EXPECT_EQ(made.message.error().cause, Cause::configuration);
  }
  IkeConfig config;
  for (const auto* const pattern : {"*@segw.example", "C=*, CN=segw", "%any@example"}) {
    config.remote_identity = pattern;
    const Made made(config);
    ASSERT_FALSE(made.message) << pattern;
    EXPECT_THAT(made.message.error().detail, HasSubstr("no pattern"));
  }
}

TEST(IkeConnection, WhenARemoteIdentityIsConfigured_ThenItCountsAndNotTheGateways) {
  IkeConfig config;
  for (const auto* const identity : {"user@example", "C=GB, CN=segw", "@#0a0b"}) {
    config.remote_identity = identity;
    EXPECT_EQ(Made(config).remote_id(), identity);
  }
}

TEST(IkeConnection, WhenThereIsAPsk_ThenNoCertificateIsShown) {
  IkeConfig config;
  config.certificate = "PEM";
  EXPECT_EQ(Made(config).connection().section("local")->text("auth"), "pubkey");
  EXPECT_NE(Made(config).connection().section("local")->list("certs"), nullptr);
  config.psk = "secret";
  EXPECT_EQ(Made(config).connection().section("local")->text("auth"), "psk");
  EXPECT_EQ(Made(config).connection().section("remote")->text("auth"), "psk");
  EXPECT_EQ(Made(config).connection().section("local")->list("certs"), nullptr);
}

TEST(IkeConnection, WhenAgesAreGiven_ThenAnSaOutlivesItsRenewalByAMinuteAtLeast) {
  IkeConfig config;
  EXPECT_EQ(Made(config).connection().text("rekey_time"), "");
  config.ike_rekey = Seconds{100};
  config.reauthentication = Seconds{9000};
  config.child_rekey = Seconds{3600};
  const Made made(config);
  EXPECT_EQ(made.connection().text("rekey_time"), "100s");
  EXPECT_EQ(made.connection().text("reauth_time"), "9000s");
  EXPECT_EQ(made.connection().text("over_time"), "60s");
  EXPECT_EQ(made.connection().text("rand_time"), "10s");
  EXPECT_EQ(made.child().text("rekey_time"), "3600s");
  EXPECT_EQ(made.child().text("life_time"), "3960s");
}

TEST(IkeConnection, WhenEspIsInUserSpace_ThenItIsInUdpAndUnmarked) {
  const Made kernel({});
  EXPECT_EQ(kernel.connection().text("encap"), "no");
  EXPECT_EQ(kernel.child().text("set_mark_out"), "66");  // 0x42: ports/path.h
  const Made user({}, "segw.example", EspBackend::user_space);
  EXPECT_EQ(user.connection().text("encap"), "yes");
  EXPECT_EQ(user.child().text("set_mark_out"), "");
}

}  // namespace
}  // namespace hnbemu::ipsec
