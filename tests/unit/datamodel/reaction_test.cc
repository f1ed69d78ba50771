#include <gmock/gmock.h>

#include "told.h"

namespace hnbemu::datamodel {
namespace {

using ::testing::ElementsAre;

std::shared_ptr<const Model> numbers() {
  TestBuilder builder;
  for (const char* name : {"A", "B", "C"})
    builder.parameter({.path = std::string("Device.") + name, .type = Type::unsigned_int, .writable = true});
  builder.parameter({.path = "Device.Do", .type = Type::boolean, .writable = true, .command = true})
      .parameter({.path = "Device.Say", .writable = true, .command = true})
      .object({.path = "Device.T.{i}.", .writable = true})
      .parameter({.path = "Device.T.{i}.V", .writable = true});
  return builder.build();
}

TEST(Reaction, WhenObserverWrites_ThenAllHearTheChangeBeforeTheReaction) {
  DataModel data(numbers());
  int depth = 0;
  data.observe([&](std::span<const Change> changes) {
    EXPECT_EQ(++depth, 1) << "an observer was called inside an observer";
    if (changes.front().path == "Device.A") {
      const Assignment b{"Device.B", changes.front().value, ""};
      EXPECT_TRUE(data.set({&b, 1}, Origin::command));
      EXPECT_TRUE(data.update("Device.C", "7"));
      EXPECT_EQ(data.add_object("Device.T.", Origin::device), 1u);
      EXPECT_TRUE(data.delete_object("Device.T.1.", Origin::device));
    }
    --depth;
  });
  const auto heard = listen(data);
  EXPECT_EQ(set_one(data, {{"Device.A", "5", ""}}), "");
  EXPECT_THAT(*heard, ElementsAre("Device.A=5", "Device.B=5", "~Device.C=7", "~+Device.T.1.", "~-Device.T.1."));
}

TEST(Reaction, WhenObserversReactToEachOtherWithoutEnd_ThenWritesAreRefusedAfterTheBound) {
  DataModel data(numbers());
  unsigned refused = 0;
  data.observe([&](std::span<const Change>) {
    const auto next = std::to_string(std::stoul(*data.value("Device.A")) + 1);
    const Assignment again{"Device.B", next, ""};
    if (!data.update("Device.A", next)) {
      ++refused;
      EXPECT_EQ(data.set({&again, 1}).error().front().code, FaultCode::internal_error);
      EXPECT_EQ(data.add_object("Device.T.").error(), FaultCode::internal_error);
      EXPECT_EQ(data.delete_object("Device.T.1.").error(), FaultCode::internal_error);
    }
  });
  EXPECT_TRUE(data.update("Device.A", "0") && data.update("Device.A", "1"));
  EXPECT_EQ(data.value("Device.A"), std::to_string(1 + kMaxReactionRounds));
  EXPECT_EQ(refused, 1u);
  EXPECT_FALSE(data.update("Device.A", "x"));
  EXPECT_TRUE(data.update("Device.B", "1")) << "the next change begins anew";
}

TEST(Reaction, WhenObserversMultiplyChanges_ThenWhatWaitsIsBounded) {
  DataModel data(numbers());
  std::size_t refused = 0;
  data.observe([&](std::span<const Change>) {
    for (int i = 0; i < 100; ++i) refused += data.update("Device.B", std::to_string(i)) ? 0 : 1;
  });
  EXPECT_TRUE(data.update("Device.A", "1"));
  EXPECT_GT(refused, 0u);
}

TEST(Reaction, WhenObserverComesDuringAChange_ThenItHearsWhatFollows) {
  DataModel data(numbers());
  std::vector<std::string> heard;
  data.observe([&](std::span<const Change> changes) {
    if (changes.front().path != "Device.A") return;
    data.observe([&](std::span<const Change> later) { heard.push_back(told(later.front())); });
    data.update("Device.B", "1");
  });
  data.update("Device.A", "1");
  EXPECT_THAT(heard, ElementsAre("~Device.A=1", "~Device.B=1"));
}

// TR-106 `command`
TEST(Command, WhenItIsGiven_ThenItIsToldEachTimeAndReadsAsNull) {
  DataModel data(numbers());
  const auto heard = listen(data);
  EXPECT_EQ(set_one(data, {{"Device.Do", "1", "xsd:boolean"}}), "");
  EXPECT_EQ(set_one(data, {{"Device.Do", "true", "xsd:boolean"}, {"Device.Say", "hello", ""}}), "");
  EXPECT_EQ(set_one(data, {{"Device.Do", "0", "xsd:boolean"}, {"Device.Say", "", ""}}), "");
  EXPECT_EQ(set_one(data, {{"Device.Do", "maybe", "xsd:boolean"}}), "Device.Do 9007");
  EXPECT_TRUE(data.update("Device.Do", "true"));
  EXPECT_THAT(*heard, ElementsAre("!Device.Do=true", "!Device.Do=true", "!Device.Say=hello", "~!Device.Do=true"));
  EXPECT_EQ(data.value("Device.Do"), "false");
  EXPECT_EQ(data.values("Device.Say")->front().value, "");
}

}  // namespace
}  // namespace hnbemu::datamodel
