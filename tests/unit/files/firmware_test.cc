#include "files/firmware.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace hnbemu::files {
namespace {

using testing::HasSubstr;

FirmwareManifest sample() {
  return {"02A1B2", "LTE HeNB/1", "1.0", "2.4.0", 3'000'001, {}};
}

class FirmwareFile : public testing::Test {
 protected:
  ~FirmwareFile() override { std::filesystem::remove(file_); }
  void make(const FirmwareFlaws& flaws = {}) { ASSERT_TRUE(write_firmware(file_, sample(), flaws)); }
  std::string bytes() {
    std::ifstream stream(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void replace(const std::string& bytes) { std::ofstream(file_, std::ios::binary | std::ios::trunc) << bytes; }
  // "" if the image is good.
  std::string verdict() {
    auto image = FirmwareReader::open(file_);
    if (!image) return image.error().detail;
    while (true) {
      const auto whole = image->read_piece();
      if (!whole) return whole.error().detail;
      if (*whole) return "";
    }
  }
  const std::string file_ =
      testing::TempDir() + "firmware_test." + testing::UnitTest::GetInstance()->current_test_info()->name() + ".img";
};

TEST_F(FirmwareFile, WhenMade_ThenItIsReadAsItWasMeant) {
  make();
  const auto image = FirmwareReader::open(file_);
  ASSERT_TRUE(image);
  auto expected = sample();
  expected.payload_sha256 = image->manifest().payload_sha256;
  EXPECT_EQ(image->manifest(), expected);
  EXPECT_EQ(verdict(), "");
}

TEST_F(FirmwareFile, WhenMadeAgain_ThenItIsTheSame) {
  make();
  const auto first = bytes();
  make();
  EXPECT_EQ(bytes(), first);
}

TEST_F(FirmwareFile, WhenThePayloadIsEmpty_ThenItIsGoodAllTheSame) {
  auto manifest = sample();
  manifest.payload_size = 0;
  ASSERT_TRUE(write_firmware(file_, manifest, {}));
  EXPECT_EQ(verdict(), "");
}

TEST_F(FirmwareFile, WhenMadeWrong_ThenTheReaderSaysWhatIsWrong) {
  make({.truncated = true});
  EXPECT_THAT(verdict(), HasSubstr("truncated: 1500000 of 3000001"));
  make({.corrupt = true});
  EXPECT_THAT(verdict(), HasSubstr("SHA-256"));
  make({.bad_signature = true});
  EXPECT_THAT(verdict(), HasSubstr("signature"));
}

TEST_F(FirmwareFile, WhenMoreFollows_ThenItIsRefused) {
  make();
  replace(bytes() + "x");
  EXPECT_THAT(verdict(), HasSubstr("more bytes"));
}

bool is_good_manifest(std::string_view image) {
  const auto read = parse_manifest(image);
  return read && is_signed(image.substr(0, read->signed_bytes), read->signature, read->manifest.oui);
}

TEST_F(FirmwareFile, WhenCutAtAnyByteOfTheManifest_ThenItIsRefused) {
  make();
  const auto whole = bytes();
  const auto end = parse_manifest(whole)->payload_begin;
  for (std::size_t size = 0; size < end; ++size) EXPECT_FALSE(is_good_manifest(whole.substr(0, size))) << size;
  EXPECT_TRUE(is_good_manifest(whole.substr(0, end)));
  replace(whole.substr(0, end));
  EXPECT_THAT(verdict(), HasSubstr("truncated"));
}

TEST_F(FirmwareFile, WhenAnyBitOfTheManifestFlips_ThenItIsRefused) {
  make();
  const auto manifest = bytes().substr(0, kMaxManifestBytes);
  const auto end = parse_manifest(manifest)->payload_begin;
  for (std::size_t bit = 0; bit < end * 8; ++bit) {
    auto flipped = manifest;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(is_good_manifest(flipped)) << "bit " << bit;
  }
}

TEST_F(FirmwareFile, WhenThereIsNoFile_ThenTheErrorIsNotTheImages) {
  const auto image = FirmwareReader::open(file_ + ".none");
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().cause, Cause::system);
}

TEST(FirmwareManifestText, WhenATextIsTooLongOrTwoLines_ThenNoImageIsMade) {
  auto manifest = sample();
  manifest.software_version = std::string(kMaxManifestText + 1, '1');
  EXPECT_FALSE(manifest_text(manifest));
  manifest.software_version = "1\n2";
  EXPECT_FALSE(manifest_text(manifest));
  manifest.software_version.clear();
  EXPECT_FALSE(manifest_text(manifest));
}

TEST(FirmwareManifestText, WhenTheManifestHasNoEnd_ThenItIsNotReadOn) {
  EXPECT_FALSE(parse_manifest("hnbemu firmware image 1\noui: " + std::string(1 << 20, 'A')));
}

TEST(FirmwareSignature, WhenAnotherVendorSigned_ThenItDoesNotFit) {
  EXPECT_TRUE(is_signed("text", sign("text", "02A1B2"), "02A1B2"));
  EXPECT_FALSE(is_signed("text", sign("text", "00DEAD"), "02A1B2"));
  EXPECT_FALSE(is_signed("other", sign("text", "02A1B2"), "02A1B2"));
}

}  // namespace
}  // namespace hnbemu::files
