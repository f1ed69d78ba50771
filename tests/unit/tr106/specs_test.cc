#include "tr106/specs.h"

#include <gtest/gtest.h>

#include "datamodel/data_model.h"
#include "tr106/parameter_line.h"
#include "tr106/table_reader.h"

namespace hnbemu::tr106 {
namespace {

constexpr auto kTable = R"(model M
Device.
  ThingCount: unsignedInt ro
  Ratio: decimal(0.5:) rw
  Whole: integer(:9) rw
  Bad: dateTime rw =
  Wild: any rw = x
  Key: string rw secured = k
  Code: string rw pattern(K\d+) = K1
  Odd: string rw pattern([a-z-[aeiou]]) = e
  Best: string rw ref(strong row Device.Thing. #.Elsewhere.)
  Reset: boolean rw command
Device.Thing.{i}. rw entries(1:2) count(ThingCount) enable(On) key(Name)
  On: boolean rw
  Name: string rw
  Level: list[:3](:10) int(1:5) rw = 1,5
)";

std::shared_ptr<const datamodel::Model> model() {
  const auto table = parse_table(kTable, "t");
  EXPECT_TRUE(table) << table.error().detail;
  datamodel::ModelBuilder builder;
  const auto added = add_to(builder, *table);
  EXPECT_TRUE(added) << added.error().detail;
  return builder.build();
}

TEST(Specs, WhenTableIsAdded_ThenModelHasItsTypesAndDefaults) {
  const datamodel::DataModel tree(model());
  EXPECT_EQ(tree.value("Device.Ratio"), "");
  EXPECT_EQ(tree.value("Device.Whole"), "0");
  EXPECT_EQ(tree.value("Device.Bad"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(tree.value("Device.Wild"), "x");
  EXPECT_EQ(tree.value("Device.Code"), "K1");
  EXPECT_EQ(tree.value("Device.Odd"), "e");
  EXPECT_EQ(tree.value("Device.ThingCount"), "1");
}

TEST(Specs, WhenObjectIsATable_ThenItsFactsAreTheModels) {
  const auto made = model();
  const auto device = made->member(datamodel::kRootObject, "Device");
  const auto thing = made->member(device->id, "Thing");
  const auto& object = made->object(thing->id);
  EXPECT_TRUE(object.table && object.writable);
  EXPECT_EQ(object.max_rows, 2u);
  EXPECT_EQ(made->parameter(object.number_of_entries).name, "ThingCount");
  const auto& level = made->parameter(made->member(thing->id, "Level")->id);
  EXPECT_EQ(level.type, datamodel::Type::string);
  EXPECT_EQ(level.facets.item_type, datamodel::Type::int_);
  EXPECT_EQ(level.facets.list_items->max, 3u);
  EXPECT_EQ(level.facets.list_size->max, 10u);
  EXPECT_EQ(level.value, "1,5");
  EXPECT_EQ(object.min_rows, 1u);
  EXPECT_EQ(object.keys.size(), 1u);
  const auto parameter = [&](std::string_view name) { return made->parameter(made->member(device->id, name)->id); };
  EXPECT_TRUE(parameter("Key").hidden);
  EXPECT_TRUE(parameter("Reset").command);
  EXPECT_EQ(parameter("Best").reference->targets, std::vector<std::string>{"Device.Thing."});
  EXPECT_EQ(parameter("Code").facets.patterns.size(), 1u);
}

TEST(Specs, WhenALineOfAProfileHasAWrongDefault_ThenItIsAnError) {
  datamodel::ModelBuilder builder;
  const auto parameter = parse_parameter("P", "int(1:5) rw = 9");
  ASSERT_TRUE(parameter);
  const auto added = builder.add_parameter(parameter_spec("Device.", *parameter));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().detail, "Device.P: '9' is no legal value of xsd:int");
}

}  // namespace
}  // namespace hnbemu::tr106
