#include "netns/netlink.h"

#include <linux/if_ether.h>

#include <fstream>
#include <thread>

#include "integration/support/network.h"
#include "netns/point_to_point.h"

namespace hnbemu::netns {
namespace {

using NetlinkTest = NamespaceTest;
using std::chrono::steady_clock;

struct Host {
  Namespace home = must(Namespace::create());
  Netlink netlink = must(Netlink::open(home));

  LinkEnd end(const std::string& interface, const std::string& address, bool forwarding = false) {
    return {&netlink, &home, interface, ip(address), forwarding};
  }
};

void add_default_route(Host& host, const std::string& via, const std::string& interface) {
  must(host.netlink.add_route({Prefix{}, ip(via), interface}));
}

TEST_F(NetlinkTest, WhenTwoNamespacesAreConnected_ThenDatagramsPassWithoutArp) {
  Host a;
  Host b;
  must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  const auto arp = must(socket_in(b.home, AF_PACKET, SOCK_RAW, htons(ETH_P_ARP)));
  const auto sender = udp_bound(a.home, "192.0.2.0", 1000);
  const auto receiver = udp_bound(b.home, "192.0.2.1", 1000);

  EXPECT_EQ(send_to(sender, "192.0.2.1", 1000, "there"), 0);
  EXPECT_EQ(receive(receiver), "there");
  EXPECT_EQ(send_to(receiver, "192.0.2.0", 1000, "and back"), 0);
  EXPECT_EQ(receive(sender), "and back");
  EXPECT_EQ(receive(arp, 0), "");
}

TEST_F(NetlinkTest, WhenDatagramPasses_ThenCountersOfBothEndsSaySo) {
  Host a;
  Host b;
  must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  const auto before = must(a.netlink.counters("left"));
  const auto sender = udp_bound(a.home, "192.0.2.0", 1000);
  const auto receiver = udp_bound(b.home, "192.0.2.1", 1000);
  EXPECT_EQ(send_to(sender, "192.0.2.1", 1000, "there"), 0);
  EXPECT_EQ(receive(receiver), "there");
  const auto after = must(a.netlink.counters("left"));
  EXPECT_EQ(after.packets_sent, before.packets_sent + 1);
  EXPECT_EQ(after.bytes_sent, before.bytes_sent + 14 + 20 + 8 + 5);  // Ethernet, IPv4, UDP
  EXPECT_EQ(must(b.netlink.counters("right")).bytes_received, after.bytes_sent);
  EXPECT_FALSE(a.netlink.counters("right"));
}

TEST_F(NetlinkTest, WhenNamespacesAreConnected_ThenTheLinksAreNowhereElse) {
  auto own = must(Netlink::open(must(Namespace::current())));
  const auto before = must(own.link_names());
  Host a;
  Host b;
  must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  EXPECT_EQ(must(a.netlink.link_names()), (std::vector<std::string>{"lo", "left"}));
  EXPECT_EQ(must(b.netlink.link_names()), (std::vector<std::string>{"lo", "right"}));
  EXPECT_EQ(must(own.link_names()), before);
}

TEST_F(NetlinkTest, WhenARouterForwards_ThenItsNeighboursReachEachOther) {
  Host a;
  Host b;
  Host router;
  must(connect(router.end("to-a", "192.0.2.0", true), a.end("up", "192.0.2.1")));
  must(connect(router.end("to-b", "192.0.2.2", true), b.end("up", "192.0.2.3")));
  add_default_route(a, "192.0.2.0", "up");
  add_default_route(b, "192.0.2.2", "up");
  const auto sender = udp_bound(a.home, "192.0.2.1", 1000);
  const auto receiver = udp_bound(b.home, "192.0.2.3", 1000);
  EXPECT_EQ(send_to(sender, "192.0.2.3", 1000, "through"), 0);
  EXPECT_EQ(receive(receiver), "through");
}

TEST_F(NetlinkTest, WhenANamespaceDoesNotForward_ThenNothingPassesUntilItDoes) {
  Host a;
  Host b;
  Host middle;
  must(connect(middle.end("to-a", "192.0.2.0"), a.end("up", "192.0.2.1")));
  must(connect(middle.end("to-b", "192.0.2.2"), b.end("up", "192.0.2.3")));
  add_default_route(a, "192.0.2.0", "up");
  add_default_route(b, "192.0.2.2", "up");
  const auto sender = udp_bound(a.home, "192.0.2.1", 1000);
  const auto receiver = udp_bound(b.home, "192.0.2.3", 1000);
  send_to(sender, "192.0.2.3", 1000, "lost");
  EXPECT_EQ(receive(receiver, 100), "");

  must(middle.netlink.set_forwarding("to-a"));
  send_to(sender, "192.0.2.3", 1000, "through");
  EXPECT_EQ(receive(receiver), "through");
}

TEST_F(NetlinkTest, WhenARouterHasABlackhole_ThenTheSenderHearsNothing) {
  Host a;
  Host router;
  must(connect(router.end("to-a", "192.0.2.0", true), a.end("up", "192.0.2.1")));
  add_default_route(a, "192.0.2.0", "up");
  must(router.netlink.add_blackhole(Prefix{ip("198.51.100.1"), 32}));
  const auto icmp = must(socket_in(a.home, AF_INET, SOCK_RAW, IPPROTO_ICMP));
  const auto sender = udp_bound(a.home, "192.0.2.1", 1000);
  EXPECT_EQ(send_to(sender, "198.51.100.1", 1000, "dropped"), 0);
  EXPECT_EQ(receive(icmp, 100), "");
  EXPECT_EQ(send_to(sender, "198.51.100.2", 1000, "refused"), 0);
  EXPECT_NE(receive(icmp), "");
}

TEST_F(NetlinkTest, WhenALoopbackAddressHasARoute_ThenItIsReached) {
  Host a;
  Host b;
  must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  must(b.netlink.add_address("lo", Prefix{ip("198.51.100.53"), 32}));
  must(a.netlink.add_route({Prefix{ip("198.51.100.0"), 24}, ip("192.0.2.1"), "left"}));
  const auto sender = udp_bound(a.home, "192.0.2.0", 1000);
  const auto receiver = udp_bound(b.home, "198.51.100.53", 1000);
  EXPECT_EQ(send_to(sender, "198.51.100.53", 1000, "there"), 0);
  EXPECT_EQ(receive(receiver), "there");
}

TEST_F(NetlinkTest, WhenAnAddressIsUnreachableByRule_ThenNothingLeavesFromItUntilTheRuleIsGone) {
  constexpr std::uint32_t kPriority = 230;
  Host a;
  Host b;
  must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  const Prefix inner{ip("10.128.0.1"), 32};
  must(a.netlink.add_address("lo", inner));
  must(a.netlink.add_unreachable_rule(inner, kPriority));
  const auto sender = udp_bound(a.home, "10.128.0.1", 1000);
  const auto receiver = udp_bound(b.home, "192.0.2.1", 1000);
  EXPECT_EQ(send_to(sender, "192.0.2.1", 1000, "in clear"), ENETUNREACH);
  EXPECT_EQ(receive(receiver, 50), "");

  must(a.netlink.remove_unreachable_rule(inner, kPriority));
  must(a.netlink.remove_unreachable_rule(inner, kPriority));
  EXPECT_EQ(send_to(sender, "192.0.2.1", 1000, "now"), 0);
}

TEST_F(NetlinkTest, WhenATablesRoutesAreRemoved_ThenOthersStay) {
  Host a;
  Host b;
  must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  const Route route{*Prefix::parse("198.51.100.0/24"), ip("192.0.2.1"), "left"};
  must(a.netlink.add_route(route));
  must(a.netlink.remove_routes(220));
  EXPECT_FALSE(a.netlink.add_route(route)) << "it was there";
  must(a.netlink.remove_routes(254));
  EXPECT_FALSE(a.netlink.add_route(route)) << "its gateway has no route any more";
}

TEST_F(NetlinkTest, WhenHostAddressesAreRemoved_ThenTheLinksAndTheExceptedOneStay) {
  Host a;
  Host b;
  must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  const Prefix inner{ip("10.128.0.1"), 32};
  const Prefix kept{ip("10.128.0.2"), 32};
  must(a.netlink.add_address("left", inner));
  must(a.netlink.add_address("lo", kept));
  must(a.netlink.remove_host_addresses(kept.address));
  EXPECT_TRUE(a.netlink.add_address("left", inner)) << "it had gone";
  EXPECT_FALSE(a.netlink.add_address("lo", kept)) << "it had stayed";
  const auto sender = udp_bound(a.home, "192.0.2.0", 1000);
  const auto receiver = udp_bound(b.home, "192.0.2.1", 1000);
  EXPECT_EQ(send_to(sender, "192.0.2.1", 1000, "there"), 0);
  EXPECT_EQ(receive(receiver), "there");
}

TEST_F(NetlinkTest, WhenANamespaceHasIpv6_ThenItsLinksStillSendNone) {
  Host a;
  Host b;
  {
    const Enter scope(a.home);
    for (const char* which : {"all", "default"}) {
      std::ofstream file(fmt::format("/proc/sys/net/ipv6/conf/{}/disable_ipv6", which));
      file << "0" << std::flush;
    }
  }
  const auto every_frame = must(socket_in(b.home, AF_PACKET, SOCK_RAW, htons(ETH_P_IPV6)));
  must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  EXPECT_EQ(receive(every_frame, 1500), "");
}

TEST_F(NetlinkTest, WhenAnInterfaceNameIsTooLong_ThenItIsRefused) {
  Host a;
  Host b;
  const auto made = connect(a.end("sixteencharacter", "192.0.2.0"), b.end("right", "192.0.2.1"));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().detail.find("1 to 15 characters"), std::string::npos) << made.error().detail;
}

TEST_F(NetlinkTest, WhenConnectingFailsHalfWay_ThenNoLinkIsLeft) {
  Host a;
  Host b;
  must(b.netlink.add_address("lo", Prefix{ip("192.0.2.1"), 32}));
  LinkEnd wrong = b.end("right", "192.0.2.1");
  wrong.netlink = &a.netlink;  // sees no interface "right"
  ASSERT_FALSE(connect(a.end("left", "192.0.2.0"), wrong));
  EXPECT_EQ(must(a.netlink.link_names()), std::vector<std::string>{"lo"});
  EXPECT_EQ(must(b.netlink.link_names()), std::vector<std::string>{"lo"});
}

TEST_F(NetlinkTest, WhenANamespaceIsClosed_ThenThePeerOfItsLinkGoesToo) {
  Host a;
  {
    Host b;
    must(connect(a.end("left", "192.0.2.0"), b.end("right", "192.0.2.1")));
  }
  const auto deadline = steady_clock::now() + std::chrono::seconds(5);  // the kernel cleans up in the background
  while (must(a.netlink.has_link("left")) && steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_FALSE(must(a.netlink.has_link("left")));
}

// gc_thresh3 is 1,024 for all namespaces together: without permanent neighbours the last of these would be lost.
TEST_F(NetlinkTest, WhenAThousandDevicesAreConnected_ThenAllAreReachedWithinSeconds) {
  constexpr std::uint32_t kDevices = 1000;
  Host wan;
  std::vector<std::unique_ptr<Host>> devices;
  const auto begin = steady_clock::now();
  const std::uint32_t pool = ip("100.64.0.0").to_v4();
  for (std::uint32_t i = 0; i < kDevices; ++i) {
    auto device = std::make_unique<Host>();
    LinkEnd own = device->end("wan", IpAddress::v4(pool + 2 * i + 1).to_string());
    must(connect(wan.end(fmt::format("d{}", i), IpAddress::v4(pool + 2 * i).to_string(), true), own));
    must(device->netlink.add_route({Prefix{}, IpAddress::v4(pool + 2 * i), "wan"}));
    devices.push_back(std::move(device));
  }
  const auto took = steady_clock::now() - begin;
  RecordProperty("connect_ms", static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(took).count()));
  EXPECT_LT(took, std::chrono::seconds(20));

  const auto server = udp_bound(wan.home, "0.0.0.0", 1000);
  for (std::uint32_t i = 0; i < kDevices; ++i) {
    const auto client = must(socket_in(devices[i]->home, AF_INET, SOCK_DGRAM));
    ASSERT_EQ(send_to(client, IpAddress::v4(pool).to_string(), 1000, std::to_string(i)), 0);
    ASSERT_EQ(receive(server), std::to_string(i));
  }
}

}  // namespace
}  // namespace hnbemu::netns
