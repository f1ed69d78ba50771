#include "base/number.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace hnbemu {
namespace {

TEST(Number, WhenTheWholeTextIsANumberOfTheType_ThenItIsRead) {
  EXPECT_EQ(parse_number<std::uint16_t>("65535"), 65'535);
  EXPECT_EQ(parse_number<int>("-5"), -5);
  EXPECT_EQ(parse_number<unsigned>("007"), 7u);
  EXPECT_EQ(parse_number<std::uint64_t>("c0ffee", 16), 0xc0ffeeu);
  EXPECT_EQ(parse_number<double>("-0.5"), -0.5);
}

TEST(Number, WhenAnythingElseIsInTheText_ThenThereIsNone) {
  for (const char* text : {"", " ", "-", "+5", " 5", "5 ", "5x", "0x5", "1.0", "-5", "4294967296"}) {
    EXPECT_FALSE(parse_number<std::uint32_t>(text)) << text;
  }
  for (const char* text : {"", "1.5 ", "+1", "1,5", "1e999"}) EXPECT_FALSE(parse_number<double>(text)) << text;
}

}  // namespace
}  // namespace hnbemu
