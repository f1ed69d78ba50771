#include "lab/address_plan.h"

#include <gtest/gtest.h>

#include <set>

namespace hnbemu::lab {
namespace {

Prefix prefix(const char* text) {
  return Prefix::parse(text).value();
}

std::string error_of(const LabConfig& config) {
  const auto plan = AddressPlan::make(config);
  return plan ? "" : plan.error().to_string();
}

TEST(AddressPlan, WhenDefault_ThenThereIsRoomForTwoMillionDevices) {
  const auto plan = AddressPlan::make({}).value();
  EXPECT_EQ(plan.device_capacity(), 2'097'152u);
  EXPECT_EQ(plan.device(0).router.to_string(), "100.64.0.0");
  EXPECT_EQ(plan.device(0).host.to_string(), "100.64.0.1");
  EXPECT_EQ(plan.device(plan.device_capacity() - 1).host.to_string(), "100.127.255.255");
}

TEST(AddressPlan, WhenThereAreTwoSegws_ThenEachHasHalfOfTheInnerPool) {
  const auto plan = AddressPlan::make({}).value();
  EXPECT_EQ(plan.segw(0).inner_pool.to_string(), "10.128.0.0/17");
  EXPECT_EQ(plan.segw(1).inner_pool.to_string(), "10.128.128.0/17");
}

TEST(AddressPlan, WhenThereIsASpareInnerPool_ThenEachSegwHasItsPartOfThatToo) {
  EXPECT_FALSE(AddressPlan::make({}).value().segw(0).spare_pool);
  LabConfig config;
  config.spare_inner_pool = prefix("10.129.0.0/16");
  const auto plan = AddressPlan::make(config).value();
  EXPECT_EQ(plan.segw(0).spare_pool->to_string(), "10.129.0.0/17");
  EXPECT_EQ(plan.segw(1).spare_pool->to_string(), "10.129.128.0/17");
  config.spare_inner_pool = prefix("10.128.0.0/20");
  EXPECT_NE(error_of(config).find("inner_pool 10.128.0.0/16 and spare_inner_pool 10.128.0.0/20 overlap"),
            std::string::npos);
}

TEST(AddressPlan, WhenAnHmsIsPublic_ThenItsAddressIsNobodyElsesInTheWan) {
  LabConfig config;
  config.initial_hms.is_public = true;
  config.wan_prefix = prefix("198.18.0.0/28");
  const auto plan = AddressPlan::make(config).value();
  std::set<IpAddress> seen{plan.outer_dns()};
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(seen.insert(plan.segw(i).wan.router).second);
    EXPECT_TRUE(seen.insert(plan.segw(i).wan.host).second);
    EXPECT_TRUE(seen.insert(plan.public_hms(i)).second);
  }
  for (const auto& address : seen) EXPECT_TRUE(config.wan_prefix.contains(address));
  config.wan_prefix = prefix("198.18.0.0/29");
  EXPECT_NE(error_of(config).find("wan_prefix 198.18.0.0/29 is too small"), std::string::npos);
}

TEST(AddressPlan, WhenServingIsInitial_ThenTheOneSegwHasTheWholeInnerPool) {
  const auto plan = AddressPlan::make({.serving_is_initial = true}).value();
  EXPECT_EQ(plan.segw(0).inner_pool.to_string(), "10.128.0.0/16");
}

TEST(AddressPlan, WhenTheCoreIsFull_ThenNoAddressIsGivenTwice) {
  LabConfig config;
  config.core_prefix = prefix("10.200.0.0/28");
  config.more_segws = {{.name = "c"}};
  for (int i = 0; i < 6; ++i) config.more_hmss.push_back({.name = std::to_string(i)});
  const auto plan = AddressPlan::make(config).value();
  std::set<IpAddress> seen{plan.inner_dns()};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(seen.insert(plan.segw(i).core.router).second);
    EXPECT_TRUE(seen.insert(plan.segw(i).core.host).second);
  }
  for (std::size_t i = 0; i < 8; ++i) EXPECT_TRUE(seen.insert(plan.hms(i)).second);
  for (const auto& address : seen) EXPECT_TRUE(config.core_prefix.contains(address));

  config.more_hmss.push_back({.name = "one too many"});
  EXPECT_EQ(error_of(config), "configuration: lab: core_prefix 10.200.0.0/28 is too small: 18 addresses are needed");
}

TEST(AddressPlan, WhenTwoPoolsOverlap_ThenTheErrorNamesBoth) {
  LabConfig config;
  config.inner_pool = prefix("100.64.0.0/16");
  EXPECT_EQ(error_of(config),
            "configuration: lab: device_pool 100.64.0.0/10 and inner_pool 100.64.0.0/16 overlap; change one of them");
}

TEST(AddressPlan, WhenAPoolIsNoIpv4Network_ThenItIsRefused) {
  for (const char* text : {"10.0.0.1/8", "2001:db8::/64", "0.0.0.0/0", "10.0.0.1/32"}) {
    LabConfig config;
    config.inner_pool = prefix(text);
    EXPECT_NE(error_of(config).find("is not an IPv4 network"), std::string::npos) << text;
  }
}

TEST(AddressPlan, WhenThePoolsAreTooSmallForTheSegws_ThenTheErrorSaysHowManyAreNeeded) {
  LabConfig config;
  config.wan_prefix = prefix("198.18.0.0/30");
  EXPECT_NE(error_of(config).find("wan_prefix 198.18.0.0/30 is too small: 6"), std::string::npos);
  config = {};
  config.inner_pool = prefix("10.128.0.0/29");
  EXPECT_NE(error_of(config).find("inner_pool 10.128.0.0/29 is too small: 16"), std::string::npos);
}

TEST(LabConfig, WhenTwoEntitiesShareAName_ThenItIsRefused) {
  LabConfig config;
  EXPECT_TRUE(check_names(config));
  config.more_segws = {{.name = config.serving_segw.name}};
  ASSERT_FALSE(check_names(config));
  EXPECT_NE(check_names(config).error().detail.find("two SeGWs have the name segw-serving"), std::string::npos);
  config.more_segws.clear();
  config.more_hmss = {{.name = ""}};
  EXPECT_FALSE(check_names(config));
}

}  // namespace
}  // namespace hnbemu::lab
