#include <gmock/gmock.h>

#include "simulated_network.h"

namespace hnbemu {
namespace {

using device::State;
using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;

class Quirks : public testing::Test {
 protected:
  void start(const config::Quirks& quirks) {
    network_.emplace("lte-henb", quirks);
    network_->start();
    network_->run_for(kEnough);
  }
  std::optional<SimulatedNetwork> network_;
};

TEST_F(Quirks, WhenSoapIdCounts_ThenEachSessionSincePowerUpHasItsOwn) {
  start({.soap_id = "CPE_{n}"});
  network_->device->inform("2 PERIODIC");
  network_->run_for(kEnough);
  EXPECT_THAT(network_->initial().inform_ids, ElementsAre("CPE_1"));
  EXPECT_THAT(network_->serving().inform_ids,
              ElementsAre("CPE_2", "CPE_3", "CPE_4"));  // one tells that it is on the air
  network_->device->reboot();
  network_->run_for(Seconds{30});
  EXPECT_THAT(network_->serving().inform_ids, testing::Contains("CPE_1"));
}

TEST_F(Quirks, WhenConnectionRequestPathIsFixed_ThenUrlEndsWithIt) {
  start({.connection_request_path = "/ConnectionRequest?command=cr&sn={serial}"});
  EXPECT_THAT(network_->value("connection_request_url"), EndsWith("/ConnectionRequest?command=cr&sn=HNB000001"));
  EXPECT_EQ(network_->connection_requests.access().target, "/ConnectionRequest?command=cr&sn=HNB000001");
}

TEST_F(Quirks, WhenSettingsAreAppliedLater_ThenStatusIs1) {
  start({.status_1 = true});
  const auto* const answer = std::get_if<cwmp::SetParameterValuesResponse>(&network_->serving().answers.back());
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->status, 1);
  EXPECT_EQ(network_->state(), State::in_service);
}

TEST_F(Quirks, WhenClockIsNotSet_ThenFirstInformIsOf1970) {
  start({.clock_starts_1970 = true});
  EXPECT_THAT(network_->initial().informs.at(0).current_time, StartsWith("1970-01-01T00:00:0"));
  EXPECT_THAT(network_->serving().informs.at(0).current_time, Not(StartsWith("1970-")));
}

TEST_F(Quirks, WhenValuesChangeOnBoot_ThenTheInformSaysSo) {
  start({.value_change_on_boot = true});
  EXPECT_THAT(event_codes(network_->initial().informs.at(0)), ElementsAre("0 BOOTSTRAP", "1 BOOT", "4 VALUE CHANGE"));
}

}  // namespace
}  // namespace hnbemu
