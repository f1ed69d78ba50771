#include "datamodel/definition.h"

#include <gtest/gtest.h>

namespace hnbemu::datamodel {
namespace {

ParameterSpec parse(std::string_view text) {
  const auto spec = parse_definition("P", text);
  EXPECT_TRUE(spec) << spec.error().to_string();
  return spec.value_or(ParameterSpec{});
}

TEST(Definition, WhenLineHasEveryPart_ThenAllAreRead) {
  const auto spec = parse("string(:64) rw hidden inform active=default = a value, with {braces}");
  EXPECT_EQ(spec.type, Type::string);
  EXPECT_TRUE(spec.writable && spec.hidden && spec.forced_inform);
  EXPECT_EQ(spec.active_notify, ActiveNotify::force_default_enabled);
  EXPECT_EQ(spec.facets.sizes.at(0).max, 64u);
  EXPECT_EQ(spec.value, "a value, with {braces}");
}

TEST(Definition, WhenNumberHasRanges_ThenEachIsRead) {
  const auto spec = parse("int(-140:-44|3|7:) ro");
  ASSERT_EQ(spec.facets.ranges.size(), 3u);
  EXPECT_EQ(spec.facets.ranges[0].max->to_string(), "-44");
  EXPECT_EQ(spec.facets.ranges[1].min->to_string(), "3");
  EXPECT_EQ(spec.facets.ranges[1].max->to_string(), "3");
  EXPECT_FALSE(spec.facets.ranges[2].max);
}

TEST(Definition, WhenParameterIsList_ThenItemsAndLimitsAreRead) {
  const auto spec = parse("list[1:8](:50) unsignedInt(:65535) rw");
  EXPECT_EQ(spec.type, Type::string);
  EXPECT_EQ(spec.facets.item_type, Type::unsigned_int);
  EXPECT_EQ(spec.facets.list_items->max, 8u);
  EXPECT_EQ(spec.facets.list_size->max, 50u);
  EXPECT_EQ(parse("list string{A|B C} ro").facets.enumeration.at(1), "B C");
}

TEST(Definition, WhenLineIsWrong_ThenReasonIsGiven) {
  const auto reason = [](std::string_view text) { return parse_definition("P", text).error().detail; };
  EXPECT_EQ(reason("strin ro"), "P: 'strin' is no type");
  EXPECT_EQ(reason("string"), "P: '' must be ro or rw");
  EXPECT_EQ(reason("string(x) ro"), "P: 'x' is no range");
  EXPECT_EQ(reason("string(-1:) ro"), "P: '-1:' is no range");
  EXPECT_EQ(reason("int(:) ro"), "P: ':' is no range");
  EXPECT_EQ(reason("string(:6 ro"), "P: '(' without ')'");
  EXPECT_EQ(reason("string ro loud"), "P: 'loud' means nothing here");
  EXPECT_EQ(reason("string ro (x)"), "P: a bracket means nothing here");
  EXPECT_EQ(reason("list[a] string ro"), "P: the list's limits are no range");
}

}  // namespace
}  // namespace hnbemu::datamodel
