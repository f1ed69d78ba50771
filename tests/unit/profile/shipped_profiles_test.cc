#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "profile/check.h"
#include "profile/profile_model.h"
#include "profile/tree.h"

namespace hnbemu {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

const std::vector<std::string> kDirectories{HNBEMU_SOURCE_DIR "/profiles"};

class ShippedProfile : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedProfile, WhenChecked_ThenNothingIsWrong) {
  EXPECT_THAT(profile::check(GetParam(), kDirectories).mistakes, IsEmpty());
}

TEST_P(ShippedProfile, WhenFilledIn_ThenDeviceIsItself) {
  const auto loaded = config::load_profile(GetParam(), kDirectories);
  ASSERT_TRUE(loaded) << loaded.error().to_string();
  EXPECT_FALSE(loaded->description.empty());
  const auto model = profile::make_model(*loaded);
  ASSERT_TRUE(model) << model.error().to_string();
  datamodel::DataModel data(*model);
  const auto filled = profile::fill(data, *loaded, profile::sample_fields());
  ASSERT_TRUE(filled) << filled.error().to_string();
  EXPECT_EQ(data.value(loaded->path("serial_number")), "0001");
  EXPECT_EQ(data.value(loaded->path("oui")), loaded->oui);
  EXPECT_EQ(data.value(loaded->path("outer_address")), "100.64.0.1");
  const bool femtocell = loaded->technology != config::Technology::none;
  EXPECT_EQ(data.value(loaded->path("op_state")).value_or("none"), femtocell ? "false" : "none");
}

class ShippedFemtocell : public ::testing::TestWithParam<std::string> {};

// ITU-T X.733, TS 32.111-2 annex A.
TEST_P(ShippedFemtocell, WhenLoaded_ThenItsAlarmsAreManyAndInTheStandardsWords) {
  const auto loaded = config::load_profile(GetParam(), kDirectories);
  ASSERT_TRUE(loaded);
  EXPECT_GE(loaded->alarms.size(), 30u);
  std::set<config::Mechanism> mechanisms;
  for (const auto& alarm : loaded->alarms) {
    EXPECT_THAT((std::set<std::string>{"Communications Alarm", "Quality of Service Alarm", "Processing Error Alarm",
                                       "Equipment Alarm", "Environmental Alarm"}),
                Contains(alarm.event_type))
        << alarm.identifier;
    EXPECT_FALSE(alarm.probable_cause.empty()) << alarm.identifier;
    EXPECT_FALSE(alarm.specific_problem.empty()) << alarm.identifier;
    mechanisms.insert(alarm.mechanism);
  }
  EXPECT_GE(mechanisms.size(), 3u);
  for (const auto cause : config::kAlarmCauses) {
    EXPECT_THAT(loaded->alarms, Contains(::testing::Field(&config::AlarmDefinition::cause, cause)));
  }
  EXPECT_NE(loaded->measurements, nullptr);
}

// TR-157 SupportedDataModel.
TEST(SupportedDataModels, WhenAProfileBuildsOnTwoDocuments_ThenItNamesBoth) {
  const auto loaded = config::load_profile("lte-henb", kDirectories);
  const datamodel::DataModel data(profile::make_model(loaded.value()).value());
  const std::string table = "Device.DeviceInfo.SupportedDataModel";
  EXPECT_EQ(data.value(table + "NumberOfEntries"), "2");
  EXPECT_EQ(data.value(table + ".1.URL"), "http://www.broadband-forum.org/cwmp/tr-181-2-17-0-cwmp-full.xml");
  EXPECT_EQ(data.value(table + ".2.URL"), "http://www.broadband-forum.org/cwmp/tr-196-2-1-2-cwmp-full.xml");
  EXPECT_NE(data.value(table + ".1.UUID"), data.value(table + ".2.UUID"));
}

// TR-106: of a device that follows the standards; vendors leave some out.
class StandardProfile : public ::testing::TestWithParam<std::string> {};

TEST_P(StandardProfile, WhenParameterIsForcedInform_ThenProfileInformsIt) {
  const auto loaded = config::load_profile(GetParam(), kDirectories);
  const auto model = profile::make_model(loaded.value());
  ASSERT_TRUE(model);
  for (const auto& node : profile::tree_of(*model)) {
    if (node.parameter == nullptr || !node.parameter->forced_inform || node.path.find("{i}") != std::string::npos)
      continue;
    EXPECT_THAT(loaded->inform_parameters, Contains(node.path));
  }
}

std::string name_of(const ::testing::TestParamInfo<std::string>& tested) {
  std::string name = tested.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<std::string> femtocells() {
  auto names = config::known_profiles(kDirectories);
  std::erase_if(names, [](const std::string& name) {
    const auto loaded = config::load_profile(name, kDirectories);
    return loaded && loaded->technology == config::Technology::none;
  });
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, ShippedFemtocell, ::testing::ValuesIn(femtocells()), name_of);
INSTANTIATE_TEST_SUITE_P(All, ShippedProfile, ::testing::ValuesIn(config::known_profiles(kDirectories)), name_of);
INSTANTIATE_TEST_SUITE_P(All, StandardProfile,
                         ::testing::Values("cpe", "lte-henb", "umts-hnb", "igd-hnb", "umts-hnb-device2", "dual-mode",
                                           "voip-ata", "stb", "nas"),
                         name_of);

}  // namespace
}  // namespace hnbemu
