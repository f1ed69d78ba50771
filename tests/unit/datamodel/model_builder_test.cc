#include "datamodel/model_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hnbemu::datamodel {
namespace {

std::string error_of(const Result<>& result) {
  return result ? "" : result.error().detail;
}

TEST(ModelBuilder, WhenDefinitionIsWrong_ThenErrorNamesPathAndReason) {
  ModelBuilder builder;
  ASSERT_TRUE(builder.add_parameter({.path = "Device.A.{i}.X"}));
  ASSERT_TRUE(builder.add_parameter({.path = "Device.B.Y"}));
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Device.B.Y"})), "Device.B.Y: defined twice");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Device.A.Z"})), "Device.A.: 'A' is multi-instance: write A.{i}.");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Device.B.{i}.Z"})),
            "Device.B.{i}.: 'B' is defined as a single object");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Device.B.Y.Z"})),
            "Device.B.Y.: 'Y' is a parameter, not an object");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Device.B."})), "Device.B.: a parameter's path is Object.Name");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "X"})), "X: a parameter's path is Object.Name");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Device.B.1"})), "Device.B.1: '1' is no name of a parameter");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Device.{i}.{i}.Y"})),
            "Device.{i}.{i}.: 'Device' is defined as a single object");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Other.B.Y"})),
            "Other.B.: a second root object; the first is 'Device.'");
  EXPECT_EQ(error_of(builder.add_parameter({.path = "Device.N", .type = Type::int_, .value = "x"})),
            "Device.N: 'x' is no legal value of xsd:int");
}

TEST(ModelBuilder, WhenRowOrValueIsWrong_ThenErrorNamesPathAndReason) {
  ModelBuilder builder;
  ASSERT_TRUE(builder.add_object({.path = "Device.A.{i}.", .max_rows = 1}));
  ASSERT_TRUE(builder.add_parameter({.path = "Device.A.{i}.X", .type = Type::boolean}));
  EXPECT_EQ(error_of(builder.add_row("Device.B.1.")), "Device.B.1.: there is no object 'B'");
  EXPECT_EQ(error_of(builder.add_row("Device.A.")), "Device.A.: 'A' needs an instance number behind it");
  EXPECT_EQ(error_of(builder.add_row("Device.")), "Device.: not an instance of a multi-instance object, Table.1.");
  EXPECT_EQ(error_of(builder.add_row("Device.A.1.")), "");
  EXPECT_EQ(error_of(builder.add_row("Device.A.1.")), "");
  EXPECT_EQ(error_of(builder.add_row("Device.A.2.")), "Device.A.2.: 'A' has at most 1 rows");
  EXPECT_EQ(error_of(builder.set_value("Device.A.1.X", "7")), "Device.A.1.X: '7' is no legal value of xsd:boolean");
  EXPECT_EQ(error_of(builder.set_value("Device.A.1.Y", "7")), "Device.A.1.Y: there is no such parameter");
}

TEST(ModelBuilder, WhenPathsAreTooLong_ThenTheyAreRefused) {
  ModelBuilder builder;
  std::string deep = "Device.";
  for (int i = 0; i < 40; ++i) deep += "A.";
  EXPECT_THAT(error_of(builder.add_parameter({.path = deep + "X"})), ::testing::HasSubstr("deeper than 32 objects"));
  EXPECT_THAT(error_of(builder.add_parameter({.path = "Device." + std::string(300, 'a') + ".X"})),
              ::testing::HasSubstr("longer than 256 characters"));
}

}  // namespace
}  // namespace hnbemu::datamodel
