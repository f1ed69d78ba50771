#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "doubles/temporary_directory.h"
#include "lab/file.h"
#include "lab/pki.h"

namespace hnbemu::lab {
namespace {

namespace fs = std::filesystem;

class PkiFilesTest : public testing::Test {
 protected:
  // What is said, if the roots cannot be had.
  std::string refusal() const {
    const auto pki = Pki::load_or_create(keys_);
    if (pki) return "";
    EXPECT_EQ(pki.error().cause, Cause::configuration);
    EXPECT_NE(pki.error().detail.find("--state-dir"), std::string::npos) << pki.error().detail;
    EXPECT_NE(pki.error().detail.find("remove " + keys_), std::string::npos) << pki.error().detail;
    return pki.error().detail;
  }
  const doubles::TemporaryDirectory temporary_;
  const std::string& home_ = temporary_.path();
  const std::string keys_ = home_ + "/pki";
};

TEST_F(PkiFilesTest, WhenLoadedAgain_ThenTheRootsAreTheSameAndSignAsBefore) {
  const auto first = Pki::load_or_create(keys_).value();
  const auto second = Pki::load_or_create(keys_).value();
  EXPECT_EQ(first.operator_root.certificate(), second.operator_root.certificate());
  EXPECT_EQ(first.manufacturer.certificate(), second.manufacturer.certificate());
  EXPECT_EQ(first.stranger.certificate(), second.stranger.certificate());
  EXPECT_EQ(first.manufacturer.credential()->private_key, second.manufacturer.credential()->private_key);
  EXPECT_TRUE(second.issue_device("hnb-0001.example"));
}

TEST_F(PkiFilesTest, WhenMade_ThenOnlyTheOwnerReadsTheKeysAndNothingElseIsLeft) {
  ASSERT_TRUE(Pki::load_or_create(keys_));
  for (const auto* name : {"operator", "manufacturer", "stranger"}) {
    struct stat key {};
    ASSERT_EQ(::stat((keys_ + "/" + name + ".key").c_str(), &key), 0);
    EXPECT_EQ(key.st_mode & 0777U, 0600U);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(home_), fs::directory_iterator()), 1);
}

TEST_F(PkiFilesTest, WhenTheDirectoryIsEmpty_ThenTheRootsAreMadeInIt) {
  fs::create_directory(keys_);
  ASSERT_TRUE(Pki::load_or_create(keys_));
  EXPECT_TRUE(fs::exists(keys_ + "/stranger.key"));
}

TEST_F(PkiFilesTest, WhenHalfAPairIsMissing_ThenTheErrorNamesTheFileAndWhatToDo) {
  for (const auto* file : {"/operator.key", "/manufacturer.pem"}) {
    ASSERT_TRUE(Pki::load_or_create(keys_));
    fs::remove(keys_ + file);
    EXPECT_NE(refusal().find(keys_ + file), std::string::npos) << refusal();
    fs::remove_all(keys_);
  }
}

TEST_F(PkiFilesTest, WhenAFileIsNoPem_ThenTheErrorNamesItAndItIsKept) {
  for (const auto* file : {"/operator.key", "/stranger.pem"}) {
    ASSERT_TRUE(Pki::load_or_create(keys_));
    for (const auto* text : {"", "rubbish"}) {
      std::ofstream(keys_ + file) << text;
      EXPECT_NE(refusal().find(keys_ + file), std::string::npos) << refusal();
      EXPECT_EQ(read_file(keys_ + file).value(), text);
    }
    fs::remove_all(keys_);
  }
}

TEST_F(PkiFilesTest, WhenCertificateAndKeyAreOfTwoPairs_ThenTheErrorSaysSo) {
  ASSERT_TRUE(Pki::load_or_create(keys_));
  fs::copy_file(keys_ + "/operator.key", keys_ + "/stranger.key", fs::copy_options::overwrite_existing);
  EXPECT_NE(refusal().find("one pair"), std::string::npos) << refusal();
}

TEST_F(PkiFilesTest, WhenTheDirectoryCannotBeMade_ThenTheErrorNamesIt) {
  const auto pki = Pki::load_or_create(home_ + "/missing/pki");
  ASSERT_FALSE(pki);
  EXPECT_NE(pki.error().detail.find(home_ + "/missing/pki"), std::string::npos) << pki.error().detail;
}

TEST_F(PkiFilesTest, WhenSeveralMakeThemAtOnce_ThenAllHaveTheSame) {
  constexpr int kMakers = 4;
  std::vector<Result<Pki>> made;
  made.reserve(kMakers);
  for (int i = 0; i < kMakers; ++i) made.emplace_back(fail(Cause::system, ""));
  {
    std::vector<std::jthread> makers;
    makers.reserve(kMakers);
    for (auto& each : made) makers.emplace_back([&] { each = Pki::load_or_create(keys_); });
  }
  for (const auto& each : made) {
    ASSERT_TRUE(each) << each.error().to_string();
    EXPECT_EQ(each->operator_root.certificate(), made.front()->operator_root.certificate());
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(home_), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace hnbemu::lab
