#include "generators/spec.h"

#include <gmock/gmock.h>

#include "profile/profile_model.h"
#include "unit/generators/live_device.h"

namespace hnbemu::generators {
namespace {

using ::testing::HasSubstr;

std::string mistake(const std::string& yaml) {
  const auto plan = plan_of(yaml, typed_model());
  return plan ? "(none)" : plan.error().detail;
}

TEST(GeneratorSpec, WhenEveryKindIsWritten_ThenEachIsRead) {
  const auto plan = plan_of(R"(generators:
  Device.U: uptime
  Device.I: {random_walk: {start: 5, step: 1, min: 0, max: 9, every_s: 10}}
  Device.L: {counter: 12.5}
  Device.S: {sequence: [a, b]}
  Device.T: {clock: {unsynchronised_until_s: 30}}
  Device.B: {choice: {values: {true: 9, false: 1}, period_s: 5}}
  Device.Small: {diurnal: {low: 1, high: 30, peak_hour: 20, noise: 0.1}}
  Device.C: {constant: true}
)",
                            typed_model());
  ASSERT_TRUE(plan) << plan.error().detail;
  const auto& specs = (*plan)->specs;
  ASSERT_EQ(specs.size(), 8U);
  EXPECT_TRUE(std::holds_alternative<Uptime>(specs[0].rule));
  EXPECT_EQ(std::get<RandomWalk>(specs[1].rule).max, 9);
  EXPECT_EQ(specs[1].every, Seconds{10});
  EXPECT_EQ(specs[1].period, Seconds{10});
  EXPECT_EQ(std::get<Counter>(specs[2].rule).rate_per_s, 12.5);
  EXPECT_EQ(std::get<Sequence>(specs[3].rule).values, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(std::get<ClockTime>(specs[4].rule).unsynchronised_until, Seconds{30});
  EXPECT_EQ(specs[5].period, Seconds{5});
  EXPECT_EQ(specs[5].every, Seconds{0});
  EXPECT_EQ(specs[7].place, "p.yaml:9:13");
}

TEST(GeneratorSpec, WhenSomethingIsWrong_ThenErrorSaysWhereAndWhat) {
  EXPECT_EQ(mistake("generators:\n  Device.U: uptme\n"),
            "p.yaml:2:13: unknown generator 'uptme', did you mean 'uptime'?");
  EXPECT_EQ(mistake("generators:\n  Device.I: {random_walk: {start: 1, step: 1, min: 0, max: 5, evry_s: 3}}\n"),
            "p.yaml:2:63: unknown key 'evry_s', did you mean 'every_s'?");
  EXPECT_THAT(mistake("generators:\n  Device.I: {random_walk: {start: 9, step: 1, min: 0, max: 5}}\n"),
              HasSubstr("'start' is between 'min' and 'max'"));
  EXPECT_THAT(mistake("generators: {Device.U: {counter: {jitter: 0.5}}}"), HasSubstr("needs the key 'rate_per_s'"));
  EXPECT_THAT(mistake("generators: {Device.U: {counter: {rate_per_s: .nan}}}"), HasSubstr("must be a number"));
  EXPECT_THAT(mistake("generators: {Device.U: {counter: 1, uptime: 2}}"), HasSubstr("a generator is one of"));
  EXPECT_THAT(mistake("generators: {Device.U: [uptime]}"), HasSubstr("a generator is one of"));
  EXPECT_THAT(mistake("generators: [uptime]"), HasSubstr("generators must be a map"));
  EXPECT_THAT(mistake("generators: {Device.S: {template: '{serail}'}}"), HasSubstr("did you mean 'serial'"));
  EXPECT_THAT(mistake("generators: {Device.S: {uptime: {format: '{days}'}}}"), HasSubstr("no field 'days'"));
  EXPECT_THAT(mistake("generators: {Device.S: {real: outer_bytes}}"), HasSubstr("'fact' must be one of outer_address"));
  EXPECT_THAT(mistake("generators: {Device.S: {sequence: []}}"), HasSubstr("'values' has 1 to"));
  EXPECT_THAT(mistake("generators: {Device.S: {choice: {values: {a: 0}}}}"), HasSubstr("weights above 0"));
  EXPECT_THAT(mistake("generators: {Device.S: {random_walk: 5}}"), HasSubstr("must be a map"));
  EXPECT_THAT(mistake("generators: {Device.S: {template: }}"), HasSubstr("'text'"));
  EXPECT_THAT(mistake("generators: {Device.U: {uptime: {every_s: 0}}}"), HasSubstr("'every_s' must be from 1"));
}

TEST(GeneratorSpec, WhenModelDoesNotFit_ThenErrorSaysWhatDoesNot) {
  EXPECT_EQ(mistake("generators: {Device.No: uptime}"),
            "p.yaml:1:25: 'Device.No' is no parameter that can have a generator");
  EXPECT_EQ(mistake("generators: {Device.Small: {diurnal: {low: 1, high: 101, peak_hour: 3}}}"),
            "p.yaml:1:28: '101' is no legal value of Device.Small");
  EXPECT_THAT(mistake("generators: {Device.B: {choice: {values: {on: 1}}}}"), HasSubstr("'on' is no legal value"));
  EXPECT_THAT(mistake("generators: {Device.B: clock}"), HasSubstr("no legal value"));
}

TEST(GeneratorSpec, WhenLinkIsWrong_ThenErrorSaysWhereAndWhat) {
  EXPECT_THAT(mistake("links: [{when: Device.B, is: 1, set: Device.C}]"),
              HasSubstr("p.yaml:1:9: a link needs the key"));
  EXPECT_EQ(mistake("links: [{when: Device.X, is: 1, set: Device.C, to: 1}]"),
            "p.yaml:1:9: there is no parameter 'Device.X'");
  EXPECT_EQ(mistake("links: [{when: Device.B, is: maybe, set: Device.C, to: 1}]"),
            "p.yaml:1:9: 'maybe' is no legal value of Device.B");
  EXPECT_THAT(mistake("generators: {Device.U: uptime}\nlinks: [{when: Device.U, is: 60, set: Device.C, to: 1}]"),
              HasSubstr("is made when it is read"));
}

TEST(GeneratorSpec, WhenProfileIsShipped_ThenItsGeneratorsFitItsModel) {
  const std::vector<std::string> directories{HNBEMU_SOURCE_DIR "/profiles"};
  for (const auto& name : config::known_profiles(directories)) {
    const auto profile = config::load_profile(name, directories).value();
    const auto plan = read_plan(profile, profile::make_model(profile).value());
    ASSERT_TRUE(plan) << plan.error().detail;
    const auto& specs = (*plan)->specs;
    EXPECT_TRUE(std::any_of(specs.begin(), specs.end(), [&](const Spec& spec) {
      return spec.path == profile.path("up_time") && std::holds_alternative<Uptime>(spec.rule);
    })) << name;
  }
}

}  // namespace
}  // namespace hnbemu::generators
