#include "adapters/ipsec/vici_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace hnbemu::ipsec::vici {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLengthBytes = 4;

Section example() {
  Section message;
  message.set("key1", "value1");
  auto& section = message.add("section1");
  section.add("sub-section").set("key2", "value2");
  section.set("list1", List{"item1", "item2"});
  return message;
}

// The example in strongSwan's description of the format.
constexpr auto kExample =
    "\x03\x04key1\x00\x06value1"
    "\x01\x08section1"
    "\x01\x0bsub-section"
    "\x03\x04key2\x00\x06value2"
    "\x02"
    "\x04\x05list1\x05\x00\x05item1\x05\x00\x05item2\x06"
    "\x02"sv;

std::string response(std::string_view message) {
  return "\x01" + std::string(message);
}

std::string nested(std::size_t depth) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += "\x01\x01s";
  return response(out + std::string(depth, '\x02'));
}

std::string list_of(std::size_t items) {
  std::string out = "\x04\x01l";
  for (std::size_t i = 0; i < items; ++i) out += "\x05\x00\x00"sv;
  return response(out + "\x06");
}

TEST(ViciMessage, WhenTheDescriptionsExampleIsEncoded_ThenItsBytesComeOut) {
  const auto bytes = encode({PacketType::cmd_response, {}, example()});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->substr(kLengthBytes), response(kExample));
}

TEST(ViciMessage, WhenTheDescriptionsExampleIsDecoded_ThenEveryPartIsFound) {
  const auto packet = decode(response(kExample));
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->type, PacketType::cmd_response);
  EXPECT_EQ(packet->message.text("key1"), "value1");
  const auto* section = packet->message.section("section1");
  ASSERT_NE(section, nullptr);
  ASSERT_NE(section->section("sub-section"), nullptr);
  EXPECT_EQ(section->section("sub-section")->text("key2"), "value2");
  ASSERT_NE(section->list("list1"), nullptr);
  EXPECT_THAT(*section->list("list1"), testing::ElementsAre("item1", "item2"));
}

TEST(ViciMessage, WhenANameIsMissingOrOfAnotherKind_ThenNothingIsFound) {
  const auto message = example();
  EXPECT_EQ(message.text("no-such-key"), "");
  EXPECT_EQ(message.text("section1"), "");
  EXPECT_EQ(message.section("key1"), nullptr);
  EXPECT_EQ(message.list("key1"), nullptr);
}

TEST(ViciMessage, WhenAPacketIsEncoded_ThenItsLengthStandsInFront) {
  const auto bytes = encode({PacketType::cmd_request, "version", {}});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, "\x00\x00\x00\x09\x00\x07version"sv);
}

TEST(ViciMessage, WhenAMessageIsCutInsideAnElement_ThenItIsRefused) {
  const auto whole = response(kExample);
  const std::size_t type_alone = 1;
  const std::size_t first_element = 1 + "\x03\x04key1\x00\x06value1"sv.size();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const bool is_message = length == type_alone || length == first_element;
    EXPECT_EQ(decode(std::string_view(whole).substr(0, length)).has_value(), is_message) << "cut to " << length;
  }
}

TEST(ViciMessage, WhenElementsAreOutOfPlace_ThenTheMessageIsRefused) {
  EXPECT_FALSE(decode(response("\x02"sv))) << "a section's end";
  EXPECT_FALSE(decode(response("\x05\x00\x01x"sv))) << "an item outside a list";
  EXPECT_FALSE(decode(response("\x06"sv))) << "a list's end";
  EXPECT_FALSE(decode(response("\x04\x01l\x03\x01k\x00\x01v\x06"sv))) << "a key in a list";
  EXPECT_FALSE(decode(response("\x04\x01l\x04\x01m\x06\x06"sv))) << "a list in a list";
  EXPECT_FALSE(decode(response("\x00\x01k\x00\x01v"sv))) << "an unknown element";
  EXPECT_FALSE(decode(response("\x07\x01k\x00\x01v"sv))) << "an unknown element";
}

TEST(ViciMessage, WhenThePacketsTypeOrNameIsBroken_ThenItIsRefused) {
  EXPECT_FALSE(decode(""sv));
  EXPECT_FALSE(decode("\x08"sv)) << "an unknown type";
  EXPECT_FALSE(decode("\x07"sv)) << "an event without a name";
  EXPECT_FALSE(decode("\x07\x05name"sv)) << "a name that is cut off";
  EXPECT_TRUE(decode("\x05"sv));
}

TEST(ViciMessage, WhenSectionsAreNestedBeyondTheBound_ThenTheMessageIsRefused) {
  EXPECT_TRUE(decode(nested(kMaxDepth - 1)));
  EXPECT_FALSE(decode(nested(kMaxDepth + 1)));
  EXPECT_FALSE(decode(nested(kMaxPacketBytes / 5)));
}

TEST(ViciMessage, WhenElementsOrBytesAreMoreThanTheBound_ThenTheMessageIsRefused) {
  EXPECT_TRUE(decode(list_of(kMaxElements - 1)));
  EXPECT_FALSE(decode(list_of(kMaxElements + 1)));
  EXPECT_FALSE(decode(std::string(kMaxPacketBytes + 1, '\x05')));
}

TEST(ViciMessage, WhenNamesValuesOrMessagesDoNotFit_ThenTheyAreNotEncoded) {
  Section long_name;
  long_name.set(std::string(256, 'n'), "v");
  EXPECT_FALSE(encode({PacketType::cmd_response, {}, long_name}));
  Section long_value;
  long_value.set("k", std::string(65'536, 'v'));
  EXPECT_FALSE(encode({PacketType::cmd_response, {}, long_value}));
  Section long_message;
  for (int i = 0; i < 9; ++i) long_message.set("k", std::string(65'535, 'v'));
  EXPECT_FALSE(encode({PacketType::cmd_response, {}, long_message}));
  EXPECT_FALSE(encode({PacketType::cmd_request, std::string(256, 'n'), {}}));
}

// What was decoded encodes to the same bytes: nothing was skipped or read twice.
TEST(ViciMessage, WhenBytesAreRandom_ThenTheyAreRefusedOrReadWhole) {
  std::mt19937 random(7296);
  unsigned read = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string bytes(1 + random() % 40, '\0');
    // Mostly small values, element types and short lengths, which lead deep into the decoder.
    for (auto& byte : bytes) byte = static_cast<char>(random() % (random() % 8 == 0 ? 256 : 7));
    const auto packet = decode(bytes);
    const bool without_message = packet && packet->type != PacketType::cmd_request &&
                                 packet->type != PacketType::cmd_response && packet->type != PacketType::event;
    if (!packet || without_message) continue;
    const auto again = encode(*packet);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->substr(kLengthBytes), bytes);
    ++read;
  }
  EXPECT_GT(read, 100U);
}

// Each byte of a good message changed to each value in turn.
TEST(ViciMessage, WhenAnyByteOfAMessageIsChanged_ThenItIsRefusedOrReadWhole) {
  const auto whole = response(kExample);
  for (std::size_t place = 1; place < whole.size(); ++place) {
    for (int value = 0; value < 256; ++value) {
      auto bytes = whole;
      bytes[place] = static_cast<char>(value);
      const auto packet = decode(bytes);
      if (!packet) continue;
      EXPECT_EQ(encode(*packet)->substr(kLengthBytes), bytes);
    }
  }
}

}  // namespace
}  // namespace hnbemu::ipsec::vici
