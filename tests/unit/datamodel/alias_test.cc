#include <gmock/gmock.h>

#include "told.h"

namespace hnbemu::datamodel {
namespace {

using ::testing::ElementsAre;

std::shared_ptr<const Model> aliased() {
  Facets alias;
  alias.sizes = {{1, 64}};
  TestBuilder builder;
  builder.object({.path = "Device.T.{i}.", .writable = true})
      .parameter({.path = "Device.T.{i}.Alias", .writable = true, .facets = alias})
      .parameter({.path = "Device.T.{i}.V", .writable = true})
      .object({.path = "Device.T.{i}.U.{i}.", .writable = true})
      .parameter({.path = "Device.T.{i}.U.{i}.Alias", .writable = true, .facets = alias})
      .object({.path = "Device.Plain.{i}.", .writable = true})
      .parameter({.path = "Device.Plain.{i}.V", .writable = true})
      .row("Device.T.3.")
      .row("Device.T.3.U.7.")
      .row("Device.Plain.1.");
  return builder.build();
}

// TR-069 3.6.1
TEST(Alias, WhenRowHasNone_ThenDeviceGivesIt) {
  DataModel data(aliased());
  EXPECT_EQ(data.value("Device.T.3.Alias"), "cpe-3");
  EXPECT_EQ(data.add_object("Device.T."), 4u);
  EXPECT_EQ(data.value("Device.T.4.Alias"), "cpe-4");
}

TEST(Alias, WhenPathsHaveIt_ThenCallsTakeItAndAnswersHaveNumbers) {
  DataModel data(aliased());
  const auto heard = listen(data);
  EXPECT_EQ(set_one(data, {{"Device.T.[cpe-3].V", "1", ""}, {"Device.T.3.Alias", "a.b c", ""}}), "");
  EXPECT_EQ(data.value("Device.T.[a.b c].V"), "1");
  EXPECT_EQ(data.value("Device.T.[cpe-3].V"), std::nullopt);
  EXPECT_EQ(data.values("Device.T.[a.b c].U.[cpe-7].")->front().path, "Device.T.3.U.7.Alias");
  EXPECT_EQ(data.names("Device.T.[a.b c].", false)->front().path, "Device.T.3.");
  const AttributesAssignment attributes{"Device.T.[a.b c].V", 2, {}};
  EXPECT_TRUE(data.set_attributes({&attributes, 1}));
  EXPECT_EQ(data.attributes("Device.T.[a.b c].V")->front().path, "Device.T.3.V");
  EXPECT_EQ(data.add_object("Device.T.[a.b c].U."), 8u);
  EXPECT_TRUE(data.update("Device.T.[a.b c].V", "2"));
  EXPECT_TRUE(data.delete_object("Device.T.[a.b c]."));
  EXPECT_THAT(*heard, ElementsAre("Device.T.3.V=1", "Device.T.3.Alias=a.b c", "Device.T.3.V=2 Subscriber",
                                  "+Device.T.3.U.8.", "~Device.T.3.V=2", "-Device.T.3."));
}

TEST(Alias, WhenOneParameterIsNamedTwiceByBothNames_Then9003) {
  DataModel data(aliased());
  EXPECT_EQ(set_one(data, {{"Device.T.3.V", "1", ""}, {"Device.T.[cpe-3].V", "1", ""}}), "Device.T.[cpe-3].V 9003");
}

TEST(Alias, WhenAParameterRefusesAValue_ThenItDoesByEitherName) {
  DataModel data(aliased());
  data.refuse_when("Device.T.3.V", [](std::string_view) { return std::optional<std::string>("not now"); });
  EXPECT_EQ(set_one(data, {{"Device.T.3.V", "1", ""}}), "Device.T.3.V 9007");
  EXPECT_EQ(set_one(data, {{"Device.T.[cpe-3].V", "1", ""}}), "Device.T.[cpe-3].V 9007");
}

TEST(Alias, WhenEachWriteIsTold_ThenItIsByEitherName) {
  DataModel data(aliased());
  data.tell_each_write("Device.T.3.V");
  const auto heard = listen(data);
  EXPECT_EQ(set_one(data, {{"Device.T.[cpe-3].V", "", ""}}), "");
  EXPECT_THAT(*heard, ElementsAre("Device.T.3.V="));
}

// A.3.2.6
TEST(Alias, WhenAddObjectNamesIt_ThenNewRowHasIt) {
  DataModel data(aliased());
  const auto heard = listen(data);
  EXPECT_EQ(data.add_object("Device.T.[mine]."), 4u);
  EXPECT_EQ(data.value("Device.T.[mine].Alias"), "mine");
  EXPECT_EQ(data.add_object("Device.T.[mine].U.[in]."), 1u);
  EXPECT_THAT(*heard,
              ElementsAre("+Device.T.4.", "Device.T.4.Alias=mine", "+Device.T.4.U.1.", "Device.T.4.U.1.Alias=in"));
  for (const std::string& wrong : {std::string("mine"), std::string("1st"), std::string(65, 'a')}) {
    EXPECT_EQ(data.add_object("Device.T.[" + wrong + "].").error(), FaultCode::invalid_parameter_name) << wrong;
  }
  EXPECT_EQ(data.table_state("Device.T.")->rows.size(), 2u);
}

TEST(Alias, WhenItIsUnknownOrTableHasNone_Then9005) {
  DataModel data(aliased());
  for (const char* path :
       {"Device.T.[none].V", "Device.T.[].V", "Device.T.[cpe-3", "Device.T.[cpe-3]", "Device.T.[cpe-3]V",
        "Device.Plain.[cpe-1].V", "Device.[T].V", "[Device].T.", "Device.T.cpe-3.V"}) {
    EXPECT_FALSE(data.values(path)) << path;
  }
  for (const char* path : {"Device.Plain.[a].", "Device.T.[].", "Device.[a].", "[a].", "Device.T.3.[a]."}) {
    EXPECT_EQ(data.add_object(path).error(), FaultCode::invalid_parameter_name) << path;
  }
}

TEST(Alias, WhenTwoRowsWouldHaveOne_Then9007) {
  DataModel data(aliased());
  EXPECT_EQ(data.add_object("Device.T."), 4u);
  EXPECT_EQ(set_one(data, {{"Device.T.4.Alias", "cpe-3", ""}}), "Device.T.4.Alias 9007");
  EXPECT_EQ(set_one(data, {{"Device.T.4.Alias", "", ""}}), "Device.T.4.Alias 9007");
}

// What is in memory is a table's rows and the ACS's values.
TEST(Alias, WhenTableIsRestored_ThenAliasesAreFoundAsBefore) {
  DataModel data(aliased());
  EXPECT_EQ(data.value("Device.T.[cpe-3].V"), "");
  ASSERT_TRUE(data.restore_table("Device.T.", {9, {9}}));
  EXPECT_EQ(data.value("Device.T.[cpe-3].V"), std::nullopt);
  EXPECT_EQ(data.value("Device.T.[cpe-9].V"), "");
}

}  // namespace
}  // namespace hnbemu::datamodel
