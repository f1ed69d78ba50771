#include "simulated_network.h"

#include "doubles/factory.h"
#include "generators/plan.h"
#include "httpauth/hmac.h"

namespace hnbemu {
namespace {

constexpr stun::Crypto kCrypto{httpauth::hmac_sha1, httpauth::md5};
const IpAddress kOuter = *IpAddress::parse("100.64.0.1");
const IpAddress kOuterDns = *IpAddress::parse("198.18.0.53");

cwmp::ParameterValueStruct string_value(std::string_view path, const std::string& value) {
  return {std::string(path), value, "xsd:string"};
}

}  // namespace

SimulatedNetwork::SimulatedNetwork(const std::string& name, const config::Quirks& quirks) {
  profile = doubles::load_profile(name);
  profile.quirks = quirks;
  resolver.add(Plane::outer, kInitialSegw, {*IpAddress::parse("198.18.0.1")});
  resolver.add(Plane::outer, kServingSegw, {*IpAddress::parse("198.18.0.2")});
  resolver.add(Plane::inner, kInitialHms, {*IpAddress::parse("10.200.0.1")});
  resolver.add(Plane::inner, kServingHms, {*IpAddress::parse("10.200.0.2")});
  assign(kServingSegw, fmt::format("https://{}:7547/cwmp", kServingHms));
  provision(serving());
  make_device();
}

void SimulatedNetwork::make_device() {
  const auto shared = doubles::model_of(profile);
  auto model = doubles::factory_model(profile, shared, {{"id", "hnb-0001"}, {"serial", "HNB000001"}});
  device::Setup setup;
  setup.id = "hnb-0001";
  setup.profile = profile;
  setup.factory = factory;
  setup.outer = {Plane::outer, kOuter, {kOuterDns}};
  setup.seed = seed;
  setup.self = self;
  setup.position = {51.5, -0.12};
  setup.radio_map = radio_map;
  setup.memory = store.memory;
  setup.plan = generators::read_plan(profile, shared).value();
  if (!measurement_files.empty()) setup.measurements = pm::read_plan(profile).value();
  setup.measurement_files = measurement_files;
  const procedures::Ports ports{clock,
                                resolver,
                                tunnel,
                                http,
                                store,
                                connection_requests,
                                other_files ? *other_files : files,
                                udp,
                                kCrypto,
                                by_dhcp ? &access_link : nullptr,
                                &diagnostics.ports,
                                &gateway};
  device = std::make_unique<device::Device>(io.get_executor(), std::move(setup), ports, std::move(model));
}

void SimulatedNetwork::lose_power() {
  store.refusal = Error{Cause::cancelled, "no power"};
  device->stop();
  run_for(std::chrono::minutes(1));
  store.refusal.reset();
  make_device();
}

SimulatedNetwork::~SimulatedNetwork() {
  device->stop();
  run_for(std::chrono::minutes(1));
}

void SimulatedNetwork::assign(const std::string& segw, const std::string& hms_url) {
  cwmp::SetParameterValues set;
  if (!segw.empty()) set.parameters.push_back(string_value(profile.path("serving_segw"), segw));
  if (!hms_url.empty()) set.parameters.push_back(string_value(profile.path("acs_url"), hms_url));
  initial().requests.clear();
  if (!set.parameters.empty()) initial().requests.emplace_back(std::move(set));
}

void SimulatedNetwork::provision(doubles::ScriptedAcs::Host& host) {
  cwmp::SetParameterValues set;
  set.parameters.push_back({std::string(profile.path("admin_state")), "1", "xsd:boolean"});
  set.parameter_key = "key-1";
  host.requests.emplace_back(cwmp::GetParameterValues{{std::string(profile.path("software_version"))}});
  host.requests.emplace_back(std::move(set));
}

std::vector<std::string> SimulatedNetwork::step_ids() const {
  std::vector<std::string> ids;
  for (const auto& record : device->steps().records()) {
    if (record.error || record.step.clause.starts_with("TR-069")) continue;
    const auto clause = record.step.clause.substr(record.step.clause.rfind(' ') + 1);
    ids.push_back(fmt::format("{}/{}", clause, record.step.id));
  }
  return ids;
}

std::vector<cwmp::Inform> SimulatedNetwork::informs(const doubles::ScriptedAcs::Host& host) {
  auto informs = host.informs;
  std::erase_if(informs,
                [](const auto& inform) { return event_codes(inform) == std::vector<std::string>{"4 VALUE CHANGE"}; });
  return informs;
}

std::vector<std::string> event_codes(const cwmp::Inform& inform) {
  std::vector<std::string> codes;
  for (const auto& event : inform.events) codes.push_back(event.event_code);
  return codes;
}

}  // namespace hnbemu
