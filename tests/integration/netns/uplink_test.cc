#include "netns/uplink.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "integration/support/network.h"
#include "integration/support/victim.h"
#include "netns/point_to_point.h"
#include "netns/process.h"

namespace hnbemu::netns {
namespace {

using std::chrono::steady_clock;

// A namespace plays the host: the machine's own is never touched.
struct Site {
  Namespace home = must(Namespace::create());
  Netlink netlink = must(Netlink::open(home));
  LinkEnd end(const std::string& interface, const std::string& address, bool forwarding = false) {
    return {&netlink, &home, interface, ip(address), forwarding};
  }
};

UplinkPlan plan_of_a_fleet() {
  return {"hnbemu-up",
          "uplink",
          ip("192.0.2.0"),
          ip("192.0.2.1"),
          {Prefix{ip("198.51.100.0"), 25}, Prefix{ip("203.0.113.0"), 24}}};
}

class UplinkTest : public NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    host_.emplace();
    wan_.emplace();
  }

  Result<Uplink> open() { return Uplink::open(host_->home, wan_->home, plan_); }

  std::string refusal() {
    const auto links = must(host_->netlink.link_names());
    const auto opened = open();
    EXPECT_FALSE(opened);
    EXPECT_EQ(must(host_->netlink.link_names()), links);
    EXPECT_EQ(must(wan_->netlink.link_names()), std::vector<std::string>{"lo"});
    if (opened) return {};
    EXPECT_EQ(opened.error().cause, Cause::configuration);
    return opened.error().detail;
  }

  std::vector<std::string> host_routes() {
    std::vector<std::string> all;
    for (const auto& route : must(host_->netlink.routes())) {
      const auto via = route.via ? " via " + route.via->to_string() : std::string{};
      if (route.interface != "lo") all.push_back(route.destination.to_string() + via + " dev " + route.interface);
    }
    return all;
  }

  bool host_is_clean_within(std::chrono::seconds time) {
    const auto deadline = steady_clock::now() + time;  // the kernel cleans up in the background
    while (must(host_->netlink.has_link(plan_.host_interface))) {
      if (steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return host_routes().empty();
  }

  bool set_host_forwarding(const char* value) {
    const Enter scope(host_->home);
    std::ofstream file("/proc/sys/net/ipv4/ip_forward");
    return file << value << std::flush && file.good();
  }

  std::optional<Site> host_;
  std::optional<Site> wan_;
  UplinkPlan plan_ = plan_of_a_fleet();
};

TEST_F(UplinkTest, WhenItIsOpen_ThenTheHostAndADeviceReachEachOther) {
  Site device;
  must(connect(wan_->end("d1", "198.51.100.0", true), device.end("wan", "198.51.100.1")));
  must(device.netlink.add_route({Prefix{}, ip("198.51.100.0"), "wan"}));
  const auto uplink = must(open());
  const auto acs = udp_bound(host_->home, "192.0.2.0", 7547);
  const auto cpe = udp_bound(device.home, "198.51.100.1", 7547);
  EXPECT_EQ(send_to(cpe, "192.0.2.0", 7547, "inform"), 0);
  EXPECT_EQ(receive(acs), "inform");
  EXPECT_EQ(send_to(acs, "198.51.100.1", 7547, "connection request"), 0);
  EXPECT_EQ(receive(cpe), "connection request");
}

TEST_F(UplinkTest, WhenTheHostForwards_ThenAnAcsInAContainerAndADeviceReachEachOther) {
  if (!set_host_forwarding("1")) GTEST_SKIP() << "/proc/sys is read-only here";
  Site device;
  Site container;
  must(connect(host_->end("docker", "192.0.2.16", true), container.end("eth0", "192.0.2.17")));
  must(container.netlink.add_route({Prefix{}, ip("192.0.2.16"), "eth0"}));
  must(connect(wan_->end("d1", "198.51.100.0", true), device.end("wan", "198.51.100.1")));
  must(device.netlink.add_route({Prefix{}, ip("198.51.100.0"), "wan"}));
  const auto uplink = must(open());
  const auto acs = udp_bound(container.home, "192.0.2.17", 7547);
  const auto cpe = udp_bound(device.home, "198.51.100.1", 7547);
  EXPECT_EQ(send_to(cpe, "192.0.2.17", 7547, "inform"), 0);
  EXPECT_EQ(receive(acs), "inform");
  EXPECT_EQ(send_to(acs, "198.51.100.1", 7547, "connection request"), 0);
  EXPECT_EQ(receive(cpe), "connection request");
}

TEST_F(UplinkTest, WhenItIsClosed_ThenTheHostIsAsItWas) {
  {
    const auto uplink = must(open());
    EXPECT_TRUE(must(host_->netlink.has_link("hnbemu-up")));
    EXPECT_THAT(host_routes(), testing::IsSupersetOf({"198.51.100.0/25 via 192.0.2.1 dev hnbemu-up",
                                                      "203.0.113.0/24 via 192.0.2.1 dev hnbemu-up"}));
  }
  EXPECT_TRUE(host_is_clean_within(std::chrono::seconds(5)));
}

TEST_F(UplinkTest, WhenTheRouterGoes_ThenTheHostIsAsItWas) {
  const auto uplink = must(open());
  wan_.reset();
  EXPECT_TRUE(host_is_clean_within(std::chrono::seconds(5)));
}

TEST_F(UplinkTest, WhenTheInterfaceExists_ThenItIsRefusedByName) {
  const auto other = must(open());
  Site second;
  plan_.host_address = ip("192.0.2.8");
  plan_.wan_address = ip("192.0.2.9");
  plan_.pools.clear();
  const auto opened = Uplink::open(host_->home, second.home, plan_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("'hnbemu-up'"));
  EXPECT_EQ(must(second.netlink.link_names()), std::vector<std::string>{"lo"});
  EXPECT_TRUE(must(host_->netlink.has_link("hnbemu-up")));  // the other's
}

TEST_F(UplinkTest, WhenTheHostHasAnAddressOfThem_ThenItIsRefusedAndTheAddressIsNamed) {
  must(host_->netlink.add_address("lo", Prefix{ip("198.51.100.77"), 32}));
  EXPECT_THAT(refusal(), AllOf(testing::HasSubstr("198.51.100.0/25"), testing::HasSubstr("198.51.100.77/32 on lo")));
}

TEST_F(UplinkTest, WhenTheLinksOwnAddressIsTaken_ThenItIsRefused) {
  must(host_->netlink.add_address("lo", Prefix{ip("192.0.2.1"), 32}));
  EXPECT_THAT(refusal(), testing::HasSubstr("192.0.2.0/31"));
}

TEST_F(UplinkTest, WhenARouteOfTheHostOverlapsAPool_ThenItIsRefusedAndTheRouteIsNamed) {
  Site vpn;
  must(connect(host_->end("vpn0", "192.0.2.32"), vpn.end("eth0", "192.0.2.33")));
  must(host_->netlink.add_route({Prefix{ip("203.0.112.0"), 20}, ip("192.0.2.33"), "vpn0"}));  // wider
  EXPECT_THAT(refusal(), AllOf(testing::HasSubstr("203.0.113.0/24"), testing::HasSubstr("203.0.112.0/20 on vpn0")));
  plan_.pools.pop_back();
  must(host_->netlink.add_route({Prefix{ip("198.51.100.64"), 28}, ip("192.0.2.33"), "vpn0"}));  // narrower
  EXPECT_THAT(refusal(), testing::HasSubstr("198.51.100.64/28 on vpn0"));
  plan_.pools = {Prefix{ip("10.128.0.0"), 16}};
  must(host_->netlink.add_blackhole(Prefix{ip("10.0.0.0"), 8}));
  EXPECT_THAT(refusal(), testing::HasSubstr("the host has 10.0.0.0/8 already"));
}

TEST_F(UplinkTest, WhenTheHostHasADefaultRoute_ThenThatIsNoObstacle) {
  Site internet;
  must(connect(host_->end("eth0", "192.0.2.32"), internet.end("eth0", "192.0.2.33")));
  must(host_->netlink.add_route({Prefix{}, ip("192.0.2.33"), "eth0"}));
  EXPECT_TRUE(open());
}

TEST_F(UplinkTest, WhenTheRouterHasADefaultRouteAlready_ThenItFailsAndNothingIsLeft) {
  Site other;
  must(connect(wan_->end("eth0", "192.0.2.32"), other.end("eth0", "192.0.2.33")));
  must(wan_->netlink.add_route({Prefix{}, ip("192.0.2.33"), "eth0"}));
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("0.0.0.0/0"));
  EXPECT_TRUE(host_is_clean_within(std::chrono::seconds(5)));
}

TEST_F(UplinkTest, WhenTheHostDoesNotForward_ThenTheAdviceSaysSo) {
  if (!set_host_forwarding("0")) GTEST_SKIP() << "/proc/sys is read-only here";
  const auto lines = uplink_advice(host_->home, plan_);
  EXPECT_THAT(lines, testing::ElementsAre(testing::HasSubstr("net.ipv4.ip_forward=1"),
                                          testing::HasSubstr("198.51.100.0/25, 203.0.113.0/24")));
  set_host_forwarding("1");
  EXPECT_THAT(uplink_advice(host_->home, plan_), testing::SizeIs(1));
}

// The emulator itself is killed: the kernel takes the router's namespace away, and the link with it.
TEST_F(UplinkTest, WhenTheEmulatorIsKilled_ThenTheHostIsAsItWas) {
  auto victim = must(Process::spawn(host_->home, {{"/proc/self/exe", "--victim=uplink"}, {}, {}}));
  const auto deadline = steady_clock::now() + std::chrono::seconds(5);
  while (host_routes().size() < 3 && steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_TRUE(must(host_->netlink.has_link("hnbemu-up")));
  ::kill(victim.pid(), SIGKILL);
  EXPECT_TRUE(host_is_clean_within(std::chrono::seconds(5)));
}

const test::Victim uplink_victim("uplink", [] {
  const auto host = must(Namespace::current());
  const auto wan = must(Namespace::create());
  const auto uplink = must(Uplink::open(host, wan, plan_of_a_fleet()));
  ::pause();
});

}  // namespace
}  // namespace hnbemu::netns
