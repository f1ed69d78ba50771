#include "diagnostics/udp_echo.h"

#include <gtest/gtest.h>

namespace hnbemu::diagnostics {
namespace {

const IpAddress kClient = *IpAddress::parse("192.0.2.1");
const IpAddress kOther = *IpAddress::parse("192.0.2.2");

WallTime at(std::int64_t us) {
  return WallTime{std::chrono::microseconds{us}};
}

std::uint32_t number(const std::string& bytes, std::size_t index) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes.at(index * 4 + i));
  return value;
}

std::string request(std::size_t size = 24) {
  std::string bytes(size, 'x');
  bytes.replace(0, 4, std::string("\0\0\0\x09", 4));
  return bytes;
}

TEST(UdpEchoServer, WhenPlainEchoIsAsked_ThenTheSameComesBack) {
  UdpEcho echo;
  echo.configure(kClient, false);
  EXPECT_EQ(echo.received(kClient, request(), at(1)), request());
  EXPECT_EQ(echo.received(kClient, "", at(1)), "");
}

TEST(UdpEchoServer, WhenAnotherAsks_ThenItIsNeitherAnsweredNorCounted) {
  UdpEcho echo;
  echo.configure(kClient, true);
  EXPECT_FALSE(echo.received(kOther, request(), at(1)));
  EXPECT_EQ(echo.statistics().packets_received, 0U);
}

TEST(UdpEchoServer, WhenNoClientIsSet_ThenNobodyIsAnswered) {
  UdpEcho echo;
  echo.configure({}, false);
  EXPECT_FALSE(echo.received({}, "x", at(1)));
  EXPECT_FALSE(echo.received(kClient, "x", at(1)));
}

// TR-143 A.1.4.
TEST(UdpEchoServer, WhenEchoPlusIsAsked_ThenItsFieldsAreFilled) {
  UdpEcho echo;
  echo.configure(kClient, true);
  const std::int64_t wrapped = (std::int64_t{1} << 32) + 5;
  auto reply = echo.received(kClient, request(), at(wrapped)).value();
  echo.stamp(reply, at(wrapped + 2));
  echo.sent(reply, true);
  ASSERT_EQ(reply.size(), 24U);
  EXPECT_EQ(number(reply, 0), 9U);  // TestGenSN is the client's
  EXPECT_EQ(number(reply, 1), 1U);
  EXPECT_EQ(number(reply, 2), 5U);
  EXPECT_EQ(number(reply, 3), 7U);
  EXPECT_EQ(number(reply, 4), 0U);
  EXPECT_EQ(reply.substr(20), "xxxx");
  echo.sent(echo.received(kClient, request(), at(8)).value(), false);  // it did not go
  reply = echo.received(kClient, request(), at(9)).value();
  EXPECT_EQ(number(reply, 1), 2U);
  EXPECT_EQ(number(reply, 4), 1U);
}

TEST(UdpEchoServer, WhenAPacketIsTooShortForEchoPlus_ThenItIsPlainEcho) {
  UdpEcho echo;
  echo.configure(kClient, true);
  auto reply = echo.received(kClient, std::string(19, 'y'), at(1)).value();
  echo.stamp(reply, at(2));
  EXPECT_EQ(reply, std::string(19, 'y'));
}

TEST(UdpEchoServer, WhenItWorks_ThenItCountsWithTheUdpHeader) {
  UdpEcho echo;
  echo.configure(kClient, false);
  for (const std::int64_t time : {10, 20, 30}) echo.sent(echo.received(kClient, "12345", at(time)).value(), time != 30);
  const auto& counted = echo.statistics();
  EXPECT_EQ(counted.packets_received, 3U);
  EXPECT_EQ(counted.packets_responded, 2U);
  EXPECT_EQ(counted.bytes_received, 39U);
  EXPECT_EQ(counted.bytes_responded, 26U);
  EXPECT_EQ(counted.first_packet, at(10));
  EXPECT_EQ(counted.last_packet, at(30));
  echo.reset();
  EXPECT_EQ(counted.packets_received, 0U);
  EXPECT_FALSE(counted.first_packet);
}

}  // namespace
}  // namespace hnbemu::diagnostics
