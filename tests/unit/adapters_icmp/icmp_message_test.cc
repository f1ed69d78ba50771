#include "adapters/icmp/icmp_message.h"

#include <gtest/gtest.h>

namespace hnbemu::icmp {
namespace {

using Bytes = std::vector<std::uint8_t>;

const IpAddress kDevice = *IpAddress::parse("10.0.0.1");
const IpAddress kTarget = *IpAddress::parse("10.0.0.2");
const IpAddress kRouter = *IpAddress::parse("10.9.0.1");

Bytes packet(const IpAddress& from, const IpAddress& to, const Bytes& payload, std::uint8_t protocol = 1) {
  Bytes bytes(20);
  bytes[0] = 0x45;
  bytes[9] = protocol;
  std::copy_n(from.bytes().begin(), 4, bytes.begin() + 12);
  std::copy_n(to.bytes().begin(), 4, bytes.begin() + 16);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

Bytes request(EchoKey key, std::size_t data = 8) {
  const auto text = echo_request(key, data);
  return {text.begin(), text.end()};
}

Bytes error(std::uint8_t type, std::uint8_t code, const Bytes& quoted) {
  Bytes bytes{type, code, 0, 0, 0, 0, 0, 0};
  bytes.insert(bytes.end(), quoted.begin(), quoted.end());
  return bytes;
}

TEST(IcmpMessage, WhenATargetAnswers_ThenTheReplyNamesTheRequest) {
  auto reply = request({7, 9});
  reply[0] = kEchoReply;
  const auto message = parse(packet(kTarget, kDevice, reply));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, kEchoReply);
  EXPECT_EQ(message->from, kTarget);
  EXPECT_EQ(message->key, (EchoKey{7, 9}));
}

TEST(IcmpMessage, WhenARouterComplains_ThenTheMessageNamesTheRequestThatItQuotes) {
  const auto quoted = packet(kDevice, kTarget, request({7, 9}, 0));
  const auto message = parse(packet(kRouter, kDevice, error(kTimeExceeded, 1, quoted)));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, kTimeExceeded);
  EXPECT_EQ(message->code, 1);
  EXPECT_EQ(message->from, kRouter);
  EXPECT_EQ(message->target, kTarget);
  EXPECT_EQ(message->key, (EchoKey{7, 9}));
}

TEST(IcmpMessage, WhenSomebodyElseIsMeant_ThenItIsNoMessage) {
  EXPECT_FALSE(parse(packet(kTarget, kDevice, request({7, 9}))));  // a request to the device
  EXPECT_FALSE(parse(packet(kRouter, kDevice, error(kUnreachable, 1, packet(kDevice, kTarget, Bytes(8), 17)))));
  EXPECT_FALSE(parse(packet(kTarget, kDevice, Bytes(8), 6)));
}

TEST(IcmpMessage, WhenAPacketIsCutAnywhere_ThenItIsReadOrRefused) {
  const auto whole = packet(kRouter, kDevice, error(kUnreachable, 1, packet(kDevice, kTarget, request({7, 9}, 0))));
  ASSERT_TRUE(parse(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse({whole.data(), size})) << size;
}

TEST(IcmpMessage, WhenAHeaderLiesAboutItsLength_ThenItIsRefused) {
  auto bytes = packet(kTarget, kDevice, request({7, 9}));
  for (const int first : {0x40, 0x44, 0x4f, 0x65}) {
    bytes[0] = static_cast<std::uint8_t>(first);
    EXPECT_FALSE(parse(bytes)) << first;
  }
}

// RFC 1071: the sum over the whole, checksum included, is all ones.
TEST(IcmpMessage, WhenARequestIsMade_ThenItsChecksumIsRight) {
  for (const std::size_t data : {0, 1, 56, 1473}) {
    const auto bytes = request({0xabcd, 0xffff}, data);
    ASSERT_EQ(bytes.size(), 8 + data);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += std::uint32_t{bytes[i]} << (i % 2 == 0 ? 8 : 0);
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    EXPECT_EQ(sum, 0xffffU) << data;
  }
}

}  // namespace
}  // namespace hnbemu::icmp
