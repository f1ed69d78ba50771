#include "datamodel/value.h"

#include <gtest/gtest.h>

namespace hnbemu::datamodel {
namespace {

using Text = std::optional<std::string>;

Integer number(std::string_view text) {
  return *Integer::parse(text);
}

TEST(Value, WhenBooleanHasAnyLegalForm_ThenCanonicalOneIsKept) {
  EXPECT_EQ(canonical(Type::boolean, "1"), Text("true"));
  EXPECT_EQ(canonical(Type::boolean, " false\n"), Text("false"));
  EXPECT_EQ(canonical(Type::boolean, "TRUE"), std::nullopt);
  EXPECT_EQ(canonical(Type::boolean, ""), std::nullopt);
}

TEST(Value, WhenIntegerIsAtLimitsOfItsType_ThenItIsTaken) {
  EXPECT_EQ(canonical(Type::int_, "-2147483648"), Text("-2147483648"));
  EXPECT_EQ(canonical(Type::int_, "2147483648"), std::nullopt);
  EXPECT_EQ(canonical(Type::unsigned_int, "4294967295"), Text("4294967295"));
  EXPECT_EQ(canonical(Type::unsigned_int, "-1"), std::nullopt);
  EXPECT_EQ(canonical(Type::unsigned_int, "-0"), Text("0"));
  EXPECT_EQ(canonical(Type::long_, "-9223372036854775808"), Text("-9223372036854775808"));
  EXPECT_EQ(canonical(Type::long_, "-9223372036854775809"), std::nullopt);
  EXPECT_EQ(canonical(Type::unsigned_long, "18446744073709551615"), Text("18446744073709551615"));
  EXPECT_EQ(canonical(Type::unsigned_long, "18446744073709551616"), std::nullopt);
}

TEST(Value, WhenIntegerHasSignOrZeros_ThenCanonicalFormHasNot) {
  EXPECT_EQ(canonical(Type::int_, " +007 "), Text("7"));
  EXPECT_EQ(canonical(Type::int_, "+-7"), std::nullopt);
  EXPECT_EQ(canonical(Type::int_, "7.0"), std::nullopt);
  EXPECT_EQ(canonical(Type::int_, "0x7"), std::nullopt);
  EXPECT_EQ(canonical(Type::int_, ""), std::nullopt);
}

TEST(Value, WhenDateTimeHasZone_ThenItIsKeptInUtc) {
  EXPECT_EQ(canonical(Type::date_time, "2024-02-29T12:00:00+02:00"), Text("2024-02-29T10:00:00Z"));
  EXPECT_EQ(canonical(Type::date_time, "0001-01-01T00:00:00Z"), Text("0001-01-01T00:00:00Z"));
  EXPECT_EQ(canonical(Type::date_time, "2023-02-29T12:00:00Z"), std::nullopt);
  EXPECT_EQ(canonical(Type::date_time, "yesterday"), std::nullopt);
}

TEST(Value, WhenBinaryIsMalformed_ThenItIsRefused) {
  EXPECT_EQ(canonical(Type::base64, "aGk=\n"), Text("aGk="));
  EXPECT_EQ(canonical(Type::base64, "aGk"), std::nullopt);
  EXPECT_EQ(canonical(Type::base64, "a=k="), std::nullopt);
  EXPECT_EQ(canonical(Type::hex_binary, "0aFf"), Text("0AFF"));
  EXPECT_EQ(canonical(Type::hex_binary, "0aF"), std::nullopt);
}

TEST(Value, WhenValueIsLargerThanLimit_ThenItIsRefused) {
  EXPECT_NE(canonical(Type::string, std::string(kMaxValueBytes, 'x')), std::nullopt);
  EXPECT_EQ(canonical(Type::string, std::string(kMaxValueBytes + 1, 'x')), std::nullopt);
}

TEST(Value, WhenRangesAreGiven_ThenOneOfThemMustHold) {
  Facets facets;
  facets.ranges = {{number("-10"), number("-5")}, {number("3"), std::nullopt}};
  EXPECT_TRUE(conform(Type::int_, facets, "-10"));
  EXPECT_TRUE(conform(Type::int_, facets, "100"));
  EXPECT_FALSE(conform(Type::int_, facets, "-4"));
  EXPECT_FALSE(conform(Type::int_, facets, "2"));
}

TEST(Value, WhenSizeIsGiven_ThenCharactersOrBytesAreCounted) {
  Facets facets;
  facets.sizes = {{0, 2}};
  EXPECT_TRUE(conform(Type::string, facets, "\xC3\xA4\xC3\xB6"));
  EXPECT_FALSE(conform(Type::string, facets, "abc"));
  EXPECT_TRUE(conform(Type::base64, facets, "aGk="));
  EXPECT_FALSE(conform(Type::base64, facets, "aGlo"));
  EXPECT_TRUE(conform(Type::hex_binary, facets, "00FF"));
  EXPECT_FALSE(conform(Type::hex_binary, facets, "00FF00"));
}

TEST(Value, WhenEnumerationIsGiven_ThenLetterCaseCounts) {
  Facets facets;
  facets.enumeration = {"Enabled", "Disabled"};
  EXPECT_TRUE(conform(Type::string, facets, "Enabled"));
  EXPECT_FALSE(conform(Type::string, facets, "enabled"));
}

TEST(Value, WhenParameterIsList_ThenEachItemAndTheirCountAreChecked) {
  Facets facets;
  facets.list_items = Size{0, 3};
  facets.item_type = Type::unsigned_int;
  facets.ranges = {{number("0"), number("503")}};
  EXPECT_TRUE(conform(Type::string, facets, ""));
  EXPECT_TRUE(conform(Type::string, facets, "1, 2,503"));
  EXPECT_FALSE(conform(Type::string, facets, "1,504"));
  EXPECT_FALSE(conform(Type::string, facets, "1,,2"));
  EXPECT_FALSE(conform(Type::string, facets, "1,2,"));
  EXPECT_FALSE(conform(Type::string, facets, "1,2,3,4"));
  facets.list_size = Size{0, 3};
  EXPECT_FALSE(conform(Type::string, facets, "1,22"));
}

TEST(Value, WhenNothingIsGiven_ThenZeroValueIsLegal) {
  Facets facets;
  EXPECT_EQ(zero_value(Type::string, facets), "");
  EXPECT_EQ(zero_value(Type::boolean, facets), "false");
  EXPECT_EQ(zero_value(Type::date_time, facets), "0001-01-01T00:00:00Z");
  facets.ranges = {{number("1"), number("9")}};
  EXPECT_EQ(zero_value(Type::int_, facets), "1");
}

}  // namespace
}  // namespace hnbemu::datamodel
