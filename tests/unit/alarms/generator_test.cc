#include "alarms/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time.h"

namespace hnbemu::alarms {
namespace {

using std::chrono::hours;
using testing::AllOf;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

constexpr Deadline kStart = Deadline{} + hours(1);

config::AlarmDefinition alarm(const std::string& identifier, double per_day, unsigned flaps = 1) {
  config::AlarmDefinition one;
  one.identifier = identifier;
  one.specific_problem = "problem " + identifier;
  one.chance = {per_day, Seconds{30}, Seconds{60}, flaps};
  return one;
}

struct Done {
  Deadline at;
  std::string what;  // "+1" raised, "-1" cleared
  std::string text{};
};

// What a generator does in a time; the wall clock begins at midnight.
std::vector<Done> run(Generator& generator, Deadline from, Seconds time) {
  const auto midnight = *parse_date_time("2026-01-01T00:00:00Z");
  std::vector<Done> done;
  while (generator.next() <= from + time) {
    const auto now = generator.next();
    const auto wall = midnight + std::chrono::duration_cast<WallTime::duration>(now - kStart);
    const auto acts = generator.take(now, wall);
    EXPECT_LE(acts.size(), Generator::kMaxActs);
    for (const auto& act : acts) done.push_back({now, (act.raise ? "+" : "-") + act.alarm->identifier, act.text});
  }
  return done;
}

std::size_t count(const std::vector<Done>& all, const std::string& what) {
  return static_cast<std::size_t>(std::ranges::count(all, what, &Done::what));
}

class Generating : public testing::Test {
 protected:
  std::vector<Done> day(config::AlarmGeneration how, int days = 1, std::uint64_t seed = 1) {
    Generator generator(catalogue_, std::move(how), seed);
    generator.power_up(kStart);
    return run(generator, kStart, hours(24 * days));
  }
  std::vector<config::AlarmDefinition> catalogue_{alarm("1", 10), alarm("2", 0)};
};

TEST_F(Generating, WhenAnAlarmHasARate_ThenItComesAboutThatOftenAndAlwaysGoes) {
  const auto all = day({}, 100);
  EXPECT_THAT(count(all, "+1"), AllOf(Ge(900u), Le(1100u)));
  EXPECT_LE(count(all, "+1") - count(all, "-1"), 1u);
  EXPECT_EQ(count(all, "+2"), 0u);
  EXPECT_THAT(day({2}, 100), SizeIs(AllOf(Ge(3600u), Le(4400u))));
  EXPECT_THAT(day({0}, 100), IsEmpty());
}

TEST_F(Generating, WhenItComes_ThenItLastsAsLongAsTheCatalogueSays) {
  const auto all = day({}, 10);
  std::optional<Deadline> raised;
  for (const auto& one : all) {
    if (one.what == "+1") raised = one.at;
    if (one.what == "-1") {
      EXPECT_GE(one.at - *raised, Seconds{29});
    }
  }
}

TEST_F(Generating, WhenTheSeedIsTheSame_ThenSoAreTheAlarms) {
  const auto whats = [](const std::vector<Done>& all) {
    std::vector<Deadline> times;
    for (const auto& one : all) times.push_back(one.at);
    return times;
  };
  EXPECT_EQ(whats(day({}, 10, 7)), whats(day({}, 10, 7)));
  EXPECT_NE(whats(day({}, 10, 7)), whats(day({}, 10, 8)));
}

TEST_F(Generating, WhenTheDayHasACurve_ThenAlarmsComeInItsHours) {
  config::AlarmGeneration how;
  how.day_curve.assign(24, 0);
  how.day_curve[8] = 24;
  const auto all = day(how, 50);
  EXPECT_THAT(count(all, "+1"), AllOf(Ge(350u), Le(600u)));
  for (const auto& one : all) {
    if (one.what == "+1") {
      EXPECT_EQ(std::chrono::floor<hours>(one.at - kStart).count() % 24, 8);
    }
  }
}

TEST_F(Generating, WhenAnAlarmFlaps_ThenItComesAndGoesSeveralTimes) {
  catalogue_ = {alarm("1", 1, 5)};
  Generator generator(catalogue_, {}, 3);
  generator.power_up(kStart);
  const auto all = run(generator, kStart, hours(24 * 200));
  EXPECT_THAT(count(all, "+1"), AllOf(Ge(450u), Le(750u)));  // three a time
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_NE(all[i].what, all[i - 1].what);
}

TEST_F(Generating, WhenAnAlarmBringsOthers_ThenTheyComeAndGoWithIt) {
  catalogue_ = {alarm("power", 1), alarm("fan", 0), alarm("heat", 0)};
  catalogue_[0].brings = {"fan", "power", "none"};
  catalogue_[1].brings = {"heat", "power"};
  const auto all = day({}, 5);
  const auto n = count(all, "+power");
  ASSERT_GE(n, 1u);
  EXPECT_EQ(count(all, "+fan"), n);
  EXPECT_EQ(count(all, "+heat"), n);
  EXPECT_EQ(count(all, "-heat"), n);
  const auto fan = std::ranges::find(all, "+fan", &Done::what);
  EXPECT_EQ(fan->text, "follows from problem power");
}

TEST_F(Generating, WhenAnAlarmHasTwoReasons_ThenItIsRaisedOnceAndGoesWithTheLast) {
  catalogue_ = {alarm("1", 20'000)};
  int there = 0;
  for (const auto& one : day({})) {
    there += one.what == "+1" ? 1 : -1;
    ASSERT_TRUE(there == 0 || there == 1);
  }
}

TEST_F(Generating, WhenThereIsAStorm_ThenManyComeAtOnce) {
  config::AlarmGeneration how;
  how.rate = 0;
  how.storms = {1, 200, Seconds{60}};
  catalogue_.clear();
  for (int i = 0; i < 300; ++i) catalogue_.push_back(alarm(std::to_string(i), 1));
  Generator generator(catalogue_, how, 5);
  generator.power_up(kStart);
  const auto all = run(generator, kStart, hours(24 * 3));
  ASSERT_FALSE(all.empty());
  std::size_t in_first_minute = 0;
  for (const auto& one : all) in_first_minute += one.what[0] == '+' && one.at - all.front().at <= Seconds{70};
  EXPECT_GE(in_first_minute, 80u);
}

TEST_F(Generating, WhenThereIsNoRoom_ThenItIsCountedAndAllStaysBounded) {
  config::AlarmGeneration how;
  how.storms = {10'000, 1'000, Seconds{600}};
  Generator generator(catalogue_, how, 1);
  generator.power_up(kStart);
  const auto all = run(generator, kStart, hours(2));
  EXPECT_GT(generator.dropped(), 0u);
  EXPECT_LE(all.size(), Generator::kMaxActs * 7'201);
}

TEST_F(Generating, WhenThePowerGoes_ThenNothingComes) {
  Generator generator(catalogue_, {100}, 1);
  EXPECT_EQ(generator.next(), Deadline::max());
  generator.power_up(kStart);
  EXPECT_THAT(run(generator, kStart, hours(1)), testing::Not(IsEmpty()));
  generator.power_down();
  EXPECT_EQ(generator.next(), Deadline::max());
}

TEST_F(Generating, WhenTheCatalogueIsEmpty_ThenNothingComes) {
  catalogue_.clear();
  config::AlarmGeneration how;
  how.storms.per_day = 100;
  EXPECT_THAT(day(how), IsEmpty());
}

}  // namespace
}  // namespace hnbemu::alarms
