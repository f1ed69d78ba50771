#include <gmock/gmock.h>

#include "told.h"

namespace hnbemu::datamodel {
namespace {

using ::testing::ElementsAre;
using Kind = Reference::Kind;
using Target = Reference::Target;

constexpr const char* kSite = "Device.Services.Svc.1.";

TestBuilder builder_of_references() {
  Facets list;
  list.list_items = Size{};
  const auto rows_of = [](std::string table, bool strong) {
    return Reference{.strong = strong, .target = Target::row, .targets = {std::move(table)}};
  };
  TestBuilder builder;
  builder.object({.path = "Device.Port.{i}.", .writable = true})
      .parameter({.path = "Device.Port.{i}.Alias", .writable = true})
      .parameter({.path = "Device.Port.{i}.Stats.Sent", .type = Type::unsigned_int})
      .object({.path = "Device.Services.Svc.{i}."})
      .object({.path = "Device.Services.Svc.{i}.Disk.{i}.", .writable = true})
      .parameter({.path = "Device.Services.Svc.{i}.Disk.{i}.Size", .type = Type::unsigned_int})
      .parameter({.path = "Device.Services.Svc.{i}.Modes", .facets = list, .value = "A, B"})
      .parameter({.path = "Device.Services.Svc.{i}.One", .writable = true, .reference = rows_of("Device.Port.", true)})
      .parameter({.path = "Device.Services.Svc.{i}.Many",
                  .writable = true,
                  .facets = list,
                  .reference = rows_of("Device.Port.", true)})
      .parameter(
          {.path = "Device.Services.Svc.{i}.Weak", .writable = true, .reference = rows_of("Device.Port.", false)})
      .parameter({.path = "Device.Services.Svc.{i}.AnyDisk",
                  .writable = true,
                  .reference = rows_of("Device.Services.Svc.{i}.Disk.", true)})
      .parameter({.path = "Device.Services.Svc.{i}.Counter",
                  .writable = true,
                  .reference = Reference{.strong = true, .target = Target::parameter}})
      .parameter({
          .path = "Device.Services.Svc.{i}.DiskNumber",
          .type = Type::int_,
          .writable = true,
          .reference = Reference{.kind = Kind::instance, .strong = true, .targets = {"Device.Services.Svc.{i}.Disk."}},
      })
      .parameter({.path = "Device.Services.Svc.{i}.Mode",
                  .writable = true,
                  .value = "None",
                  .reference = Reference{.kind = Kind::enumeration,
                                         .targets = {"Device.Services.Svc.{i}.Modes"},
                                         .null_value = "None"}})
      .row("Device.Port.1.")
      .row("Device.Port.2.")
      .row("Device.Services.Svc.1.Disk.1.")
      .row("Device.Services.Svc.2.Disk.5.");
  return builder;
}

struct References : testing::Test {
  DataModel data{builder_of_references().build()};
  std::string set(std::string_view name, std::string value) {
    return set_one(data, {{kSite + std::string(name), std::move(value), "xsd:string"}});
  }
  std::string get(std::string_view name) { return *data.value(kSite + std::string(name)); }
};

// TR-106 3.2.4
TEST_F(References, WhenStrongOneNamesWhatIsNotThere_Then9007) {
  EXPECT_EQ(set("One", "Device.Port.2"), "");
  for (const char* wrong : {"Device.Port.3", "Device.Port", "Device.Port.1.Stats", "Device.Services.Svc.1", "Port.1",
                            "x", "Device.Port.1.Alias", "Device.Port.01", " ", "Device.Port.[none]"}) {
    EXPECT_EQ(set("One", wrong), "Device.Services.Svc.1.One 9007") << wrong;
  }
  EXPECT_EQ(set("Many", "Device.Port.1,Device.Port.3"), "Device.Services.Svc.1.Many 9007");
  EXPECT_EQ(get("One"), "Device.Port.2");
  EXPECT_EQ(set("One", ""), "");
  EXPECT_FALSE(data.update("Device.Services.Svc.1.One", "Device.Port.3"));
}

TEST_F(References, WhenWeakOneNamesWhatIsNotThere_ThenItIsTakenInRightForm) {
  EXPECT_EQ(set("Weak", "Device.Port.3"), "");
  for (const char* wrong : {"Device.Port", "Device.Other.1", "Device.Port.x", "Device.Port.1.Stats"}) {
    EXPECT_EQ(set("Weak", wrong), "Device.Services.Svc.1.Weak 9007") << wrong;
  }
}

TEST_F(References, WhenPathIsInAnotherForm_ThenFullPathIsStored) {
  EXPECT_EQ(set("One", "Device.Port.1."), "");
  EXPECT_EQ(get("One"), "Device.Port.1");
  EXPECT_EQ(set("One", "Device.Port.[cpe-2]"), "");
  EXPECT_EQ(get("One"), "Device.Port.2");
  EXPECT_EQ(set("AnyDisk", ".Disk.1"), "");
  EXPECT_EQ(get("AnyDisk"), "Device.Services.Svc.1.Disk.1");
  EXPECT_EQ(set("AnyDisk", "Device.Services.Svc.2.Disk.5"), "");
  EXPECT_EQ(set("Many", " Device.Port.2. , Device.Port.1"), "");
  EXPECT_EQ(get("Many"), "Device.Port.2,Device.Port.1");
  EXPECT_EQ(set("Counter", "Device.Port.[cpe-2].Stats.Sent"), "");
  EXPECT_EQ(get("Counter"), "Device.Port.2.Stats.Sent");
  EXPECT_EQ(set("Counter", "Device.Port.2.Stats"), "Device.Services.Svc.1.Counter 9007");
}

TEST_F(References, WhenRowIsDeleted_ThenStrongOnesBecomeNullByTheDeviceAndWeakOnesStay) {
  for (const auto& [name, value] : {std::pair{"One", "Device.Port.2"},
                                    {"Weak", "Device.Port.2"},
                                    {"Many", "Device.Port.1,Device.Port.2"},
                                    {"Counter", "Device.Port.2.Stats.Sent"}}) {
    EXPECT_EQ(set(name, value), "");
  }
  EXPECT_EQ(data.add_object("Device.Port."), 3u);
  EXPECT_EQ(set_one(data, {{"Device.Services.Svc.2.One", "Device.Port.1", ""}}), "");
  const auto heard = listen(data);
  EXPECT_TRUE(data.delete_object("Device.Port.2."));
  EXPECT_THAT(*heard, ElementsAre("-Device.Port.2.", "~Device.Services.Svc.1.One=",
                                  "~Device.Services.Svc.1.Many=Device.Port.1", "~Device.Services.Svc.1.Counter="));
  EXPECT_EQ(get("Weak"), "Device.Port.2");
  EXPECT_EQ(data.value("Device.Services.Svc.2.One"), "Device.Port.1");
}

TEST_F(References, WhenInstanceIsReferred_ThenItIsOfTheTableInTheSameRow) {
  const auto number = [&](std::string value) {
    return set_one(data, {{"Device.Services.Svc.1.DiskNumber", std::move(value), ""}});
  };
  EXPECT_EQ(number("1"), "");
  EXPECT_EQ(number("5"), "Device.Services.Svc.1.DiskNumber 9007");
  const auto heard = listen(data);
  EXPECT_TRUE(data.delete_object("Device.Services.Svc.1.Disk.1."));
  EXPECT_THAT(*heard, ElementsAre("-Device.Services.Svc.1.Disk.1.", "~Device.Services.Svc.1.DiskNumber=-1"));
  EXPECT_EQ(number("-1"), "");
}

TEST_F(References, WhenEnumerationIsReferred_ThenItsPresentItemsCount) {
  EXPECT_EQ(set("Mode", "B"), "");
  EXPECT_EQ(set("Mode", "None"), "");
  EXPECT_EQ(set("Mode", "C"), "Device.Services.Svc.1.Mode 9007");
  EXPECT_TRUE(data.update("Device.Services.Svc.1.Modes", "C"));
  EXPECT_EQ(set("Mode", "C"), "");
  EXPECT_EQ(set("Mode", "B"), "Device.Services.Svc.1.Mode 9007");
}

TEST_F(References, WhenTableIsRestoredWithoutTheRow_ThenReferencesToItAreNull) {
  TestBuilder builder = builder_of_references();
  builder.value("Device.Services.Svc.1.One", "Device.Port.2");
  DataModel restored(builder.build());
  ASSERT_TRUE(restored.restore_table("Device.Port.", {2, {1}}));
  EXPECT_EQ(restored.value("Device.Services.Svc.1.One"), "");
}

TEST(ReferenceCheck, WhenModelRefersToNothing_ThenBuilderSaysSo) {
  TestBuilder builder = builder_of_references();
  builder.value("Device.Services.Svc.1.One", "Device.Port.9");
  EXPECT_EQ(builder.problem(), "Device.Services.Svc.1.One: 'Device.Port.9' is nothing that it may refer to");
  ModelBuilder other;
  const auto added = other.add_parameter(
      {.path = "Device.A.{i}.X", .reference = Reference{.kind = Kind::instance, .targets = {"Device.B.{i}.C."}}});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().detail, "Device.A.{i}.X: 'Device.B.{i}.C.' is in rows that are not around this parameter");
}

}  // namespace
}  // namespace hnbemu::datamodel
