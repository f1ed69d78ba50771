#include "hms/provisioning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device_double.h"
#include "hms/config_yaml.h"

namespace hnbemu::hms {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Glob, WhenPatternHasStars_ThenItMatchesAsAShellDoes) {
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("a*c", "abbc"));
  EXPECT_TRUE(glob_matches("a?c*", "abcd"));
  EXPECT_FALSE(glob_matches("a*c", "abcd"));
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_FALSE(glob_matches("a?", "a"));
  EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*b", std::string(2000, 'a')));
}

TEST(FapModel, WhenInformIsOfHnbOrHenb_ThenModelIsTold) {
  const FapModel hnb = model_of(hnb_inform());
  EXPECT_EQ(hnb.radio, Radio::fap1_umts);
  EXPECT_EQ(hnb.control(), "InternetGatewayDevice.Services.FAPService.1.FAPControl.");
  EXPECT_EQ(hnb.gateway(), "InternetGatewayDevice.Services.FAPService.1.FAPControl.UMTS.Gateway.FAPGWServer1");
  const FapModel henb = model_of(henb_inform());
  EXPECT_EQ(henb.radio, Radio::fap2_lte);
  EXPECT_EQ(henb.gateway(), "Device.Services.FAPService.1.FAPControl.LTE.Gateway.S1SigLinkServerList");
  EXPECT_NEAR(position_of(henb_inform(), henb)->latitude, 51.5, 1e-9);
  EXPECT_FALSE(position_of(hnb_inform(), hnb));
}

TEST(FapModel, WhenFapServiceIsUmtsUnderDevice_ThenModelIsTold) {
  auto inform = henb_inform();
  for (auto& parameter : inform.parameters) {
    const std::size_t at = parameter.name.find(".LTE.");
    if (at != std::string::npos) parameter.name.replace(at, 5, ".UMTS.");
  }
  EXPECT_EQ(model_of(inform).radio, Radio::fap2_umts);
}

TEST(Match, WhenDeviceHasNoPosition_ThenItIsInNoBox) {
  Match match;
  match.location = BoundingBox{};
  EXPECT_TRUE(matches(match, henb_inform(), model_of(henb_inform())));
  EXPECT_FALSE(matches(match, hnb_inform(), model_of(hnb_inform())));
  match.location.reset();
  match.root = Root::device;
  EXPECT_FALSE(matches(match, hnb_inform(), model_of(hnb_inform())));
}

TEST(Provisioning, WhenMeasurementFilesAreWanted_ThenTheyAreAskedForWhereTheModelHasThem) {
  auto rule = default_rule(Role::serving);
  const auto before = requests_of(rule, Role::serving, model_of(hnb_inform()), true);
  rule.measurement_url = "https://hms.example/pm/";
  for (const auto& [inform, object] :
       {std::pair{hnb_inform(), "InternetGatewayDevice.Services.FAPService.1.PerfMgmt.FileMgmt."},
        std::pair{henb_inform(), "Device.FAP.PerfMgmt.Config.1."}}) {
    const auto requests = requests_of(rule, Role::serving, model_of(inform), true);
    ASSERT_EQ(requests.size(), before.size() + 1);
    EXPECT_FALSE(may_fail(requests[1]));
    EXPECT_TRUE(may_fail(requests[2])) << "not every device has the object";
    const auto& first = std::get<cwmp::SetParameterValues>(requests[2]).parameters;
    ASSERT_EQ(first.size(), 3u);
    EXPECT_EQ(first[0].name, std::string(object) + "URL");
    EXPECT_EQ(first[0].value, "https://hms.example/pm/");
    EXPECT_EQ(first[1].value, "900");
    EXPECT_THAT(first[2].name, testing::StartsWith(object));
  }
}

// TS 32.583 5.1.1 step 7 and 5.2.1: both roles in one session.
TEST(Provisioning, WhenHmsIsBothInitialAndServing_ThenOneSessionDoesAll) {
  ProvisioningRule rule = default_rule(Role::combined);
  rule.serving_segw = "segw.example";
  rule.set = {{"{root}DeviceInfo.ProvisioningCode", "north", "xsd:string"}};
  const auto requests = requests_of(rule, Role::combined, model_of(henb_inform()), true);
  ASSERT_EQ(requests.size(), 4u);
  std::vector<std::string> names;
  for (const auto& parameter : std::get<cwmp::SetParameterValues>(requests[1]).parameters) {
    names.push_back(parameter.name);
  }
  const std::string fap = "Device.Services.FAPService.1.FAPControl.LTE.";
  EXPECT_THAT(names, ElementsAre(fap + "Gateway.SecGWServer1", "Device.ManagementServer.PeriodicInformEnable",
                                 "Device.ManagementServer.PeriodicInformInterval", fap + "AdminState",
                                 "Device.DeviceInfo.ProvisioningCode"));
}

Result<Config> read(std::string_view text) {
  const auto node = config::yaml::parse(text, "hms.yaml");
  if (!node) return tl::unexpected(node.error());
  config::yaml::Problems problems;
  Config config = read_config(**node, problems);
  if (const auto good = problems.result(); !good) return tl::unexpected(good.error());
  return config;
}

TEST(ConfigYaml, WhenAllIsGiven_ThenAllIsRead) {
  const auto config = read(R"(
role: initial
authentication: {scheme: digest, realm: r, algorithm: SHA-256, accounts: {user: "secret"}}
client_certificate_required: true
first_contact_is_bootstrap: false
session_timeout_s: 5
rules:
  - name: north
    match: {oui: 00C0FF, serial: "1*", root: Device, location: {south: 51, north: 52, west: 6, east: 7.5}}
    serving_segw: segw.example
    serving_hms: https://hms.example/
    gateway: 10.0.0.7
    admin_state: false
    periodic_inform_interval_s: 30
    parameter_key: k
    get: ["{control}OpState"]
    set:
      "{root}DeviceInfo.ProvisioningCode": north
      Device.A: 12
      Device.B: {value: "1", type: "xsd:int"}
  - refuse: http_status
)");
  ASSERT_TRUE(config) << config.error().to_string();
  EXPECT_EQ(config->role, Role::initial);
  EXPECT_EQ(config->authentication.accounts.at("user"), "secret");
  EXPECT_EQ(config->session_timeout, Millis(5000));
  const ProvisioningRule& rule = config->rules.at(0);
  EXPECT_EQ(rule.match.root, Root::device);
  EXPECT_EQ(rule.match.location->east, 7.5);
  EXPECT_EQ(rule.admin_state, false);
  EXPECT_EQ(rule.set.at(0).type, "xsd:string");
  EXPECT_EQ(rule.set.at(1).type, "xsd:unsignedInt");
  EXPECT_EQ(rule.set.at(2).type, "xsd:int");
  EXPECT_EQ(config->rules.at(1).refusal, Refusal::http_status);
}

TEST(ConfigYaml, WhenNoRuleIsGiven_ThenEveryDeviceIsServed) {
  const auto config = read("role: serving");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->rules.size(), 1u);
  EXPECT_EQ(config->rules[0].admin_state, true);
}

TEST(ConfigYaml, WhenSomethingIsWrong_ThenErrorSaysWhere) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"roles: x", "hms.yaml:1:1"},
      {"role: nobody", "hms.yaml:1:7"},
      {"rules:\n  - serving_hms: 'not a url'", "hms.yaml:2:18"},
      {"rules:\n  - match: {location: {south: 5, north: 4}}", "the location is empty"},
      {"rules:\n  - refuse: maybe", "hms.yaml:2:13"},
      {"rules:\n  - set: [a]", "hms.yaml:2:10"},
      {"authentication: {scheme: digest, accounts: 3}", "hms.yaml:1:44"},
      {"session_timeout_s: 0", "hms.yaml:1:20"},
  };
  for (const auto& [text, what] : cases) {
    const auto config = read(text);
    ASSERT_FALSE(config) << text;
    EXPECT_THAT(config.error().detail, HasSubstr(what)) << text;
  }
}

}  // namespace
}  // namespace hnbemu::hms
