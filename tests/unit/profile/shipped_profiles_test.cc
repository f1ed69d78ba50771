#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datamodel/definition.h"
#include "profile/profile_model.h"
#include "unit/profile/standard_xml.h"

namespace hnbemu {
namespace {

const std::vector<std::string> kDirectories{HNBEMU_SOURCE_DIR "/profiles"};

class ShippedProfile : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedProfile, WhenLoaded_ThenTreeIsWholeAndFillsIn) {
  const auto loaded = config::load_profile(GetParam(), kDirectories);
  ASSERT_TRUE(loaded) << loaded.error().to_string();
  const auto model = profile::make_model(*loaded);
  ASSERT_TRUE(model) << model.error().to_string();
  datamodel::DataModel data(*model);
  const auto filled = profile::fill(data, *loaded,
                                    {{"id", "hnb-0001"},
                                     {"serial", "0001"},
                                     {"mac", "02:A1:B2:00:00:01"},
                                     {"outer_address", "100.64.0.1"},
                                     {"latitude_udeg", "51500000"},
                                     {"longitude_udeg", "-120000"}});
  ASSERT_TRUE(filled) << filled.error().to_string();
  EXPECT_EQ(data.value(loaded->path("serial_number")), "0001");
  EXPECT_EQ(data.value(loaded->path("oui")), loaded->oui);
  EXPECT_EQ(data.value(loaded->path("outer_address")), "100.64.0.1");
  EXPECT_EQ(data.value(loaded->path("op_state")), "false");
}

TEST_P(ShippedProfile, WhenParameterIsForcedInform_ThenProfileInformsIt) {
  const auto loaded = config::load_profile(GetParam(), kDirectories);
  const auto model = profile::make_model(loaded.value());
  const auto names = datamodel::DataModel(*model).names("", false);
  for (const auto& entry : loaded->parameters) {
    if (entry.text.find(" inform") == std::string::npos) continue;
    std::string path = entry.path;
    for (auto at = path.find("{i}"); at != std::string::npos; at = path.find("{i}")) path.replace(at, 3, "1");
    // TR-098: of the WAN connections, the default one alone.
    EXPECT_THAT(loaded->inform_parameters, ::testing::Contains(path)) << entry.place;
  }
}

// The Broadband Forum's model documents, once for all profiles.
const StandardModel& standard_model(const std::string& folder) {
  static const StandardModel model = [&] {
    StandardModel all;
    read_standard(folder + "/tr-098-1-8-0-full.xml", "", all);
    read_standard(folder + "/tr-196-1-1-1-full.xml", "InternetGatewayDevice.Services.", all);
    read_standard(folder + "/tr-181-2-17-0-cwmp-full.xml", "", all);
    read_standard(folder + "/tr-196-2-1-2-cwmp-full.xml", "Device.Services.", all);
    return all;
  }();
  return model;
}

TEST_P(ShippedProfile, WhenComparedWithStandard_ThenNamesTypesAndAccessAgree) {
  const auto folder = standard_documents();
  if (!folder) GTEST_SKIP() << "the Broadband Forum's model documents are not beside the source tree";
  const StandardModel& standard = standard_model(*folder);
  const auto loaded = config::load_profile(GetParam(), kDirectories);
  for (const auto& entry : loaded->parameters) {
    const auto found = standard.find(entry.path);
    if (found == standard.end()) {
      ADD_FAILURE() << entry.place << ": the standard has no " << entry.path;
      continue;
    }
    const auto spec = datamodel::parse_definition(entry.path, entry.text);
    ASSERT_TRUE(spec) << spec.error().detail;
    const auto type = spec->facets.list_items ? spec->facets.item_type : spec->type;
    EXPECT_EQ(datamodel::xsd_name(type), "xsd:" + found->second.type) << entry.place;
    EXPECT_EQ(spec->facets.list_items.has_value(), found->second.list) << entry.place;
    EXPECT_EQ(spec->writable, found->second.writable) << entry.place;
    EXPECT_EQ(spec->hidden, found->second.hidden) << entry.place;
    EXPECT_EQ(spec->forced_inform, found->second.forced_inform) << entry.place;
  }
}

INSTANTIATE_TEST_SUITE_P(All, ShippedProfile, ::testing::ValuesIn(config::known_profiles(kDirectories)),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace hnbemu
