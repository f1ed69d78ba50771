#include "adapters/trace/ring.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hnbemu::trace {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RingTest : public ::testing::Test {
 protected:
  RingTest() : file_(fmt::format("{}hnbemu_ring_{}", ::testing::TempDir(), ::getpid())) {}
  ~RingTest() override {
    std::filesystem::remove(file_);
    std::filesystem::remove(file_ + ".1");
  }
  std::string file_;
};

TEST_F(RingTest, WhenRecordsHaveNewlinesAndBackslashes_ThenTheyAreReadBackAsTheyWere) {
  Ring ring(file_, 1000);
  ring.append("one\ntwo\\n\\");
  ring.append("");
  EXPECT_THAT(ring.read(), ElementsAre("one\ntwo\\n\\", ""));
  EXPECT_THAT(Ring(file_, 1000).read(), ElementsAre("one\ntwo\\n\\", ""));
}

TEST_F(RingTest, WhenItIsFull_ThenTheNewestStayWithinTheBound) {
  Ring ring(file_, 1000);
  for (int i = 0; i < 1000; ++i) ring.append(fmt::format("record {}", i));
  const auto records = ring.read();
  EXPECT_EQ(records.back(), "record 999");
  EXPECT_GT(records.size(), 30u);
  EXPECT_EQ(records.front(), fmt::format("record {}", 1000 - records.size()));
  EXPECT_LE(std::filesystem::file_size(file_) + std::filesystem::file_size(file_ + ".1"), 1000u);
}

TEST_F(RingTest, WhenARecordIsTooLong_ThenItIsCutAndSaysSo) {
  Ring ring(file_, 1 << 20);
  ring.append(std::string(kMaxRecordBytes + 7, 'x'));
  EXPECT_THAT(ring.read().at(0), ::testing::EndsWith("x [7 bytes more]"));
}

TEST_F(RingTest, WhenTheLastLineWasNotWrittenWholly_ThenItIsLeftOut) {
  Ring ring(file_, 1000);
  ring.append("whole");
  std::ofstream(file_, std::ios::app) << "tor";
  EXPECT_THAT(ring.read(), ElementsAre("whole"));
}

TEST_F(RingTest, WhenThereIsNoPlaceToWrite_ThenRecordsAreCountedAsLost) {
  Ring ring("/nonexistent/ring", 1000);
  ring.append("x");
  EXPECT_THAT(ring.read(), IsEmpty());
  EXPECT_EQ(ring.lost(), 1u);
}

}  // namespace
}  // namespace hnbemu::trace
