#include "cwmp/transfers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hnbemu::cwmp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const WallTime kNow = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

Download download(const char* key) {
  Download request;
  request.command_key = key;
  request.url = "http://files.example/";
  return request;
}

ScheduleDownload scheduled(std::int32_t retries) {
  ScheduleDownload request;
  request.windows = {{10, 200, "1 At Any Time", "", retries}, {300, 400, "1 At Any Time", "", 0}};
  return request;
}

class TransfersTest : public testing::Test {
 protected:
  std::uint32_t completed(const char* key, int code = 0) {
    const auto id = transfers_.add(download(key), kNow).value();
    transfers_.begin(id, kNow);
    EXPECT_TRUE(transfers_.end(id, code, code == 0 ? "" : "why", kNow + Seconds{1}));
    return id;
  }
  Transfers transfers_;
};

TEST_F(TransfersTest, WhenTwoHaveOneKey_ThenEachIsToldForItself) {
  const auto first = completed("k", 9016);
  const auto second = completed("k");
  EXPECT_THAT(transfers_.untold(), ElementsAre(first, second));
  EXPECT_EQ(std::get<TransferComplete>(transfers_.message(first, Version::v1_2)).fault_code, 9016);
  EXPECT_EQ(std::get<TransferComplete>(transfers_.message(second, Version::v1_2)).fault_code, 0);
}

TEST_F(TransfersTest, WhenAWindowAllowsRetries_ThenItIsTriedAgainInItAndThenInTheNext) {
  const auto id = transfers_.add(scheduled(1), kNow).value();
  EXPECT_EQ(transfers_.next_due(), kNow + Seconds{10});
  for (const auto at : {Seconds{10}, Seconds{70}}) {
    ASSERT_EQ(transfers_.due(kNow + at), id);
    transfers_.begin(id, kNow + at);
    EXPECT_FALSE(transfers_.end(id, 9015, "no answer", kNow + at));
  }
  EXPECT_EQ(transfers_.next_due(), kNow + Seconds{300});
  transfers_.begin(id, kNow + Seconds{300});
  EXPECT_TRUE(transfers_.end(id, 9015, "no answer", kNow + Seconds{301}));
  EXPECT_EQ(transfers_.find(id)->fault_code, 9020);
}

TEST_F(TransfersTest, WhenAllWindowsAreOver_ThenItHasFailed) {
  const auto id = transfers_.add(scheduled(0), kNow).value();
  EXPECT_THAT(transfers_.expire(kNow + Seconds{250}), IsEmpty());
  EXPECT_EQ(transfers_.find(id)->window, 1u);
  EXPECT_THAT(transfers_.expire(kNow + Seconds{401}), ElementsAre(id));
}

TEST_F(TransfersTest, WhenThePowerComesBack_ThenWhatWasUnderWayIsBegunAgainAndWhatWaitedForTheBootIsDone) {
  const auto under_way = transfers_.add(download("a"), kNow).value();
  const auto booting = transfers_.add(download("b"), kNow).value();
  const auto at_once = transfers_.add(download("c"), kNow).value();
  transfers_.begin(under_way, kNow);
  transfers_.begin(booting, kNow);
  transfers_.await_boot(booting);
  transfers_.begin_at_once(at_once, kNow);
  transfers_.power_up(kNow + Seconds{5});
  EXPECT_EQ(transfers_.due(kNow + Seconds{5}), under_way);
  EXPECT_THAT(transfers_.untold(), ElementsAre(booting));
  EXPECT_EQ(transfers_.find(at_once), nullptr);
}

TEST_F(TransfersTest, WhenAServersWordsAreInTheFault_ThenTheyArePlainAndShort) {
  const auto id = transfers_.add(download("k"), kNow).value();
  transfers_.begin(id, kNow);
  transfers_.end(id, 9010, std::string("\x01\xff<&") + std::string(1000, 'x'), kNow);
  const auto message = std::get<TransferComplete>(transfers_.message(id, Version::v1_2));
  EXPECT_THAT(message.fault_string, SizeIs(256));
  EXPECT_TRUE(message.fault_string.starts_with("?\?<&x"));
}

TEST_F(TransfersTest, WhenTheListIsFull_ThenTheNextIsRefused) {
  for (std::size_t i = 0; i < Transfers::kMaxTransfers; ++i) ASSERT_TRUE(transfers_.add(download("k"), kNow));
  EXPECT_EQ(transfers_.add(download("k"), kNow).error(), datamodel::FaultCode::resources_exceeded);
  EXPECT_TRUE(transfers_.cancel("k"));
  EXPECT_TRUE(transfers_.add(download("k"), kNow));
}

}  // namespace
}  // namespace hnbemu::cwmp
