#include <gmock/gmock.h>

#include "told.h"

namespace hnbemu::datamodel {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Functional key (Port, Protocol) of enabled rows; non-functional key Name.
std::shared_ptr<const Model> mappings() {
  Facets protocol;
  protocol.enumeration = {"TCP", "UDP"};
  TestBuilder builder;
  builder
      .object({.path = "Device.Map.{i}.",
               .writable = true,
               .unique_keys = {{{"Port", "Protocol"}, true}, {{"Name"}, false}},
               .enable_parameter = "Enable"})
      .parameter({.path = "Device.Map.{i}.Enable", .type = Type::boolean, .writable = true})
      .parameter({.path = "Device.Map.{i}.Port", .type = Type::unsigned_int, .writable = true})
      .parameter({.path = "Device.Map.{i}.Protocol", .writable = true, .facets = protocol})
      .parameter({.path = "Device.Map.{i}.Name", .writable = true});
  return builder.build();
}

DataModel with_rows(std::shared_ptr<const Model> model, std::string_view table, unsigned rows) {
  DataModel data(std::move(model));
  for (unsigned i = 0; i < rows; ++i) EXPECT_TRUE(data.add_object(table));
  return data;
}

TEST(UniqueKey, WhenFunctionalKeyIsOfDisabledRows_ThenItNeedNotBeUnique) {
  DataModel data = with_rows(mappings(), "Device.Map.", 2);
  EXPECT_EQ(set_one(data, {{"Device.Map.1.Port", "80", ""}, {"Device.Map.2.Port", "80", ""}}), "");
  EXPECT_EQ(set_one(data, {{"Device.Map.1.Enable", "1", ""}}), "");
  EXPECT_EQ(set_one(data, {{"Device.Map.2.Enable", "1", ""}}), "Device.Map.2.Enable 9007");
  EXPECT_EQ(set_one(data, {{"Device.Map.2.Enable", "1", ""}, {"Device.Map.2.Protocol", "UDP", ""}}), "");
  EXPECT_EQ(set_one(data, {{"Device.Map.2.Protocol", "TCP", ""}}), "Device.Map.2.Protocol 9007");
}

TEST(UniqueKey, WhenTransactionMakesKeysEqual_ThenNothingIsSetAndNobodyIsTold) {
  DataModel data = with_rows(mappings(), "Device.Map.", 2);
  const auto heard = listen(data);
  EXPECT_EQ(set_one(data, {{"Device.Map.1.Enable", "1", ""},
                           {"Device.Map.2.Enable", "1", ""},
                           {"Device.Map.1.Port", "80", ""},
                           {"Device.Map.2.Port", "80", ""},
                           {"Device.Map.1.Name", "web", ""}}),
            "Device.Map.1.Enable 9007; Device.Map.2.Enable 9007; Device.Map.1.Port 9007; Device.Map.2.Port 9007");
  EXPECT_EQ(data.value("Device.Map.1.Port"), "0");
  EXPECT_EQ(data.value("Device.Map.1.Name"), "cpe-1");
  EXPECT_THAT(*heard, IsEmpty());
}

// A.3.2.1: the values count as they are after the transaction, whatever its order.
TEST(UniqueKey, WhenTwoRowsExchangeKeys_ThenThatIsLegal) {
  DataModel data = with_rows(mappings(), "Device.Map.", 2);
  EXPECT_EQ(set_one(data, {{"Device.Map.1.Name", "cpe-2", ""}, {"Device.Map.2.Name", "cpe-1", ""}}), "");
  EXPECT_EQ(set_one(data, {{"Device.Map.1.Name", "cpe-1", ""}}), "Device.Map.1.Name 9007");
  EXPECT_EQ(data.value("Device.Map.1.Name"), "cpe-2");
}

TEST(UniqueKey, WhenRowGoes_ThenItsKeyIsFree) {
  DataModel data = with_rows(mappings(), "Device.Map.", 2);
  EXPECT_EQ(set_one(data, {{"Device.Map.1.Name", "a", ""}}), "");
  EXPECT_EQ(set_one(data, {{"Device.Map.2.Name", "a", ""}}), "Device.Map.2.Name 9007");
  EXPECT_TRUE(data.delete_object("Device.Map.1."));
  EXPECT_EQ(set_one(data, {{"Device.Map.2.Name", "a", ""}}), "");
}

TEST(UniqueKey, WhenGeneratedNameIsTaken_ThenNewRowGetsAnotherAndItIsTold) {
  DataModel data = with_rows(mappings(), "Device.Map.", 1);
  EXPECT_EQ(set_one(data, {{"Device.Map.1.Name", "cpe-2", ""}}), "");
  const auto heard = listen(data);
  EXPECT_EQ(data.add_object("Device.Map."), 2u);
  EXPECT_EQ(data.value("Device.Map.2.Name"), "cpe-2-2");
  EXPECT_THAT(*heard, ElementsAre("+Device.Map.2.", "Device.Map.2.Name=cpe-2-2"));
}

TEST(UniqueKey, WhenKeyIsANumberOfFullRange_ThenNewRowTakesTheFreeOneAndThen9004) {
  Facets order;
  order.ranges = {{Integer{false, 1}, Integer{false, 3}}};
  TestBuilder builder;
  builder.object({.path = "Device.Rule.{i}.", .writable = true, .unique_keys = {{{"Order"}}}})
      .parameter({.path = "Device.Rule.{i}.Order", .type = Type::unsigned_int, .writable = true, .facets = order});
  DataModel data = with_rows(builder.build(), "Device.Rule.", 3);
  EXPECT_EQ(data.value("Device.Rule.2.Order"), "2");
  EXPECT_EQ(data.value("Device.Rule.3.Order"), "3");
  EXPECT_EQ(data.add_object("Device.Rule.").error(), FaultCode::resources_exceeded);
  EXPECT_EQ(data.values("Device.Rule.")->size(), 3u);
  EXPECT_TRUE(data.delete_object("Device.Rule.2."));
  EXPECT_EQ(data.value(fmt::format("Device.Rule.{}.Order", data.add_object("Device.Rule.").value())), "2");
}

TEST(UniqueKey, WhenKeyIsAList_ThenOrderAndRepetitionDoNotCount) {
  Facets list;
  list.list_items = Size{};
  TestBuilder builder;
  builder.object({.path = "Device.Set.{i}.", .unique_keys = {{{"In.Of"}}}})
      .parameter({.path = "Device.Set.{i}.In.Of", .writable = true, .facets = list})
      .row("Device.Set.1.")
      .row("Device.Set.2.")
      .value("Device.Set.2.In.Of", "a,b");
  DataModel data(builder.build());
  EXPECT_EQ(set_one(data, {{"Device.Set.1.In.Of", "b, a,b", ""}}), "Device.Set.1.In.Of 9007");
  EXPECT_EQ(set_one(data, {{"Device.Set.1.In.Of", "b", ""}}), "");
}

TEST(UniqueKey, WhenTablesAreInDifferentRows_ThenKeysMayBeEqual) {
  TestBuilder builder;
  builder.object({.path = "Device.A.{i}.B.{i}.", .writable = true, .unique_keys = {{{"Name"}, false}}})
      .parameter({.path = "Device.A.{i}.B.{i}.Name", .writable = true})
      .row("Device.A.1.B.1.")
      .row("Device.A.2.B.1.");
  DataModel data(builder.build());
  EXPECT_EQ(set_one(data, {{"Device.A.1.B.1.Name", "x", ""}, {"Device.A.2.B.1.Name", "x", ""}}), "");
}

TEST(UniqueKey, WhenFreshRowsHaveOneKey_ThenCheckSaysWhich) {
  TestBuilder builder;
  builder.object({.path = "Device.T.{i}.", .unique_keys = {{{"Name"}, false}}})
      .parameter({.path = "Device.T.{i}.Name"})
      .row("Device.T.1.")
      .row("Device.T.2.")
      .value("Device.T.1.Name", "x")
      .value("Device.T.2.Name", "x");
  EXPECT_EQ(builder.problem(), "Device.T.1.: another row has the same unique key");
  TestBuilder unknown;
  unknown.object({.path = "Device.T.{i}.", .unique_keys = {{{"None"}, false}}})
      .parameter({.path = "Device.T.{i}.Name"});
  EXPECT_EQ(unknown.problem(), "Device.T.{i}.: its rows have no parameter 'None'");
}

TEST(LeastRows, WhenTableMustHaveRows_ThenTheyAreThereAndStay) {
  TestBuilder builder;
  builder.object({.path = "Device.T.{i}.", .writable = true, .max_rows = 2, .min_rows = 1})
      .object({.path = "Device.T.{i}.U.{i}.", .writable = true, .max_rows = 2, .min_rows = 2})
      .parameter({.path = "Device.T.{i}.U.{i}.Alias", .writable = true});
  DataModel data(builder.build());
  EXPECT_EQ(data.value("Device.T.1.U.2.Alias"), "cpe-2");
  EXPECT_EQ(data.delete_object("Device.T.1.").error(), FaultCode::request_denied);
  EXPECT_EQ(data.delete_object("Device.T.1.U.1.").error(), FaultCode::request_denied);
  EXPECT_EQ(data.add_object("Device.T.1.U.").error(), FaultCode::resources_exceeded);
  EXPECT_EQ(data.add_object("Device.T."), 2u);
  EXPECT_EQ(data.value("Device.T.2.U.2.Alias"), "cpe-2");
  EXPECT_TRUE(data.delete_object("Device.T.1."));
  EXPECT_EQ(data.value("Device.T.1.U.2.Alias"), std::nullopt);
  EXPECT_FALSE(data.restore_table("Device.T.", {2, {}}));
}

TEST(LeastRows, WhenTheyMultiplyWithoutBound_ThenCheckRefuses) {
  TestBuilder builder;
  builder.object({.path = "Device.T.{i}.", .min_rows = 1000}).object({.path = "Device.T.{i}.U.{i}.", .min_rows = 1000});
  EXPECT_EQ(builder.problem(), "a device has at least more than 1024 rows");
  TestBuilder inside;
  inside.object({.path = "Device.T.{i}."}).object({.path = "Device.T.{i}.U.{i}.", .min_rows = 1000});
  inside.object({.path = "Device.T.{i}.U.{i}.V.{i}.", .min_rows = 1000});
  EXPECT_EQ(inside.problem(), "T: more than 1024 rows come into being with one");
}

}  // namespace
}  // namespace hnbemu::datamodel
