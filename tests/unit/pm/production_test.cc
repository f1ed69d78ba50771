#include <gmock/gmock.h>

#include "pm/production.h"

namespace hnbemu::pm {
namespace {

constexpr std::chrono::hours kDay{24};
const WallTime kStart = std::chrono::sys_days{std::chrono::year{2026} / 6 / 1};

config::Profile load(const std::string& name) {
  return config::load_profile(name, {HNBEMU_SOURCE_DIR "/profiles"}).value();
}

class WithTraffic : public testing::TestWithParam<Rat> {
 protected:
  static std::shared_ptr<const Plan> plan() {
    static const auto one = read_plan(load("lte-henb")).value();
    return one;
  }
  Counts of_a_day(Traffic traffic, double fault = 0, std::uint64_t seed = 7) {
    Production production(traffic, seed, {GetParam()});
    production.set_on_air(0, true);
    production.set_fault(fault);
    production.start(kStart);
    EXPECT_TRUE(production.advance(kStart + kDay, {}));
    return production.cells()[0].total;
  }
  double sum(const Counts& counts, std::string_view pattern) const {
    double all = 0;
    for (const auto event : events_of(GetParam()).matching(pattern)) all += counts.sums[event];
    return all;
  }
  double value(const Counts& counts, std::string_view name) const {
    for (const auto& one : plan()->of(GetParam()).measurements) {
      if (one.name == name) return one.value(counts).value_or(-1);
    }
    ADD_FAILURE() << "no measurement " << name;
    return -1;
  }
  bool has(std::string_view name) const {
    return std::ranges::any_of(plan()->of(GetParam()).measurements, [&](const auto& one) { return one.name == name; });
  }
};

TEST_P(WithTraffic, WhenADayHasPassed_ThenAttemptsAreSuccessesAndFailuresInEachMeasurement) {
  Traffic crowded;
  crowded.subscribers = 200;
  const auto counts = of_a_day(crowded, 0.05);
  unsigned checked = 0;
  for (const auto& one : plan()->of(GetParam()).measurements) {
    const auto at = one.name.find("Att");
    if (at == std::string::npos) continue;
    auto succ = one.name, fail = one.name;
    succ.replace(at, 3, "Succ");
    fail.replace(at, 3, "Fail");
    if (fail == "CSG.FailInboundMobility") fail = "CSG.FailedInboundMobility";
    if (!has(succ)) continue;
    EXPECT_LE(value(counts, succ), value(counts, one.name)) << one.name;
    if (!has(fail)) continue;
    EXPECT_GT(value(counts, one.name), 0) << one.name;
    EXPECT_EQ(value(counts, one.name), value(counts, succ) + value(counts, fail)) << one.name;
    ++checked;
  }
  EXPECT_GE(checked, 4u);
}

TEST_P(WithTraffic, WhenADayHasPassed_ThenSubcountersAddUpToTheWhole) {
  const auto counts = of_a_day({}, 0.1);
  for (const auto& one : plan()->of(GetParam()).measurements) {
    if (!one.per.empty() || one.peak) continue;
    double parts = 0;
    unsigned members = 0;
    for (const auto& part : plan()->of(GetParam()).measurements) {
      if (!part.name.starts_with(one.name + ".")) continue;
      parts += part.value(counts).value_or(0);
      ++members;
    }
    if (members == 0) continue;
    EXPECT_EQ(parts, one.value(counts)) << one.name;
  }
}

TEST_P(WithTraffic, WhenMuchFails_ThenThereAreStillNoMoreReleasesThanSetups) {
  for (const double fault : {0.0, 0.5, 1.0}) {
    const auto counts = of_a_day({}, fault);
    if (GetParam() == Rat::lte) {
      const auto set = sum(counts, "init.succ") + sum(counts, "add.succ");
      EXPECT_EQ(set, sum(counts, "drop") + sum(counts, "release"));
    } else {
      for (const auto* const domain : {"cs", "ps"}) {
        EXPECT_EQ(sum(counts, fmt::format("{}.succ", domain)),
                  sum(counts, fmt::format("{}.drop", domain)) + sum(counts, fmt::format("{}.release", domain)));
      }
    }
  }
}

TEST_P(WithTraffic, WhenTheCellIsOffTheAir_ThenOnlyTheTimePasses) {
  Production production(plan()->traffic, 1, {GetParam()});
  production.start(kStart);
  production.advance(kStart + Seconds{1234}, {});
  const auto& total = production.cells()[0].total;
  EXPECT_EQ(sum(total, "time.off"), 1234);
  double all = 0;
  for (const auto one : total.sums) all += one;
  EXPECT_EQ(all, 1234);
}

TEST_P(WithTraffic, WhenLoadOrFaultsRise_ThenMoreFails) {
  const auto rate = [&](const Counts& counts) { return sum(counts, "rrc.fail") / sum(counts, "rrc"); };
  Traffic crowded;
  crowded.subscribers = 300;
  const double idle = rate(of_a_day({}));
  EXPECT_LT(idle, 0.05);
  EXPECT_GT(rate(of_a_day(crowded)), idle + 0.05);
  EXPECT_GT(rate(of_a_day({}, 0.3)), 0.2);
}

TEST_P(WithTraffic, WhenItIsNight_ThenThereIsLessTraffic) {
  Traffic traffic;
  traffic.subscribers = 100;
  double busy = 0, quiet = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    busy += sum(draw(GetParam(), traffic, {20, 0}, 60, i), "rrc");
    quiet += sum(draw(GetParam(), traffic, {8, 0}, 60, i), "rrc");
  }
  EXPECT_GT(quiet, 0);
  EXPECT_GT(busy, 4 * quiet);
}

TEST_P(WithTraffic, WhenSomebodyReadsInBetween_ThenTheCountsAreTheSame) {
  Production once(plan()->traffic, 5, {GetParam()}), often(plan()->traffic, 5, {GetParam()});
  for (auto* const one : {&once, &often}) {
    one->set_on_air(0, true);
    one->start(kStart + Seconds{17});
  }
  for (int i = 0; i < 200; ++i) often.catch_up(kStart + Seconds{17} + Seconds{7} * i, {});
  for (auto* const one : {&once, &often}) one->advance(kStart + Seconds{1700}, {});
  EXPECT_EQ(once.cells()[0].total.sums, often.cells()[0].total.sums);
  EXPECT_EQ(once.cells()[0].total.peaks, often.cells()[0].total.peaks);
  EXPECT_NE(of_a_day({}).sums, of_a_day({}, 0, 8).sums);
}

TEST_P(WithTraffic, WhenTheClockIsSet_ThenThereIsAGap) {
  Production production(plan()->traffic, 5, {GetParam()});
  production.start(kStart);
  EXPECT_FALSE(production.advance(kStart - Seconds{100}, {}));
  EXPECT_FALSE(production.advance(kStart + kDay * 400, {}));
  EXPECT_EQ(sum(production.cells()[0].total, "time"), 0);
  EXPECT_TRUE(production.advance(kStart + kDay * 400 + Seconds{1}, {}));
}

INSTANTIATE_TEST_SUITE_P(Rats, WithTraffic, testing::Values(Rat::umts, Rat::lte),
                         [](const auto& rat) { return rat.param == Rat::umts ? "Umts" : "Lte"; });

TEST(Catalogue, WhenItIsRead_ThenItHasWhatTheStandardsAskFor) {
  const auto plan = read_plan(load("umts-hnb")).value();
  EXPECT_GE(plan->umts.measurements.size(), 60u);
  EXPECT_GE(plan->lte.measurements.size(), 80u);
}

std::string problems_of(const std::string& catalogue, const std::string& performance = "{}") {
  config::Profile profile;
  profile.measurements = config::yaml::parse(catalogue, "m.yaml").value();
  profile.performance = config::yaml::parse(performance, "p.yaml").value();
  const auto plan = read_plan(profile);
  return plan ? "" : plan.error().detail;
}

TEST(Catalogue, WhenItIsWrong_ThenAllOfItIsTold) {
  EXPECT_EQ(problems_of("{lte: {measurements: {A: {A.B: {sum: [rrc.fail.*.congestion]}}}}}"), "");
  const auto said = problems_of(
      "{lte: {measurements: {A: {A.B: {sum: [rcc]}, A.C: {}, A.D: {peak: height}, A.E: {sum: [rrc, rrc.succ]}}}, "
      "stats: "
      "{X: [A.F]}}, gsm: {}}",
      "{format: pdf, granularity_s: 0, traffic: {night: 2}, what: 1}");
  for (const auto* const word : {"'rcc'", "either 'sum' or 'peak'", "height", "an event twice", "'A.F'", "gsm", "pdf",
                                 "granularity_s", "night", "what"}) {
    EXPECT_THAT(said, testing::HasSubstr(word));
  }
}

}  // namespace
}  // namespace hnbemu::pm
