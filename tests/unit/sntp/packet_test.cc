#include "sntp/packet.h"

#include <gmock/gmock.h>

namespace hnbemu::sntp {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using testing::Eq;

constexpr Timestamp kNonce = 0x1122334455667788;
const WallTime kSent = *parse_date_time("2026-01-01T12:00:00Z");

// A good answer of a server whose clock is `ahead`, 40 ms away.
Packet answer(microseconds ahead) {
  Packet packet;
  packet.mode = 4;
  packet.stratum = 2;
  packet.reference_id = {127, 127, 1, 1};
  packet.originate = kNonce;
  packet.receive = to_timestamp(kSent + ahead + Millis{20});
  packet.transmit = to_timestamp(kSent + ahead + Millis{21});
  return packet;
}

tl::expected<Sample, Refusal> judged(const Packet& packet) {
  return judge(encode(packet), kNonce, kSent, kSent + Millis{41});
}

TEST(SntpPacket, WhenItIsARequest_ThenItSaysNothingButItsNonce) {
  const auto bytes = request(kNonce);
  ASSERT_EQ(bytes.size(), kPacketBytes);
  EXPECT_EQ(static_cast<unsigned char>(bytes[0]), 0x23);  // version 4, mode 3
  EXPECT_EQ(bytes.substr(1, 39), std::string(39, '\0'));
  EXPECT_EQ(parse(bytes)->transmit, kNonce);
}

TEST(SntpPacket, WhenServerIsAhead_ThenTheOffsetIsPositive) {
  const auto sample = judged(answer(hours(1)));
  ASSERT_TRUE(sample);
  EXPECT_LT(std::chrono::abs(sample->offset - microseconds(hours(1))), microseconds(10));
  EXPECT_LT(std::chrono::abs(sample->delay - microseconds(40'000)), microseconds(10));
}

TEST(SntpPacket, WhenServerIsBehindByYears_ThenTheOffsetIsThat) {
  const auto sample = judged(answer(-hours(24 * 365 * 20)));
  ASSERT_TRUE(sample);
  EXPECT_LT(std::chrono::abs(sample->offset + microseconds(hours(24 * 365 * 20))), microseconds(10));
}

TEST(SntpPacket, WhenTheEraEnds_ThenTheOffsetIsRight) {
  const auto sent = *parse_date_time("2036-02-07T06:28:15Z");  // the era ends a second later
  Packet packet = answer({});
  packet.receive = to_timestamp(sent + Seconds{5});
  packet.transmit = packet.receive;
  const auto sample = judge(encode(packet), kNonce, sent, sent);
  ASSERT_TRUE(sample);
  EXPECT_LT(std::chrono::abs(sample->offset - microseconds(5'000'000)), microseconds(10));
}

TEST(SntpPacket, WhenItAnswersSomethingElse_ThenItIsForeign) {
  auto packet = answer({});
  packet.originate = kNonce + 1;
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::foreign)));
  packet = answer({});
  packet.mode = 3;  // the request, reflected
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::foreign)));
  EXPECT_THAT(judge("", kNonce, kSent, kSent), Eq(tl::unexpected(Refusal::foreign)));
  EXPECT_THAT(judge(encode(answer({})).substr(0, 47), kNonce, kSent, kSent), Eq(tl::unexpected(Refusal::foreign)));
}

TEST(SntpPacket, WhenServerHasNoTime_ThenItIsNotTaken) {
  auto packet = answer({});
  packet.leap = 3;
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::unsynchronised)));
  packet = answer({});
  packet.stratum = 16;
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::unsynchronised)));
  packet = answer({});
  packet.root_dispersion = 16U << 16;
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::unsynchronised)));
}

TEST(SntpPacket, WhenTimestampsCannotBe_ThenItIsNotTaken) {
  auto packet = answer({});
  packet.transmit = 0;
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::nonsense)));
  packet = answer({});
  std::swap(packet.receive, packet.transmit);
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::nonsense)));
  packet = answer({});
  packet.transmit = to_timestamp(kSent + hours(1));  // it kept the request longer than the answer was away
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::nonsense)));
}

TEST(SntpPacket, WhenItIsAKissOfDeath_ThenItsCodeIsMinded) {
  auto packet = answer({});
  packet.stratum = 0;
  packet.reference_id = {'D', 'E', 'N', 'Y'};
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::denied)));
  packet.reference_id = {'R', 'A', 'T', 'E'};
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::rate)));
  packet.reference_id = {'I', 'N', 'I', 'T'};
  EXPECT_THAT(judged(packet), Eq(tl::unexpected(Refusal::unsynchronised)));
}

}  // namespace
}  // namespace hnbemu::sntp
