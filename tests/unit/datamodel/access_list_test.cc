#include "sample_model.h"

// TR-069 A.3.2.4: what the ACS keeps to itself.
namespace hnbemu::datamodel {
namespace {

class WithAccessList : public testing::Test {
 protected:
  void allow(bool subscriber) {
    const AttributesAssignment assignment{"Device.Mgmt.", std::nullopt, subscriber};
    ASSERT_TRUE(model_.set_attributes({&assignment, 1}));
  }
  tl::expected<void, std::vector<ParameterFault>> set(Origin origin) {
    const Assignment assignment{"Device.Mgmt.Enable", "false", ""};
    return model_.set({&assignment, 1}, origin);
  }
  DataModel model_{sample_model()};
};

TEST_F(WithAccessList, WhenSubscriberIsNotInIt_ThenTheUserMayNotWrite) {
  allow(false);
  const auto set_by_user = set(Origin::command);
  ASSERT_FALSE(set_by_user);
  EXPECT_EQ(set_by_user.error().front().code, FaultCode::request_denied);
  EXPECT_EQ(model_.value("Device.Mgmt.Enable"), "true");
}

TEST_F(WithAccessList, WhenSubscriberIsNotInIt_ThenTheAcsAndTheDeviceMay) {
  allow(false);
  EXPECT_TRUE(set(Origin::acs));
  EXPECT_TRUE(model_.update("Device.Mgmt.Enable", "true"));
}

TEST_F(WithAccessList, WhenSubscriberIsInItAgain_ThenTheUserMayWrite) {
  allow(false);
  allow(true);
  EXPECT_TRUE(set(Origin::command));
}

}  // namespace
}  // namespace hnbemu::datamodel
