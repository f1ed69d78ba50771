#include <gmock/gmock.h>

#include "fleet_text.h"

namespace hnbemu::config {
namespace {

using testing::HasSubstr;

TEST(FleetDhcp, WhenNothingIsSaid_ThenAddressesAreStatic) {
  const auto fleet = fleet_with("", "count: 1");
  ASSERT_TRUE(fleet);
  EXPECT_FALSE(fleet->devices[0].outer_by_dhcp);
  EXPECT_FALSE(fleet->lab.ntp);
  EXPECT_EQ(fleet->lab.dhcp.acs_url, std::nullopt);
}

TEST(FleetDhcp, WhenAGroupIsByDhcp_ThenOneOfItMayBeStatic) {
  const auto fleet = fleet_with("", "count: 2, outer_address: dhcp, devices: [{index: 2, outer_address: static}]");
  ASSERT_TRUE(fleet);
  EXPECT_TRUE(fleet->devices[0].outer_by_dhcp);
  EXPECT_FALSE(fleet->devices[1].outer_by_dhcp);
}

TEST(FleetDhcp, WhenTheHmsComesByDhcp_ThenTheSegwIsThatOfItsKind) {
  const auto initial = fleet_with("", "outer_address: dhcp, initial_hms: dhcp");
  ASSERT_TRUE(initial);
  EXPECT_EQ(initial->devices[0].initial_hms, kByDhcp);
  EXPECT_FALSE(initial->devices[0].initial_segw.empty());
  const auto serving = fleet_with("", "outer_address: dhcp, serving_hms: dhcp, ipsec: none");
  ASSERT_TRUE(serving);
  EXPECT_EQ(serving->devices[0].serving_hms, kByDhcp);
  EXPECT_EQ(serving->devices[0].serving_segw, "");
}

TEST(FleetDhcp, WhenOptionsAreGiven_ThenTheServerHasThem) {
  const auto fleet = fleet_with(
      "ntp: true, dhcp: {lease_s: 600, acs_url: 'http://a/', provisioning_code: blue, "
      "retry_minimum_wait_interval_s: 7, retry_interval_multiplier: 3000}",
      "outer_address: dhcp");
  ASSERT_TRUE(fleet);
  const auto& dhcp = fleet->lab.dhcp;
  EXPECT_EQ(dhcp.lease_s, 600);
  EXPECT_EQ(dhcp.acs_url, "http://a/");
  EXPECT_EQ(dhcp.provisioning_code, "blue");
  EXPECT_EQ(dhcp.retry_minimum_wait_interval, 7);
  EXPECT_EQ(dhcp.retry_interval_multiplier, 3000);
  EXPECT_TRUE(fleet->lab.ntp);
}

TEST(FleetDhcp, WhenItDoesNotFitTogether_ThenItIsSaid) {
  EXPECT_THAT(mistake("", "initial_hms: dhcp"), HasSubstr("needs 'outer_address: dhcp'"));
  EXPECT_THAT(mistake("", "outer_address: dhcp, serving_hms: 'http://a/', initial_hms: dhcp"),
              HasSubstr("write 'serving_hms: dhcp'"));
  EXPECT_THAT(mistake("", "outer_address: bootp"), HasSubstr("outer_address"));
  EXPECT_THAT(mistake("dhcp: {lease_s: 5}", "count: 1"), HasSubstr("lease_s"));
  EXPECT_THAT(mistake("dhcp: {acs_url: '" + std::string(300, 'x') + "'}", "count: 1"), HasSubstr("acs_url"));
  EXPECT_THAT(mistake("dhcp: {provisioning_code: '" + std::string(40, 'x') + "'}", "count: 1"),
              HasSubstr("provisioning_code"));
  EXPECT_THAT(mistake("dhcp: {leese_s: 500}", "count: 1"), HasSubstr("lease_s"));
}

}  // namespace
}  // namespace hnbemu::config
