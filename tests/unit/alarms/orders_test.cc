#include "alarms/orders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/profile_model.h"

namespace hnbemu::alarms {
namespace {

using testing::HasSubstr;
using testing::Optional;
using Kind = Order::Kind;

class ByHand : public testing::Test {
 protected:
  ByHand()
      : profile_(config::load_profile("lte-henb", {HNBEMU_SOURCE_DIR "/profiles"}).value()),
        model_(*profile::make_model(profile_)) {}
  std::optional<std::string> give(const Order& order) { return carry_out(alarms_, order, "Device.Cell", WallTime{}); }

  config::Profile profile_;
  datamodel::DataModel model_;
  FaultManagement alarms_{model_, profile_.alarms};
};

TEST_F(ByHand, WhenRaisedChangedAndCleared_ThenItIs) {
  EXPECT_EQ(give({Kind::raise, "11403", "", "hot", config::Severity::minor}), std::nullopt);
  const auto& alarm = alarms_.raised().at({"11403", "Device.Cell"});
  EXPECT_EQ(alarm.text, "hot");
  EXPECT_EQ(alarm.severity, config::Severity::minor);
  EXPECT_EQ(give({Kind::change, "11403", "", std::nullopt, config::Severity::critical}), std::nullopt);
  EXPECT_EQ(alarm.text, "hot");
  EXPECT_EQ(alarm.severity, config::Severity::critical);
  EXPECT_EQ(give({Kind::clear, "11403", ""}), std::nullopt);
  EXPECT_TRUE(alarms_.raised().empty());
}

TEST_F(ByHand, WhenTwoObjectsHaveIt_ThenTheIdentifierTellsWhichIsMeant) {
  give({Kind::raise, "11403", ""});
  EXPECT_EQ(give({Kind::raise, "11403", "Device.Other"}), std::nullopt);
  EXPECT_EQ(give({Kind::clear, "11403-2", ""}), std::nullopt);
  EXPECT_TRUE(alarms_.raised().contains({"11403", "Device.Cell"}));
}

TEST_F(ByHand, WhenItCannotBe_ThenItIsSaidWhyAndNothingChanges) {
  give({Kind::raise, "11403", "", "hot"});
  EXPECT_THAT(give({Kind::raise, "11403", ""}), Optional(HasSubstr("is raised already")));
  EXPECT_THAT(give({Kind::raise, "1140", ""}), Optional(HasSubstr("did you mean")));
  EXPECT_THAT(give({Kind::raise, "11404", "", std::string(257, 'x')}), Optional(HasSubstr("at most 256")));
  EXPECT_THAT(give({Kind::raise, "11404", "", "a\x01"}), Optional(HasSubstr("control characters")));
  EXPECT_THAT(give({Kind::clear, "11404", ""}), Optional(HasSubstr("is not raised")));
  EXPECT_THAT(give({Kind::change, "11403", ""}), Optional(HasSubstr("text or of the severity")));
  EXPECT_THAT(give({Kind::change, "11403", "", "hot"}), Optional(HasSubstr("already")));
  EXPECT_EQ(alarms_.counts().raised, 1u);
  EXPECT_EQ(alarms_.counts().changed + alarms_.counts().cleared, 0u);
}

TEST_F(ByHand, WhenThereIsNoRoom_ThenItIsSaidAndCounted) {
  for (std::size_t i = 0; i < FaultManagement::kMaxRaised; ++i)
    ASSERT_EQ(give({Kind::raise, "11403", fmt::format("Device.{}", i)}), std::nullopt);
  EXPECT_THAT(give({Kind::raise, "11404", ""}), Optional(HasSubstr("no room")));
  EXPECT_EQ(alarms_.counts().refused, 1u);
}

TEST_F(ByHand, WhenTheProfileHasNoAlarms_ThenItSaysSo) {
  const std::vector<config::AlarmDefinition> none;
  FaultManagement alarms(model_, none);
  EXPECT_THAT(carry_out(alarms, {Kind::raise, "11403", ""}, "Device.", WallTime{}), Optional(HasSubstr("no alarms")));
}

}  // namespace
}  // namespace hnbemu::alarms
