#include <gmock/gmock.h>

#include "config/ways.h"
#include "fleet_text.h"

namespace hnbemu::config {
namespace {

using testing::HasSubstr;

TEST(FleetWays, WhenTheInitialHmsIsPublic_ThenTheDeviceHasNoInitialSegwAndTheServingOneIsAssigned) {
  const auto fleet = fleet_with("initial_hms_public: true", "ipsec: serving");
  ASSERT_TRUE(fleet);
  EXPECT_TRUE(fleet->lab.initial_hms_public);
  EXPECT_EQ(fleet->devices[0].initial_segw, "");
  EXPECT_EQ(fleet->devices[0].serving_segw, "");
  EXPECT_FALSE(fleet->devices[0].initial_hms.empty());
}

TEST(FleetWays, WhenTheLabHasIkeTimes_ThenItsDevicesHaveThemAndOthersDoNot) {
  const auto fleet = fleet_with("ike: {dpd_delay_s: 5, ike_rekey_s: 60, child_rekey_s: 30, reauth_s: 90}",
                                "count: 2, devices: [{index: 2, ipsec: {segw: 192.0.2.1}}]");
  ASSERT_TRUE(fleet);
  EXPECT_EQ(fleet->devices[0].ike.dpd_delay_s, 5);
  EXPECT_EQ(fleet->devices[0].ike.ike_rekey_s, 60);
  EXPECT_EQ(fleet->devices[0].ike.child_rekey_s, 30);
  EXPECT_EQ(fleet->devices[0].ike.reauth_s, 90);
  EXPECT_EQ(fleet->devices[1].ike.reauth_s, 0);
}

TEST(FleetWays, WhenThereAreAreas_ThenEachHasItsElements) {
  const auto fleet = fleet_with(
      "areas: [{name: n, south: 50, serving_segw: s, serving_hms: 'https://h/'}, {name: sea, west: 10, refused: true}]",
      "count: 1");
  ASSERT_TRUE(fleet);
  ASSERT_EQ(fleet->lab.areas.size(), 2U);
  EXPECT_EQ(fleet->lab.areas[0].south, 50);
  EXPECT_EQ(fleet->lab.areas[0].serving_segw, "s");
  EXPECT_EQ(fleet->lab.areas[0].serving_hms, "https://h/");
  EXPECT_FALSE(fleet->lab.areas[0].refused);
  EXPECT_TRUE(fleet->lab.areas[1].refused);
}

TEST(FleetWays, WhenSomethingIsWrong_ThenItIsSaid) {
  EXPECT_THAT(mistake("", "ipsec: serving"), HasSubstr("initial_hms_public: true"));
  EXPECT_THAT(mistake("initial_hms_public: true", "ipsec: serving, serving_hms: 'https://h/'"),
              HasSubstr("whose Initial HMS is on the public Internet"));
  EXPECT_THAT(mistake("areas: [{name: a, south: 2, north: 1}]", "count: 1"), HasSubstr("the area is empty"));
  EXPECT_THAT(mistake("areas: [{name: a, serving_hms: h}]", "count: 1"), HasSubstr("is not a URL"));
  EXPECT_THAT(mistake("ike: {reauth_s: -1}", "count: 1"), HasSubstr("reauth_s"));
  EXPECT_THAT(mistake("hmss: [{name: h, role: other}]", "count: 1"), HasSubstr("role"));
  EXPECT_THAT(mistake("segws: [{name: s, role: serving}]", "count: 1"), HasSubstr("role"));
}

TEST(Ways, WhenNothingIsSaid_ThenTheyAreTheSpecificationsOwn) {
  yaml::Problems problems;
  const auto ways = read_ways(*yaml::parse("{}", "p.yaml").value(), problems);
  EXPECT_FALSE(ways.keep_initial_tunnel);
  EXPECT_FALSE(ways.public_dns_for_serving_hems);
  EXPECT_FALSE(ways.serving_hms_outside);
  EXPECT_EQ(ways.back_to_initial, Seconds{0});
  EXPECT_TRUE(problems.empty());
}

TEST(Ways, WhenAllIsSaid_ThenItIsSo) {
  yaml::Problems problems;
  const auto text = "{initial_tunnel: kept, serving_hms: outside, serving_hems_dns: public, back_to_initial_s: 60}";
  const auto ways = read_ways(*yaml::parse(text, "p.yaml").value(), problems);
  EXPECT_TRUE(ways.keep_initial_tunnel);
  EXPECT_TRUE(ways.public_dns_for_serving_hems);
  EXPECT_TRUE(ways.serving_hms_outside);
  EXPECT_EQ(ways.back_to_initial, Seconds{60});
  EXPECT_TRUE(problems.empty());
}

}  // namespace
}  // namespace hnbemu::config
