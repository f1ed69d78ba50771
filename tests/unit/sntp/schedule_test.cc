#include "sntp/schedule.h"

#include <gmock/gmock.h>

namespace hnbemu::sntp {
namespace {

class ScheduleTest : public testing::Test {
 protected:
  void begin(std::vector<std::string> servers) { schedule_.begin(std::move(servers), now_); }
  // Goes to when the next server is due, and gives its name.
  std::string next() {
    now_ = std::max(now_, schedule_.due());
    return schedule_.server();
  }
  Seconds wait() const { return std::chrono::ceil<Seconds>(schedule_.due() - now_); }

  std::mt19937_64 random_{7};
  Deadline now_{std::chrono::hours(1)};
  Schedule schedule_{random_};
};

TEST_F(ScheduleTest, WhenThereIsNoServer_ThenNothingIsDue) {
  begin({});
  EXPECT_EQ(schedule_.due(), Deadline::max());
  EXPECT_EQ(schedule_.status(now_), Status::unsynchronised);
}

TEST_F(ScheduleTest, WhenFirstIsSilent_ThenSecondIsAskedAtOnce) {
  begin({"a", "b"});
  EXPECT_EQ(next(), "a");
  schedule_.refused(Refusal::silent, now_);
  EXPECT_EQ(wait(), Seconds{0});
  EXPECT_EQ(next(), "b");
  EXPECT_EQ(schedule_.status(now_), Status::unsynchronised);
  schedule_.answered(now_);
  EXPECT_EQ(schedule_.status(now_), Status::synchronised);
  EXPECT_EQ(next(), "b");
}

TEST_F(ScheduleTest, WhenServerAnswers_ThenItIsAskedLessAndLessOften) {
  begin({"a"});
  std::vector<Seconds> waits;
  for (int i = 0; i < 8; ++i) {
    next();
    schedule_.answered(now_);
    waits.push_back(wait());
  }
  EXPECT_GE(waits.front(), Schedule::kMinPoll);
  EXPECT_LE(waits.front(), Schedule::kMinPoll * 5 / 4);
  EXPECT_GE(waits.back(), Schedule::kMaxPoll);
  EXPECT_LE(waits.back(), Schedule::kMaxPoll * 5 / 4);
}

TEST_F(ScheduleTest, WhenNobodyAnswers_ThenRoundsAreFartherAndFartherApart) {
  begin({"a", "b"});
  Seconds last{0};
  for (int round = 0; round < 10; ++round) {
    EXPECT_EQ(next(), "a");
    schedule_.refused(Refusal::silent, now_);
    EXPECT_EQ(next(), "b");
    schedule_.refused(Refusal::nonsense, now_);
    EXPECT_EQ(schedule_.status(now_), Status::failed);
    EXPECT_GE(wait(), Schedule::kFirstRetry);
    EXPECT_LE(wait(), Schedule::kMaxRetry * 5 / 4);
    EXPECT_GE(wait(), std::min(last, Schedule::kMaxRetry));
    last = wait();
  }
}

TEST_F(ScheduleTest, WhenServerDenies_ThenItIsNeverAskedAgain) {
  begin({"a", "b"});
  next();
  schedule_.refused(Refusal::denied, now_);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(next(), "b");
    schedule_.refused(Refusal::silent, now_);
  }
  next();
  schedule_.refused(Refusal::denied, now_);
  EXPECT_EQ(schedule_.due(), Deadline::max());
  EXPECT_EQ(schedule_.status(now_), Status::failed);
}

TEST_F(ScheduleTest, WhenServerAsksForLess_ThenTheNextRoundIsLater) {
  begin({"a"});
  next();
  schedule_.refused(Refusal::rate, now_);
  EXPECT_GE(wait(), Schedule::kMinPoll);
}

TEST_F(ScheduleTest, WhenServerGoes_ThenTimeStaysGoodForADay) {
  begin({"a"});
  next();
  schedule_.answered(now_);
  const auto synchronised = now_;
  while (now_ < synchronised + std::chrono::hours(23)) {
    next();
    schedule_.refused(Refusal::silent, now_);
  }
  EXPECT_EQ(schedule_.status(synchronised + std::chrono::hours(23)), Status::synchronised);
  EXPECT_EQ(schedule_.status(synchronised + Schedule::kHoldover), Status::failed);
}

TEST_F(ScheduleTest, WhenServersAreOthers_ThenItBeginsAnew) {
  begin({"a"});
  next();
  schedule_.answered(now_);
  begin({"b"});
  EXPECT_EQ(schedule_.status(now_), Status::unsynchronised);
  EXPECT_EQ(wait(), Seconds{0});
  EXPECT_EQ(next(), "b");
}

}  // namespace
}  // namespace hnbemu::sntp
