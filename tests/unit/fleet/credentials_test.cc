#include "fleet/credentials.h"

#include <gmock/gmock.h>

#include "doubles/temporary_directory.h"
#include "lab/file.h"

namespace hnbemu::fleet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() { device_.serial = "S0001"; }
  // The device has these instead of a factory certificate.
  void give(const lab::Credential& own) {
    ASSERT_TRUE(lab::write(own, directory_, "own"));
    device_.credentials = {directory_ + "/own.pem", directory_ + "/own.key", directory_ + "/own.pem"};
  }
  Credentials made() const { return credentials_of(device_, pki_, "").value(); }

  lab::Pki pki_ = lab::Pki::create().value();
  config::DeviceConfig device_;
  const doubles::TemporaryDirectory temporary_;
  const std::string& directory_ = temporary_.path();
};

TEST_F(CredentialsTest, WhenTheDeviceHasNothingOfItsOwn_ThenTheFactoryCertificateNamesIt) {
  EXPECT_EQ(made().ike.identity, "S0001.device.example");
  EXPECT_EQ(made().ike.trusted_cas, std::vector{pki_.operator_root.certificate()});
}

TEST_F(CredentialsTest, WhenTheCertificateIsTheUsers_ThenItsFirstDnsNameIsTheIdentity) {
  give(pki_.stranger.issue("cell-7.femto.example").value());
  EXPECT_EQ(ike_identity(device_).value(), "cell-7.femto.example");
  EXPECT_EQ(made().ike.identity, "cell-7.femto.example");
}

TEST_F(CredentialsTest, WhenTheCertificateHasNoDnsName_ThenItsSubjectIsTheIdentityInItsOwnEncoding) {
  give(pki_.stranger.credential().value());
  EXPECT_EQ(ike_identity(device_).value(), "O=hnbemu lab, CN=Stranger Root CA");
  EXPECT_EQ(made().ike.identity, "");
  device_.ike.psk = "secret";  // no certificate is presented then
  EXPECT_EQ(made().ike.identity, "O=hnbemu lab, CN=Stranger Root CA");
}

TEST_F(CredentialsTest, WhenAnIdentityIsConfigured_ThenItIsThatOne) {
  give(pki_.stranger.issue("cell-7.femto.example").value());
  device_.ike.local_id = "user@femto.example";
  EXPECT_EQ(ike_identity(device_).value(), "user@femto.example");
  EXPECT_EQ(made().ike.identity, "user@femto.example");
}

TEST_F(CredentialsTest, WhenAFileIsMissingOrNoCertificate_ThenTheErrorNamesIt) {
  device_.credentials.certificate = directory_ + "/none.pem";
  EXPECT_THAT(ike_identity(device_).error().detail, HasSubstr("/none.pem"));
  give({"rubbish", "rubbish"});
  EXPECT_THAT(ike_identity(device_).error().detail, HasSubstr("own.pem is no PEM certificate"));
  EXPECT_FALSE(credentials_of(device_, pki_, ""));
}

TEST_F(CredentialsTest, WhenTheFleetFileSaysWhatToAgreeOn_ThenTheDeviceOffersThat) {
  EXPECT_THAT(made().ike.remote_ts, ElementsAre("0.0.0.0/0"));
  device_.ike = {"", "vpn.example", "secret", {"aes128-sha256-ecp256"}, {"aes256gcm16"}, {}, 7};
  device_.ike.remote_ts = {Prefix::parse("10.1.0.0/16").value()};
  const auto ike = made().ike;
  EXPECT_EQ(ike.remote_identity, "vpn.example");
  EXPECT_EQ(ike.psk, "secret");
  EXPECT_THAT(ike.ike_proposals, ElementsAre("aes128-sha256-ecp256"));
  EXPECT_THAT(ike.esp_proposals, ElementsAre("aes256gcm16"));
  EXPECT_THAT(ike.remote_ts, ElementsAre("10.1.0.0/16"));
  EXPECT_EQ(ike.dpd_delay, Seconds{7});
}

}  // namespace
}  // namespace hnbemu::fleet
