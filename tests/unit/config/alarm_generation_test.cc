#include "config/alarm_generation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hnbemu::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Read {
  AlarmGeneration generation;
  std::vector<std::string> problems;
};

Read read(const std::string& text) {
  const auto node = yaml::parse(text, "f.yaml").value();
  yaml::Problems problems;
  auto generation = read_alarm_generation(*node, "alarms", problems);
  return {std::move(generation), problems.list()};
}

TEST(AlarmGeneration, WhenNothingIsSaid_ThenTheRateIsTheCataloguesAndThereAreNoStorms) {
  const auto [generation, problems] = read("{}");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(generation.rate, 1);
  EXPECT_THAT(generation.day_curve, IsEmpty());
  EXPECT_EQ(generation.storms.per_day, 0);
}

TEST(AlarmGeneration, WhenAllIsSaid_ThenItIsRead) {
  const auto [generation, problems] = read(
      "rate: 0.5\nday_curve: [0,0,0,0,0,0,1,1,1,1,1,1,1,1,1,1,1,1,2.5,2,1,1,1,0]\n"
      "storms: {per_day: 2, alarms: 7, within_s: 9}");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(generation.rate, 0.5);
  ASSERT_THAT(generation.day_curve, SizeIs(24));
  EXPECT_EQ(generation.day_curve[18], 2.5);
  EXPECT_EQ(generation.storms.alarms, 7u);
  EXPECT_EQ(generation.storms.within, Seconds{9});
}

TEST(AlarmGeneration, WhenItIsWrong_ThenThePlaceIsSaid) {
  EXPECT_THAT(read("day_curve: [1, 2]").problems, ElementsAre(HasSubstr("has 2 factors; a day has 24")));
  EXPECT_THAT(read("day_curve: [nan]").problems, ElementsAre(HasSubstr("f.yaml:1:13")));
  EXPECT_THAT(read("rate: -1").problems, SizeIs(1));
  EXPECT_THAT(read("storms: {alarms: 0}").problems, SizeIs(1));
  EXPECT_THAT(read("storm: {}").problems, ElementsAre(HasSubstr("did you mean 'storms'")));
}

}  // namespace
}  // namespace hnbemu::config
