#include <gmock/gmock.h>

#include "simulated_network.h"

// The ways into service that are a choice: of the operator (what the factory programs, what the HMSs set) or of the
// device (`ways` of its profile).
namespace hnbemu {
namespace {

using device::State;
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;
const IpAddress kPublicHms = *IpAddress::parse("198.18.0.200");

std::string hms_url(const std::string& host, const std::string& scheme = "https") {
  return fmt::format("{}://{}:7547/cwmp", scheme, host);
}

// One way that a device of this profile may come in by.
struct Way {
  const char* name;
  const char* profile;
  void (*prepare)(SimulatedNetwork& network);
};

void public_initial_hms(SimulatedNetwork& network) {
  network.factory.initial_segw.clear();
  network.resolver.add(Plane::outer, kInitialHms, {kPublicHms});
}

void no_initial_hms(SimulatedNetwork& network) {
  network.factory = {"", "", kServingSegw, hms_url(kServingHms)};
}

void serving_hms_outside(SimulatedNetwork& network) {
  network.profile.ways.serving_hms_outside = true;
  network.resolver.add(Plane::outer, kServingHms, {kPublicHms});
  const auto role = network.profile.path("tunnel_for_cwmp");
  if (role.empty()) return;
  auto& set = std::get<cwmp::SetParameterValues>(network.initial().requests.front());
  set.parameters.push_back({std::string(role), "0", "xsd:boolean"});
}

void initial_tunnel_kept(SimulatedNetwork& network) {
  network.profile.ways.keep_initial_tunnel = true;
}

void public_dns(SimulatedNetwork& network) {
  network.profile.ways.public_dns_for_serving_hems = true;
  network.resolver.add(Plane::outer, kServingHms, {*IpAddress::parse("10.200.0.2")});
  network.resolver.add(Plane::inner, kServingHms, {});
}

void gateway_late(SimulatedNetwork& network) {
  auto& set = std::get<cwmp::SetParameterValues>(network.serving().requests.back());
  set.parameters.push_back({std::string(network.profile.path("gateway")), "10.200.0.70", "xsd:string"});
}

constexpr Way kWays[] = {{"public", "umts-hnb", public_initial_hms},   {"public", "lte-henb", public_initial_hms},
                         {"direct", "umts-hnb", no_initial_hms},       {"direct", "lte-henb", no_initial_hms},
                         {"outside", "umts-hnb", serving_hms_outside}, {"outside", "lte-henb", serving_hms_outside},
                         {"kept", "umts-hnb", initial_tunnel_kept},    {"kept", "lte-henb", initial_tunnel_kept},
                         {"gateway", "umts-hnb", gateway_late},        {"gateway", "lte-henb", gateway_late},
                         {"public_dns", "lte-henb", public_dns}};

// A network for one of them, before the device is started.
struct Network : SimulatedNetwork {
  explicit Network(const char* of, void (*prepare)(SimulatedNetwork& network) = nullptr) : SimulatedNetwork(of) {
    if (prepare != nullptr) prepare(*this);
    make_device();
  }
  void bring_up() {
    start();
    run_for(kEnough);
    ASSERT_EQ(state(), State::in_service);
  }
  void set_in_session(std::vector<cwmp::ParameterValueStruct> parameters) {
    serving().requests.clear();
    serving().requests.emplace_back(cwmp::SetParameterValues{std::move(parameters), "key-2"});
    device->inform("6 CONNECTION REQUEST");
    run_for(Millis{200});
    serving().requests.clear();
    run_for(kEnough);
  }
  cwmp::ParameterValueStruct text(std::string_view role, const std::string& value) {
    return {std::string(profile.path(role)), value, "xsd:string"};
  }
};

class AnyWay : public testing::TestWithParam<Way> {};

TEST_P(AnyWay, WhenAllAnswer_ThenTheDeviceComesIntoService) {
  Network network(GetParam().profile, GetParam().prepare);
  network.bring_up();
}

TEST_P(AnyWay, WhenAnyPortCallFails_ThenItsStepSaysSoNothingIsHeldAndTheNextAttemptSucceeds) {
  std::vector<std::string> log;
  {
    Network network(GetParam().profile, GetParam().prepare);
    network.device->observe([&](const device::Device& device) {
      if (device.status().state == State::in_service && log.empty()) log = network.calls.log();
    });
    network.bring_up();
  }
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].starts_with("release")) continue;
    SCOPED_TRACE(fmt::format("call {}: {}", i, log[i]));
    Network network(GetParam().profile, GetParam().prepare);
    network.calls.fail_call(i, Error{Cause::network, "injected"});
    network.start();
    network.run_for(Seconds{4});
    ASSERT_EQ(network.state(), State::waiting_to_retry);
    const auto& error = network.device->status().error;
    ASSERT_TRUE(error);
    EXPECT_EQ(error->cause, Cause::network);
    EXPECT_THAT(error->step, testing::StartsWith("TS 32."));
    const auto& records = network.device->steps().records();
    EXPECT_TRUE(std::any_of(records.begin(), records.end(),
                            [&](const auto& record) { return record.error && to_string(record.step) == error->step; }));
    EXPECT_TRUE(network.tunnel.up.empty());
    EXPECT_FALSE(network.gateway.registered);
    network.run_for(Seconds{11});
    EXPECT_EQ(network.state(), State::in_service);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, AnyWay, testing::ValuesIn(kWays), [](const auto& way) {
  std::string name = fmt::format("{}_{}", way.param.name, way.param.profile);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(PublicInitialHms, WhenAllAnswer_ThenTheStepsAreThoseOf32583Clause512) {
  Network network("umts-hnb", public_initial_hms);
  network.bring_up();
  EXPECT_THAT(network.step_ids(),
              ElementsAre("5.1.2/1", "5.1.2/2", "5.1.2/3", "5.1.2/4", "5.1.2/5", "5.1.2/6", "5.1.2/7", "5.1.2/8",
                          "5.2.1/2.1", "5.2.1/2.2", "5.2.1/3", "5.2.1/4.1", "5.2.1/4.2", "5.2.1/5", "5.2.1/5.1",
                          "5.2.1/5.2", "5.2.1/5.3", "5.2.1/5.4"));
  EXPECT_EQ(network.initial().paths.front().plane, Plane::outer);
  EXPECT_EQ(network.serving().paths.front().plane, Plane::inner);
}

TEST(PublicInitialHms, WhenAllAnswer_ThenTheStepsAreThoseOf32593Clause5123) {
  Network network("lte-henb", public_initial_hms);
  network.bring_up();
  EXPECT_THAT(network.step_ids(),
              ElementsAre("5.1.2.3/1.1", "5.1.2.3/1.2", "5.1.2.3/1.3", "5.1.2.3/2.1", "5.1.2.3/2.2", "5.1.2.3/3.1",
                          "5.1.2.3/3.2", "5.1.2.3/4", "5.1.2.3/5.1", "5.1.2.3/5.2", "5.1.2.3/5.3", "5.1.2.3/5.4",
                          "5.1.2.3/5.5", "5.1.3/1", "5.1.3/1.1", "5.1.3/1.2", "5.1.3/2.1", "5.1.3/2.2", "5.1.3/3"));
  EXPECT_EQ(network.initial().paths.front().plane, Plane::outer);
}

TEST(PublicInitialHms, WhenItsUrlIsHttp_ThenTheDeviceSaysThatTlsIsNeeded) {
  for (const auto* profile : {"umts-hnb", "lte-henb"}) {
    Network network(profile, [](SimulatedNetwork& made) {
      public_initial_hms(made);
      made.factory.initial_hms = hms_url(kInitialHms, "http");
    });
    network.start();
    network.run_for(kEnough);
    EXPECT_EQ(network.state(), State::waiting_to_retry);
    EXPECT_EQ(network.device->status().error->cause, Cause::configuration);
    EXPECT_TRUE(network.initial().informs.empty());
  }
}

TEST(NoInitialHms, WhenTheHenbKnowsItsElements_ThenTheStepsAreThoseOfTheDraft) {
  Network network("lte-henb", no_initial_hms);
  network.bring_up();
  EXPECT_THAT(network.step_ids(),
              ElementsAre("5.1.2.2/1", "5.1.2.2/2", "5.1.2.2/3", "5.1.2.2/4", "5.1.2.2/5", "5.1.3/1", "5.1.3/1.1",
                          "5.1.3/1.2", "5.1.3/2.1", "5.1.3/2.2", "5.1.3/3"));
  EXPECT_TRUE(network.initial().informs.empty());
}

TEST(ServingHmsOutside, WhenTheHnbRegisters_ThenBothNamesAreAskedOfTheOuterDnsBeforeTheTunnel) {
  Network network("umts-hnb", serving_hms_outside);
  network.bring_up();
  EXPECT_THAT(network.step_ids(), IsSupersetOf({"5.2.1/2.1", "5.2.1/3", "5.2.1/5"}));
  EXPECT_THAT(network.step_ids(), Not(Contains("5.2.1/4.1")));
  EXPECT_EQ(network.serving().paths.front().plane, Plane::outer);
  EXPECT_EQ(network.tunnel.up.count("serving"), 1u);  // for Iuh
}

TEST(ServingHmsOutside, WhenTheInnerAddressChanges_ThenTheHmsHearsNothingOfIt) {
  for (const auto* profile : {"umts-hnb", "lte-henb"}) {
    Network network(profile, serving_hms_outside);
    network.bring_up();
    const auto before = network.serving().informs.size();
    const auto address = *IpAddress::parse("10.129.1.2");
    network.tunnel.change_address("serving", address);
    network.run_for(kEnough);
    EXPECT_EQ(network.serving().informs.size(), before);
    EXPECT_EQ(network.value("inner_address"), address.to_string());
    EXPECT_EQ(network.device->status().inner_address, address);
    EXPECT_EQ(network.state(), State::in_service);
  }
}

TEST(ServingHmsOutside, WhenTheHmsTakesTheTunnelFromCwmp_ThenTheNextSessionIsOutsideWithoutARestart) {
  Network network("umts-hnb");
  network.resolver.add(Plane::outer, kServingHms, {kPublicHms});
  network.bring_up();
  EXPECT_EQ(network.serving().paths.back().plane, Plane::inner);
  network.set_in_session({{std::string(network.profile.path("tunnel_for_cwmp")), "0", "xsd:boolean"}});
  EXPECT_EQ(network.state(), State::in_service);
  EXPECT_EQ(network.serving().paths.back().plane, Plane::outer);
  EXPECT_EQ(network.tunnel.up.count("serving"), 1u);
}

// TS 32.593 5.1.3 step 2.1: "optional IPsec usage indicator".
TEST(IpsecUsage, WhenTheHemsSwitchesItOff_ThenTheHenbServesWithoutATunnelAndBackAgain) {
  Network network("lte-henb");
  network.resolver.add(Plane::outer, kServingHms, {kPublicHms});
  network.bring_up();
  const std::string enable(network.profile.path("ipsec_enable"));
  network.set_in_session({{enable, "0", "xsd:boolean"}});
  EXPECT_EQ(network.state(), State::in_service);
  EXPECT_TRUE(network.tunnel.up.empty());
  EXPECT_EQ(network.serving().paths.back().plane, Plane::outer);
  network.set_in_session({{enable, "1", "xsd:boolean"}});
  EXPECT_EQ(network.state(), State::in_service);
  EXPECT_EQ(network.tunnel.up.count("serving"), 1u);
  EXPECT_EQ(network.serving().paths.back().plane, Plane::inner);
}

TEST(InitialTunnel, WhenItIsKept_ThenBothAreUpAndTheLossOfTheInitialOneDisturbsNothing) {
  for (const auto* profile : {"umts-hnb", "lte-henb"}) {
    Network network(profile, initial_tunnel_kept);
    network.bring_up();
    EXPECT_EQ(network.tunnel.up.size(), 2u);
    const auto informs = network.serving().informs.size();
    network.tunnel.lose("initial");
    network.run_for(kEnough);
    EXPECT_EQ(network.state(), State::in_service);
    EXPECT_EQ(network.serving().informs.size(), informs);
    network.device->stop();
    network.run_for(kEnough);
    EXPECT_TRUE(network.tunnel.up.empty());
  }
}

// TS 32.593 5.1.2.2, 6.4 and 6.5: private by default.
TEST(ServingHemsDns, WhenTheProfileSaysPublic_ThenThatAnswerIsUsedThroughTheTunnel) {
  Network network("lte-henb", public_dns);
  network.bring_up();
  EXPECT_EQ(network.serving().paths.front().plane, Plane::inner);
  const auto& log = network.calls.log();
  EXPECT_EQ(std::count(log.begin(), log.end(), fmt::format("resolve {}", kServingHms)), 1);
}

class Gateway : public testing::TestWithParam<const char*> {};

TEST_P(Gateway, WhenTheInitialHmsGivesIt_ThenTheDeviceRegistersThereThroughTheTunnel) {
  Network network(GetParam());
  auto& set = std::get<cwmp::SetParameterValues>(network.initial().requests.front());
  set.parameters.push_back(network.text("gateway", "10.200.0.70"));
  network.bring_up();
  ASSERT_EQ(network.gateway.entered.size(), 1u);
  EXPECT_EQ(network.gateway.entered[0].address, *IpAddress::parse("10.200.0.70"));
  EXPECT_EQ(network.gateway.entered[0].plane, Plane::inner);
  EXPECT_EQ(fmt::to_string(network.gateway.entered[0].port), network.value("gateway_port"));
  EXPECT_TRUE(network.gateway.registered);
}

TEST_P(Gateway, WhenTheServingHmsGivesIt_ThenTheDeviceRegistersAfterThatSession) {
  Network network(GetParam(), gateway_late);
  network.bring_up();
  EXPECT_TRUE(network.gateway.registered);
  const auto ids = network.step_ids();
  EXPECT_EQ(ids.back(), std::string_view(GetParam()) == "umts-hnb" ? "5.2.1/7" : "5.1.3/4");
}

TEST_P(Gateway, WhenItRefusesTheDevice_ThenItStaysOutAndTriesAgain) {
  Network network(GetParam(), gateway_late);
  const auto gateway = *IpAddress::parse("10.200.0.70");
  network.gateway.refusing.emplace(gateway, Error{Cause::protocol, "unauthorised location"});
  network.start();
  network.run_for(Seconds{4});
  EXPECT_EQ(network.state(), State::waiting_to_retry);
  EXPECT_EQ(network.device->status().error->detail, "unauthorised location");
  EXPECT_TRUE(network.tunnel.up.empty());
  const auto gateway_lost = [&] {
    const auto& records = network.device->alarm_journal().records();
    return std::count_if(records.begin(), records.end(),
                         [](const auto& record) { return record.identifier == "11109" && !record.cleared; });
  };
  EXPECT_EQ(gateway_lost(), 1);
  network.gateway.refusing.clear();
  network.run_for(Seconds{11});
  EXPECT_EQ(network.state(), State::in_service);
  EXPECT_EQ(gateway_lost(), 0);
}

TEST_P(Gateway, WhenAnotherIsGivenInService_ThenTheDeviceRegistersThereWithoutARestart) {
  Network network(GetParam(), gateway_late);
  network.bring_up();
  network.set_in_session({network.text("gateway", "10.200.0.71")});
  EXPECT_EQ(network.state(), State::in_service);
  ASSERT_EQ(network.gateway.entered.size(), 2u);
  EXPECT_EQ(network.gateway.entered[1].address, *IpAddress::parse("10.200.0.71"));
  EXPECT_EQ(network.tunnel.up.count("serving"), 1u);
}

INSTANTIATE_TEST_SUITE_P(Profiles, Gateway, testing::Values("umts-hnb", "lte-henb"));

TEST(GatewayList, WhenTheFirstIsGone_ThenTheNextIsTried) {
  Network network("lte-henb", [](SimulatedNetwork& made) {
    auto& set = std::get<cwmp::SetParameterValues>(made.serving().requests.back());
    set.parameters.push_back({std::string(made.profile.path("gateway")), "10.200.0.70, 10.200.0.71", "xsd:string"});
  });
  network.gateway.refusing.emplace(*IpAddress::parse("10.200.0.70"), Error{Cause::network, "gone"});
  network.bring_up();
  EXPECT_EQ(network.gateway.entered.size(), 2u);
}

}  // namespace
}  // namespace hnbemu
