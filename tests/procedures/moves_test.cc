#include <gmock/gmock.h>

#include "simulated_network.h"

// What takes a device in service to another SeGW, HMS or address, and the alternatives that it has.
namespace hnbemu {
namespace {

using device::State;
using testing::Contains;
using testing::ElementsAre;
using testing::IsSubsetOf;
using testing::Not;
constexpr const char* kOtherSegw = "segw-other.operator.example";
constexpr const char* kOtherHms = "hms-other.operator.example";
const IpAddress kServingSegwAddress = *IpAddress::parse("198.18.0.2");
const IpAddress kOtherSegwAddress = *IpAddress::parse("198.18.0.3");

class Moves : public testing::TestWithParam<const char*> {
 protected:
  Moves() : network_(GetParam()) {
    network_.resolver.add(Plane::outer, kOtherSegw, {kOtherSegwAddress});
    network_.resolver.add(Plane::inner, kOtherHms, {*IpAddress::parse("10.200.0.3")});
  }
  void bring_up() {
    network_.start();
    network_.run_for(kEnough);
    ASSERT_EQ(network_.state(), State::in_service);
  }
  // The n-th of SecGWServer1 to 3.
  std::string segw_path(char number) const {
    std::string path(network_.profile.path("serving_segw"));
    path.back() = number;
    return path;
  }
  void set_in_session(const std::string& path, const std::string& value) {
    network_.serving().requests.clear();
    cwmp::SetParameterValues set;
    set.parameters.push_back({path, value, "xsd:string"});
    network_.serving().requests.emplace_back(std::move(set));
    network_.device->inform("6 CONNECTION REQUEST");
    network_.run_for(Millis{120});
    network_.serving().requests.clear();
  }
  cwmp::SetParameterValues& assignment() {
    return std::get<cwmp::SetParameterValues>(network_.initial().requests.front());
  }
  TunnelState tunnel() { return network_.tunnel.up.at("serving"); }
  std::string told(const cwmp::Inform& inform, std::string_view role) {
    for (const auto& parameter : inform.parameters)
      if (parameter.name == network_.profile.path(role)) return parameter.value;
    return "(not told)";
  }
  SimulatedNetwork network_;
};

// TS 32.583 4.2.1.2.
TEST_P(Moves, WhenTheServingHmsSetsAnotherSegw_ThenThereIsANewTunnelAndSessionWithoutARestart) {
  bring_up();
  const auto before = network_.serving().informs.size();
  set_in_session(segw_path('1'), kOtherSegw);
  network_.run_for(kEnough);
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_EQ(network_.tunnel.up.size(), 1u);
  EXPECT_EQ(tunnel().gateway, kOtherSegwAddress);
  const auto inform = network_.serving().informs.at(before + 1);  // after the one that set it
  EXPECT_THAT(event_codes(inform), ElementsAre("4 VALUE CHANGE"));
  EXPECT_EQ(told(inform, "inner_address"), tunnel().inner_address.to_string());
  EXPECT_EQ(network_.informs(network_.initial()).size(), 1u);
}

TEST_P(Moves, WhenTheServingHmsSetsAnotherHms_ThenThatIsBootstrappedOverANewTunnelWithoutARestart) {
  bring_up();
  const auto before = tunnel().inner_address;
  set_in_session(std::string(network_.profile.path("acs_url")), fmt::format("https://{}:7547/cwmp", kOtherHms));
  network_.run_for(kEnough);
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_NE(tunnel().inner_address, before);
  const auto heard = network_.informs(network_.http.host(kOtherHms));
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_THAT(event_codes(heard[0]), ElementsAre("0 BOOTSTRAP"));
}

TEST_P(Moves, WhenOnlyAnAlternativeIsSet_ThenTheDeviceStaysWhereItIs) {
  bring_up();
  const auto before = tunnel().inner_address;
  set_in_session(segw_path('2'), kOtherSegw);
  network_.run_for(kEnough);
  EXPECT_EQ(tunnel().inner_address, before);
  EXPECT_EQ(network_.state(), State::in_service);
}

TEST_P(Moves, WhenTheNewSegwDoesNotAnswer_ThenTheSecondIsTakenAndThenTheThird) {
  bring_up();
  network_.tunnel.silent.insert(kOtherSegwAddress);
  set_in_session(segw_path('3'), kServingSegw);
  set_in_session(segw_path('2'), "segw-nowhere.operator.example");
  set_in_session(segw_path('1'), kOtherSegw);
  network_.run_for(procedures::Deadlines::tunnel + kEnough);
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_EQ(tunnel().gateway, kServingSegwAddress);
  // No step further: all three belong to one attempt, each with its step, clause and cause.
  EXPECT_EQ(network_.device->status().failed_attempts, 0u);
  std::vector<Cause> causes;
  for (const auto& record : network_.device->steps().records())
    if (record.error) causes.push_back(record.error->cause);
  EXPECT_THAT(causes, ElementsAre(Cause::ike_no_answer, Cause::dns_no_such_name));
}

TEST_P(Moves, WhenTheInitialHmsAssignsThree_ThenTheFirstThatAnswersIsTakenAndTheTunnelComesBackThere) {
  assignment().parameters.push_back({segw_path('2'), kOtherSegw, "xsd:string"});
  network_.tunnel.silent.insert(kServingSegwAddress);
  network_.start();
  network_.run_for(procedures::Deadlines::tunnel + kEnough);
  ASSERT_EQ(network_.state(), State::in_service);
  EXPECT_EQ(tunnel().gateway, kOtherSegwAddress);
  // The first is back when the tunnel is lost, and is tried first again.
  network_.tunnel.silent.clear();
  network_.tunnel.lose("serving");
  network_.run_for(kEnough);
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_EQ(tunnel().gateway, kServingSegwAddress);
}

class BackToInitial : public Moves {
 protected:
  BackToInitial() {
    network_.profile.ways.back_to_initial = std::chrono::minutes(10);
    network_.make_device();
  }
};

TEST_P(BackToInitial, WhenTheServingHmsIsGoneForTooLong_ThenTheInitialOneAssignsAnother) {
  bring_up();
  network_.serving().silent = true;
  network_.assign(kOtherSegw, fmt::format("https://{}:7547/cwmp", kOtherHms));
  network_.device->inform("2 PERIODIC");
  network_.run_for(std::chrono::minutes(9));
  EXPECT_EQ(network_.informs(network_.initial()).size(), 1u);
  EXPECT_EQ(network_.state(), State::in_service);  // the cell stays on the air
  network_.run_for(std::chrono::minutes(20));
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_EQ(network_.informs(network_.initial()).size(), 2u);
  EXPECT_THAT(event_codes(network_.informs(network_.initial())[1]), Contains("0 BOOTSTRAP"));
  ASSERT_FALSE(network_.informs(network_.http.host(kOtherHms)).empty());
  EXPECT_EQ(tunnel().gateway, kOtherSegwAddress);
}

TEST_P(BackToInitial, WhenTheServingSegwIsGoneToo_ThenTheInitialSegwIsTheWay) {
  bring_up();
  network_.tunnel.silent.insert(kServingSegwAddress);
  network_.tunnel.lose("serving");
  network_.assign(kOtherSegw, "");
  network_.run_for(std::chrono::minutes(9));
  EXPECT_EQ(network_.informs(network_.initial()).size(), 1u);
  network_.run_for(std::chrono::minutes(20));
  EXPECT_GE(network_.informs(network_.initial()).size(), 2u);
  EXPECT_EQ(network_.state(), State::in_service);
}

TEST_P(BackToInitial, WhenBothAreGone_ThenEitherThatComesBackServesTheDevice) {
  bring_up();
  network_.serving().silent = true;
  network_.initial().silent = true;
  network_.device->inform("2 PERIODIC");
  network_.run_for(std::chrono::hours(2));
  EXPECT_EQ(network_.state(), State::waiting_to_retry);
  EXPECT_TRUE(network_.tunnel.up.empty());
  EXPECT_EQ(network_.value("acs_url"), fmt::format("https://{}:7547/cwmp", kServingHms));
  EXPECT_EQ(network_.value("serving_segw"), kServingSegw);
  const auto heard = network_.serving().informs.size();
  network_.serving().silent = false;
  network_.run_for(std::chrono::hours(3));
  EXPECT_EQ(network_.state(), State::in_service);
  ASSERT_GT(network_.serving().informs.size(), heard);
  EXPECT_THAT(event_codes(network_.serving().informs[heard]), Not(Contains("0 BOOTSTRAP")));
  EXPECT_THAT(event_codes(network_.serving().informs[heard]), Contains("2 PERIODIC"));
}

TEST_P(BackToInitial, WhenTheServingHmsAnswersThatItIsBusy_ThenItIsNotGone) {
  bring_up();
  network_.serving().inform_status = 503;
  network_.device->inform("2 PERIODIC");
  network_.run_for(std::chrono::hours(1));
  EXPECT_EQ(network_.informs(network_.initial()).size(), 1u);
}

TEST_P(BackToInitial, WhenTheProfileHasNoSuchTime_ThenTheDeviceWaitsForItsServingHms) {
  network_.profile.ways.back_to_initial = Seconds{0};
  network_.make_device();
  bring_up();
  network_.serving().silent = true;
  network_.device->inform("2 PERIODIC");
  network_.run_for(std::chrono::hours(3));
  EXPECT_EQ(network_.informs(network_.initial()).size(), 1u);
}

// TS 32.583 5.2.2, TS 32.593 5.2.4.
class AddressChange : public Moves {
 protected:
  std::vector<std::string> steps_of_change() const {
    const bool hnb = std::string_view(GetParam()) == "umts-hnb";
    return hnb ? std::vector<std::string>{"5.2.2/A", "5.2.2/B", "5.2.2/C"}
               : std::vector<std::string>{"5.2.4/1", "5.2.4/2"};
  }
  const IpAddress address_ = *IpAddress::parse("10.129.1.2");
};

TEST_P(AddressChange, WhenItHappens_ThenTheInformHasTheNewAddressWithinASecondAndItsOwnSteps) {
  bring_up();
  const auto before = network_.serving().informs.size();
  network_.tunnel.change_address("serving", address_);
  network_.run_for(Seconds{1});
  ASSERT_EQ(network_.serving().informs.size(), before + 1);
  const auto& inform = network_.serving().informs.back();
  EXPECT_EQ(told(inform, "inner_address"), address_.to_string());
  EXPECT_EQ(network_.serving().paths.back().source, address_);
  EXPECT_EQ(inform.device_id.serial_number, "HNB000001");
  EXPECT_THAT(steps_of_change(), IsSubsetOf(network_.step_ids()));
  EXPECT_EQ(network_.state(), State::in_service);
  // The next session is any session again.
  const auto steps = network_.device->steps().records().size();
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{1});
  const auto& records = network_.device->steps().records();
  EXPECT_TRUE(std::all_of(records.begin() + static_cast<std::ptrdiff_t>(steps), records.end(),
                          [](const auto& record) { return record.step.clause.starts_with("TR-069"); }));
}

TEST_P(AddressChange, WhenASessionIsUnderWay_ThenItIsGivenUpAndTheNewAddressIsToldAtOnce) {
  bring_up();
  network_.device->inform("2 PERIODIC");
  network_.run_for(Millis{5});
  network_.tunnel.change_address("serving", address_);
  network_.run_for(Seconds{1});
  const auto& inform = network_.serving().informs.back();
  EXPECT_EQ(told(inform, "inner_address"), address_.to_string());
}

TEST_P(AddressChange, WhenAnyCallOfItsSessionFails_ThenItIsToldAgainByTheRetryTable) {
  for (std::size_t i = 0; i < 2; ++i) {  // the Inform, the empty POST
    SCOPED_TRACE(i);
    SimulatedNetwork network(GetParam());
    network.start();
    network.run_for(kEnough);
    network.serving().requests.clear();
    network.calls.fail_call(network.calls.log().size() + i, Error{Cause::network, "injected"});
    network.tunnel.change_address("serving", address_);
    network.run_for(Seconds{1});
    ASSERT_TRUE(network.device->status().error);
    EXPECT_THAT(network.device->status().error->step,
                testing::AnyOf(testing::HasSubstr("5.2."), testing::HasSubstr("TR-069 3.7.1")));
    EXPECT_EQ(network.state(), State::in_service);
    network.run_for(Seconds{11});
    EXPECT_FALSE(network.device->status().error);
    EXPECT_EQ(network.serving().informs.back().retry_count, 1u);
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, Moves, testing::Values("umts-hnb", "lte-henb"));
INSTANTIATE_TEST_SUITE_P(Profiles, BackToInitial, testing::Values("umts-hnb", "lte-henb"));
INSTANTIATE_TEST_SUITE_P(Profiles, AddressChange, testing::Values("umts-hnb", "lte-henb"));

}  // namespace
}  // namespace hnbemu
