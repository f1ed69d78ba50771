#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile_folder.h"

namespace hnbemu::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kGood = std::string(R"(technology: henb
cwmp_version: "1.2"
boot_time_s: 7
identity: {manufacturer: M, oui: "00256D", product_class: P, hardware_version: "1", software_version: "2"}
)") + kRoles + R"(inform_parameters: [Device.I.SoftwareVersion]
objects:
  Device.I.:
    SerialNumber: string(:64) ro
values:
  Device.I.SerialNumber: "S-{serial}"
)";

class ProfileFiles : public ProfileFolder {
 protected:
  // The first mistake of kGood with `from` replaced by `to`.
  std::string mistake(const std::string& from, const std::string& to) {
    std::string text = kGood;
    text.replace(text.find(from), from.size(), to);
    write("wrong.yaml", text);
    return mistake_in("wrong");
  }
};

TEST_F(ProfileFiles, WhenFileIsGood_ThenProfileHasWhatItSays) {
  write("good.yaml", kGood);
  const auto profile = load_profile("good", {"/nonexistent", folder_});
  ASSERT_TRUE(profile) << profile.error().to_string();
  EXPECT_EQ(profile->name, "good");
  EXPECT_EQ(profile->technology, Technology::henb);
  EXPECT_EQ(profile->boot_time, Seconds(7));
  EXPECT_EQ(profile->rem_time, Seconds(1));
  EXPECT_FALSE(profile->quirks.rem_not_ready);
  EXPECT_TRUE(profile->optional_rpcs.empty());
  EXPECT_EQ(profile->path("acs_url"), "Device.M.URL");
  EXPECT_EQ(profile->path("gateway"), "");
  ASSERT_EQ(profile->parameters.size(), 1u);
  EXPECT_EQ(profile->parameters[0].path, "Device.I.SerialNumber");
  EXPECT_EQ(profile->parameters[0].text, "string(:64) ro");
  EXPECT_EQ(profile->parameters[0].place, folder_ + "/good.yaml:21:19");
}

TEST_F(ProfileFiles, WhenFileHasMistake_ThenPlaceAndReasonAreTold) {
  EXPECT_EQ(mistake("boot_time_s", "boot_times"),
            "wrong.yaml:3:1: unknown key 'boot_times', did you mean 'boot_time_s'?");
  EXPECT_EQ(mistake("technology: henb", "technology: hemb"),
            "wrong.yaml:1:13: 'technology' must be one of hnb, henb, none, not 'hemb', did you mean 'henb'?");
  EXPECT_EQ(mistake("technology: henb\n", ""), "wrong.yaml:1:1: a profile needs the key 'technology'");
  EXPECT_EQ(mistake("\"00256D\"", "00256d"),
            "wrong.yaml:4:34: 'oui' must be six hexadecimal digits in upper case and in quotes, \"00256D\"");
  EXPECT_EQ(mistake("  acs_url: Device.M.URL\n", ""), "wrong.yaml:6:3: roles needs the key 'acs_url'");
  EXPECT_EQ(mistake("{serial}", "{seriel}"),
            "wrong.yaml:23:26: 'S-{seriel}': a device has no field 'seriel', did you mean 'serial'?");
  EXPECT_EQ(mistake("{serial}", "{serial"), "wrong.yaml:23:26: 'S-{serial': '{' without '}'");
  EXPECT_EQ(mistake("Device.I.:", "Device.I:"), "wrong.yaml:20:3: the object's path 'Device.I' must end in '.'");
  EXPECT_EQ(mistake("boot_time_s: 7", "boot_time_s: -1"),
            "wrong.yaml:3:14: 'boot_time_s' must be from 0 to 3600, not -1");
}

TEST_F(ProfileFiles, WhenOuiCouldBeReadAsNumber_ThenQuotesAreAskedFor) {
  EXPECT_THAT(mistake("\"00256D\"", "000050"), HasSubstr("in quotes"));
  EXPECT_EQ(mistake("\"00256D\"", "\"000050\""), "");
}

TEST_F(ProfileFiles, WhenFileHasSeveralMistakes_ThenAllAreTold) {
  write("wrong.yaml", kGood + "rowz: []\nquirks: {statusx: true, soap_id: \"{m}\"}\n");
  const auto detail = load_profile("wrong", {folder_}).error().detail;
  EXPECT_THAT(detail, HasSubstr("unknown key 'rowz', did you mean 'rows'?"));
  EXPECT_THAT(detail, HasSubstr("unknown key 'statusx', did you mean 'status_1'?"));
  EXPECT_THAT(detail, HasSubstr("a device has no field 'm'"));
}

TEST_F(ProfileFiles, WhenDeviceIsNoFemtocell_ThenItNeedsNoCell) {
  EXPECT_EQ(mistake("  op_state: Device.F.OpState\n", ""), "wrong.yaml:6:3: roles needs the key 'op_state'");
  std::string text = kGood;
  text.replace(text.find("technology: henb"), 16, "technology: none");
  text.replace(text.find("  op_state: Device.F.OpState\n"), 29, "");
  write("cpe.yaml", text);
  const auto profile = load_profile("cpe", {folder_});
  ASSERT_TRUE(profile) << profile.error().detail;
  EXPECT_EQ(profile->technology, Technology::none);
}

TEST_F(ProfileFiles, WhenOptionalMethodsAreListed_ThenTheyAreReadAndOthersAreTold) {
  write("more.yaml", kGood + "optional_rpcs: [SetVouchers, GetOptions]\n");
  const auto profile = load_profile("more", {folder_});
  ASSERT_TRUE(profile) << profile.error().detail;
  EXPECT_EQ(profile->optional_rpcs, (std::vector<std::string>{"SetVouchers", "GetOptions"}));
  write("wrong.yaml", kGood + "optional_rpcs: [Reboot]\n");
  EXPECT_THAT(load_profile("wrong", {folder_}).error().detail, HasSubstr("'Reboot' is none of the optional methods"));
  EXPECT_EQ(mistake("cwmp_version: \"1.2\"", "cwmp_version: \"1.1\"\noptional_rpcs: [ChangeDUState]"),
            "wrong.yaml:3:17: ChangeDUState needs cwmp_version 1.2, not 1.1");
}

TEST_F(ProfileFiles, WhenProfileHasQuirks_ThenTheyAreRead) {
  write("odd.yaml", kGood +
                        "quirks: {lenient_types: true, status_1: true, download_status_0: true, "
                        "denies_active_notification: true, soap_id: \"CPE_{n}\", "
                        "rem_not_ready: true,\n"
                        "  clock_starts_1970: true, value_change_on_boot: true,\n"
                        "  connection_request_path: \"/CR?sn={serial}\"}\n");
  const auto profile = load_profile("odd", {folder_});
  ASSERT_TRUE(profile) << profile.error().detail;
  const auto& quirks = profile->quirks;
  EXPECT_TRUE(quirks.lenient_types && quirks.status_1 && quirks.download_status_0 &&
              quirks.denies_active_notification && quirks.clock_starts_1970 && quirks.value_change_on_boot);
  EXPECT_EQ(quirks.soap_id, "CPE_{n}");
  EXPECT_TRUE(quirks.rem_not_ready);
  EXPECT_EQ(quirks.connection_request_path, "/CR?sn={serial}");
}

TEST_F(ProfileFiles, WhenProfileTakesPartsOfModels_ThenTheyAreRead) {
  write("parts.yaml",
        kGood +
            "models:\n"
            "  device-2: [Device.Time.]\n"
            "  fapservice-2: {has: ['FAPService.{i}.'], without: ['FAPService.{i}.REM.'], mount: Device.Services.}\n");
  const auto profile = load_profile("parts", {folder_});
  ASSERT_TRUE(profile) << profile.error().detail;
  ASSERT_EQ(profile->models.size(), 2u);
  EXPECT_EQ(profile->models[0].table, "device-2");
  EXPECT_EQ(profile->models[0].has[0].path, "Device.Time.");
  EXPECT_EQ(profile->models[1].without[0].path, "FAPService.{i}.REM.");
  EXPECT_EQ(profile->models[1].mount, "Device.Services.");
  EXPECT_EQ(profile->root(), "Device.");
}

TEST_F(ProfileFiles, WhenProfileIsUnknown_ThenNearOneAndAllAreNamed) {
  write("umts-hnb.yaml", kGood);
  write("lte-henb.yaml", kGood);
  write("README.md", "");
  EXPECT_THAT(known_profiles({folder_, "/nonexistent"}), ElementsAre("lte-henb", "umts-hnb"));
  EXPECT_EQ(load_profile("umts_hnb", {folder_}).error().detail,
            "unknown profile 'umts_hnb', did you mean 'umts-hnb'?; there are lte-henb, umts-hnb");
  EXPECT_EQ(load_profile("x", {"/nonexistent"}).error().detail, "unknown profile 'x'; there are none");
  EXPECT_THAT(load_profile(folder_ + "/none.yaml", {}).error().detail, HasSubstr("No such file"));
}

TEST(Template, WhenTextHasFields_ThenTheyAreReplaced) {
  EXPECT_EQ(expand("{oui}-{serial}", {{"oui", "00256D"}, {"serial", "7"}}), "00256D-7");
  EXPECT_EQ(expand("plain", {}), "plain");
  EXPECT_FALSE(expand("{", {}));
  EXPECT_TRUE(is_template("{serial}"));
}

}  // namespace
}  // namespace hnbemu::config
