#include "dhcp/message.h"

#include <gmock/gmock.h>

#include "dhcp/datagram.h"
#include "unit/dhcp/server_double.h"

namespace hnbemu::dhcp {
namespace {

using testing::ElementsAre;

Message request() {
  Message message;
  message.kind = Kind::request;
  message.transaction = 0xdeadbeef;
  message.seconds = 7;
  message.broadcast = true;
  message.client = kAddress;
  message.hardware = {2, 0, 100, 64, 0, 11};
  message.options[option::server] = to_option(kServer);
  return message;
}

TEST(DhcpMessage, WhenEncoded_ThenParsingGivesItBack) {
  const auto bytes = encode(request());
  EXPECT_GE(bytes.size(), 300U);
  const auto parsed = parse(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->kind, Kind::request);
  EXPECT_FALSE(parsed->reply);
  EXPECT_EQ(parsed->transaction, 0xdeadbeefU);
  EXPECT_EQ(parsed->seconds, 7);
  EXPECT_TRUE(parsed->broadcast);
  EXPECT_EQ(parsed->client, kAddress);
  EXPECT_EQ(parsed->hardware, request().hardware);
  EXPECT_EQ(parsed->options, request().options);
  EXPECT_EQ(parsed->address(option::server), kServer);
}

TEST(DhcpMessage, WhenAnOptionIsLong_ThenItIsSplitAndJoined) {
  auto message = request();
  message.options[option::vendor_specific] = std::string(600, 'x');
  EXPECT_EQ(parse(encode(message))->options, message.options);
}

TEST(DhcpMessage, WhenOptionsGoOnInFileAndName_ThenTheyAreRead) {
  auto message = request();
  message.options[option::overload] = "\3";
  auto bytes = encode(message);
  bytes.replace(28 + 16 + 64, 7, std::string("\6\4\1\2\3\4\xff", 7));
  bytes.replace(28 + 16, 7, std::string("\6\4\5\6\7\x08\xff", 7));
  const auto parsed = parse(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->addresses(option::dns_servers),
              ElementsAre(*IpAddress::parse("1.2.3.4"), *IpAddress::parse("5.6.7.8")));
}

TEST(DhcpMessage, WhenValuesHaveWrongLengths_ThenTheyAreNotThere) {
  auto message = request();
  message.options[option::lease_time] = "\1\2\3";
  message.options[option::dns_servers] = "\1\2\3\4\5";
  message.options[option::router] = "";
  EXPECT_EQ(message.number(option::lease_time), std::nullopt);
  EXPECT_TRUE(message.addresses(option::dns_servers).empty());
  EXPECT_TRUE(message.addresses(option::router).empty());
}

TEST(DhcpMessage, WhenBytesAreNoMessage_ThenNothingIsRead) {
  const auto good = encode(request());
  for (std::size_t size = 0; size < 28 + 16 + 64 + 128 + 4 + 3; ++size) EXPECT_FALSE(parse(good.substr(0, size)));
  const auto with = [&](std::size_t at, char byte) {
    auto bytes = good;
    bytes[at] = byte;
    return parse(bytes);
  };
  EXPECT_FALSE(with(0, 3));
  EXPECT_FALSE(with(1, 6));
  EXPECT_FALSE(with(2, 16));
  EXPECT_FALSE(with(236, 0));       // the cookie
  EXPECT_FALSE(with(242, 9));       // no such kind
  EXPECT_FALSE(with(244, '\xff'));  // an option that goes beyond the end
  EXPECT_FALSE(parse(good + std::string(2000, '\0')));
}

TEST(DhcpMessage, WhenShown_ThenItSaysWhoWantsWhat) {
  EXPECT_EQ(to_string(answer(request(), Kind::ack)), "DHCPACK 100.64.0.11 from 100.64.0.10 for 3600 s");
  EXPECT_EQ(to_string(request()), "DHCPREQUEST 100.64.0.11 to 100.64.0.10");
}

TEST(DhcpDatagram, WhenPacked_ThenTheHeadersAreRight) {
  const auto packet = to_packet("hello", {}, IpAddress::v4(0xffffffff));
  EXPECT_EQ(packet.size(), 33U);
  EXPECT_EQ(packet.substr(28), "hello");
  auto back = packet;  // to the client's port
  std::swap(back[21], back[23]);
  EXPECT_EQ(from_packet(back), "hello");
  EXPECT_EQ(from_packet(packet), "");
}

TEST(DhcpDatagram, WhenPacketIsDamaged_ThenItIsNone) {
  auto good = to_packet("hello", {}, IpAddress::v4(0xffffffff));
  std::swap(good[21], good[23]);
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_EQ(from_packet(good.substr(0, size)), "") << size;
  EXPECT_EQ(from_packet(good + "padding"), "hello");
  for (const std::size_t at : {0U, 2U, 3U, 6U, 9U, 10U, 12U, 22U, 24U}) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    EXPECT_EQ(from_packet(bad), "") << at;
  }
}

}  // namespace
}  // namespace hnbemu::dhcp
