#include "fleet/export_segw.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "doubles/temporary_directory.h"
#include "lab/file.h"

namespace hnbemu::fleet {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class ExportSegwTest : public testing::Test {
 protected:
  config::DeviceConfig& add(const std::string& serial) {
    auto& device = fleet_.devices.emplace_back();
    device.id = "d" + serial;
    device.serial = serial;
    return device;
  }
  Result<std::vector<std::string>> exported(const std::string& name = "segw.example") {
    return export_segw(directory_, name, fleet_, pki_);
  }
  std::string file(const std::string& path) const { return lab::read_file(directory_ + "/" + path).value(); }

  lab::Pki pki_ = lab::Pki::create().value();
  config::Fleet fleet_;
  const doubles::TemporaryDirectory temporary_;
  const std::string& home_ = temporary_.path();
  const std::string directory_ = home_ + "/segw";
};

TEST_F(ExportSegwTest, WhenDevicesHaveCertificates_ThenTheSegwHasTheirRootAndNoPskConnection) {
  add("S1");
  const auto written = exported();
  ASSERT_TRUE(written) << written.error().to_string();
  for (const auto& path : *written) EXPECT_TRUE(fs::exists(path)) << path;
  EXPECT_EQ(file("x509ca/manufacturer.pem"), pki_.manufacturer.certificate());
  EXPECT_EQ(file("x509ca/operator.pem"), pki_.operator_root.certificate());
  EXPECT_THAT(file("swanctl.conf"), HasSubstr("auth = pubkey"));
  EXPECT_THAT(file("swanctl.conf"), Not(HasSubstr("auth = psk")));
  EXPECT_EQ(file("identities.csv"), "id,serial,ike_identity,authentication\ndS1,S1,S1.device.example,certificate\n");
}

TEST_F(ExportSegwTest, WhenWritten_ThenOnlyTheOwnerReadsSecrets) {
  add("S1");
  ASSERT_TRUE(exported());
  for (const auto* path : {"/private/segw.pem", "/swanctl.conf"}) {
    struct stat secret {};
    ASSERT_EQ(::stat((directory_ + path).c_str(), &secret), 0);
    EXPECT_EQ(secret.st_mode & 0777U, 0600U) << path;
  }
}

TEST_F(ExportSegwTest, WhenIdentitiesHoldWhatTheReadersTakeForSyntax_ThenTheyAreQuoted) {
  auto& device = add("S1");
  device.ike.psk = "a\"b";
  device.ike.local_id = "CN=a \"b\", O=#1";
  ASSERT_TRUE(exported());
  EXPECT_THAT(file("swanctl.conf"),
              HasSubstr("  ike-1 {\n    id = \"CN=a \\\"b\\\", O=#1\"\n    secret = 0x612262\n  }\n"));
  EXPECT_THAT(file("swanctl.conf"), Not(HasSubstr("auth = pubkey")));
  EXPECT_THAT(file("identities.csv"), HasSubstr("dS1,S1,\"CN=a \"\"b\"\", O=#1\",psk\n"));
}

TEST_F(ExportSegwTest, WhenADeviceHasACertificateOfTheUsers_ThenItIsSaidWhatTheSegwLacks) {
  ASSERT_TRUE(lab::write(pki_.stranger.issue("own.example").value(), home_, "own"));
  add("S1").credentials = {home_ + "/own.pem", home_ + "/own.key", home_ + "/own.pem"};
  ASSERT_TRUE(exported());
  EXPECT_THAT(file("swanctl.conf"), HasSubstr("certificates of your own"));
  EXPECT_THAT(file("identities.csv"), HasSubstr("dS1,S1,own.example,certificate\n"));
}

TEST_F(ExportSegwTest, WhenTheDirectoryHasFiles_ThenNothingIsTouched) {
  add("S1");
  fs::create_directory(directory_);
  std::ofstream(directory_ + "/swanctl.conf") << "mine";
  const auto written = exported();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().cause, Cause::configuration);
  EXPECT_EQ(file("swanctl.conf"), "mine");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 1);
}

TEST_F(ExportSegwTest, WhenTheNameIsNoName_ThenItIsRefusedAndNothingIsWritten) {
  add("S1");
  EXPECT_FALSE(exported("a}\nb"));
  EXPECT_FALSE(fs::exists(directory_));
}

}  // namespace
}  // namespace hnbemu::fleet
