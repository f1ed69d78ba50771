#include "adapters/icmp/icmp_echo.h"

#include <gmock/gmock.h>
#include <netinet/in.h>

#include "integration/diagnostics/hops.h"

namespace hnbemu::netns {
namespace {

class IcmpEchoTest : public HopsTest {
 protected:
  Result<EchoReply> ping(const char* target, std::uint8_t ttl = 0, std::uint16_t bytes = 56, Millis wait = Seconds{5},
                         std::uint8_t dscp = 0) {
    return run(echo().echo({ip(target), bytes, dscp, ttl}, path(), in(wait)));
  }
  icmp::IcmpEcho& echo() {
    if (!echo_) echo_.emplace(io_.get_executor(), device());
    return *echo_;
  }
  std::optional<icmp::IcmpEcho> echo_;
};

TEST_F(IcmpEchoTest, WhenAHostAnswers_ThenTheTimeIsMeasured) {
  const auto reply = ping(kHost);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->kind, EchoReply::Kind::echo);
  EXPECT_EQ(reply->from, ip(kHost));
  EXPECT_GT(reply->time.count(), 0);
  EXPECT_LT(reply->time, Seconds{5});
}

TEST_F(IcmpEchoTest, WhenTheTtlEndsOnTheWay_ThenThatRouterSaysSo) {
  for (const auto& [ttl, router] : {std::pair{1, kFirstRouter}, std::pair{2, kSecondRouter}}) {
    const auto reply = ping(kHost, static_cast<std::uint8_t>(ttl));
    ASSERT_TRUE(reply) << reply.error().to_string();
    EXPECT_EQ(reply->kind, EchoReply::Kind::time_exceeded);
    EXPECT_EQ(reply->from, ip(router));
  }
  EXPECT_EQ(ping(kHost, 3).value().kind, EchoReply::Kind::echo);
}

TEST_F(IcmpEchoTest, WhenNobodyAnswers_ThenItIsATimeout) {
  const auto reply = ping(kSilent, 0, 56, Millis{300});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().cause, Cause::timeout);
}

TEST_F(IcmpEchoTest, WhenARouterHasNoRoute_ThenTheHostIsUnreachable) {
  const auto reply = ping(kUnreachable);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->kind, EchoReply::Kind::unreachable);
  EXPECT_EQ(reply->from, ip(kFirstRouter));
}

TEST_F(IcmpEchoTest, WhenAPacketIsLargerThanTheLink_ThenItGoesInFragments) {
  EXPECT_EQ(ping(kHost, 0, 20'000).value().kind, EchoReply::Kind::echo);
  const auto larger = ping(kHost, 0, 65'535);
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error().cause, Cause::network);
}

TEST_F(IcmpEchoTest, WhenSeveralAreUnderWay_ThenEachHasItsOwnReply) {
  std::vector<Result<EchoReply>> replies;
  for (const int ttl : {1, 2, 0}) {
    auto task = echo().echo({ip(kHost), 56, 0, static_cast<std::uint8_t>(ttl)}, path(), in(Seconds{5}));
    boost::asio::co_spawn(io_, std::move(task),
                          [&](const std::exception_ptr&, Result<EchoReply> reply) { replies.push_back(reply); });
  }
  io_.restart();
  io_.run();
  std::vector<IpAddress> from;
  for (const auto& reply : replies) from.push_back(reply.value().from);
  EXPECT_THAT(from, testing::UnorderedElementsAre(ip(kFirstRouter), ip(kSecondRouter), ip(kHost)));
}

TEST_F(IcmpEchoTest, WhenADscpIsSet_ThenThePacketsCarryIt) {
  const auto sniffer = must(socket_in(nodes_[3].home, AF_INET, SOCK_RAW, IPPROTO_ICMP));
  ASSERT_TRUE(ping(kHost, 0, 56, Seconds{5}, 46));
  const auto packet = receive(sniffer);
  ASSERT_GT(packet.size(), 20U);
  EXPECT_EQ(static_cast<std::uint8_t>(packet[1]), 46 << 2);
}

}  // namespace
}  // namespace hnbemu::netns
