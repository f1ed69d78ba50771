#include <gtest/gtest.h>

#include "tr106/specs.h"

namespace hnbemu::tr106 {
namespace {

datamodel::ParameterSpec parse(std::string_view text) {
  const auto spec = parse_spec("P", text);
  EXPECT_TRUE(spec) << spec.error().to_string();
  return spec.value_or(datamodel::ParameterSpec{});
}

TEST(ParameterSpec, WhenLineHasEveryPart_ThenAllAreRead) {
  const auto spec = parse("string(:64) rw hidden inform active=default = a value, with {braces}");
  EXPECT_EQ(spec.type, datamodel::Type::string);
  EXPECT_TRUE(spec.writable && spec.hidden && spec.forced_inform);
  EXPECT_EQ(spec.active_notify, datamodel::ActiveNotify::force_default_enabled);
  EXPECT_EQ(spec.facets.sizes.at(0).max, 64u);
  EXPECT_EQ(spec.value, "a value, with {braces}");
}

TEST(ParameterSpec, WhenNumberHasRanges_ThenEachIsRead) {
  const auto spec = parse("int(-140:-44|3|7:) ro");
  ASSERT_EQ(spec.facets.ranges.size(), 3u);
  EXPECT_EQ(spec.facets.ranges[0].max->to_string(), "-44");
  EXPECT_EQ(spec.facets.ranges[1].min->to_string(), "3");
  EXPECT_EQ(spec.facets.ranges[1].max->to_string(), "3");
  EXPECT_FALSE(spec.facets.ranges[2].max);
}

TEST(ParameterSpec, WhenParameterIsList_ThenItemsAndLimitsAreRead) {
  const auto spec = parse("list[1:8](:50) unsignedInt(:65535) rw");
  EXPECT_EQ(spec.type, datamodel::Type::string);
  EXPECT_EQ(spec.facets.item_type, datamodel::Type::unsigned_int);
  EXPECT_EQ(spec.facets.list_items->max, 8u);
  EXPECT_EQ(spec.facets.list_size->max, 50u);
  EXPECT_EQ(parse("list string{A|B C} ro").facets.enumeration.at(1), "B C");
}

}  // namespace
}  // namespace hnbemu::tr106
