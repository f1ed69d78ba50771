#include "conformance/rule.h"

#include <cstdlib>
#include <filesystem>

#include "doubles/factory.h"
#include "httpauth/hmac.h"

namespace hnbemu::conformance {
namespace {

constexpr stun::Crypto kCrypto{httpauth::hmac_sha1, httpauth::md5};
const IpAddress kOuter = *IpAddress::parse("100.64.0.1");
const IpAddress kAcsAddress = *IpAddress::parse("192.0.2.10");

cwmp::Version version_of(const std::string& text) {
  return static_cast<cwmp::Version>(text.back() - '0');
}

}  // namespace

std::vector<Rule>& rules() {
  static std::vector<Rule> all;
  return all;
}

Device::Device(const std::string& name) {
  profile = doubles::load_profile(name);
  make_acs();
  make_device();
}

Device::~Device() {
  device->stop();
  run_for(std::chrono::minutes(1));
}

void Device::make_acs() {
  acs = std::make_unique<Acs>(clock, version_of(profile.cwmp_version));
}

void Device::make_device() {
  auto model =
      doubles::factory_model(profile, doubles::model_of(profile), {{"id", "henb-0001"}, {"serial", "HENB000001"}});
  device::Setup setup;
  setup.id = "henb-0001";
  setup.profile = profile;
  if (by_dhcp) setup.factory.hms_by_dhcp = procedures::HmsByDhcp::serving;
  if (!by_dhcp) setup.factory.serving_hms = kAcsUrl;
  setup.outer = {Plane::outer, kOuter, {}};
  setup.surroundings.hosts["acs.operator.example"] = kAcsAddress;
  setup.surroundings.hosts["other.operator.example"] = kAcsAddress;
  setup.seed = 7;
  setup.surroundings.hosts["files.operator.example"] = kAcsAddress;
  setup.storage = storage;
  setup.memory = store.memory;
  if (measures) setup.measurements = pm::read_plan(profile).value();
  if (measures) setup.measurement_files = storage + "/measurements";
  std::filesystem::create_directories(storage + "/measurements");
  const procedures::Ports ports{clock,
                                resolver,
                                tunnel,
                                *acs,
                                store,
                                connection_requests,
                                files,
                                udp,
                                kCrypto,
                                by_dhcp ? &access_link : nullptr,
                                &diagnostics.ports};
  device = std::make_unique<device::Device>(io.get_executor(), std::move(setup), ports, std::move(model));
}

void Device::power_on() {
  device->start([] {});
  run_for(kEnough);
}

void Device::lose_power() {
  store.refusal = Error{Cause::cancelled, "no power"};
  device->stop();
  run_for(std::chrono::minutes(1));
  store.refusal.reset();
  make_device();
}

void Device::session(std::string event) {
  device->inform(std::move(event));
  run_for(Seconds{1});
}

cwmp::Body Device::ask(cwmp::Body request) {
  acs->requests.push_back(std::move(request));
  const auto before = acs->answers().size();
  session();
  const auto answers = acs->answers();
  if (answers.size() > before) return answers[before];
  ADD_FAILURE() << "no answer";
  return {};
}

cwmp::Fault Device::fault(cwmp::Body request) {
  const auto answer = ask(std::move(request));
  const auto* const fault = std::get_if<cwmp::Fault>(&answer);
  return fault == nullptr ? cwmp::Fault{} : *fault;
}

cwmp::Body Device::ask_raw(std::string body) {
  const auto before = acs->answers().size();
  acs->script = {Acs::pass(), Acs::raw(std::move(body))};
  session();
  const auto answers = acs->answers();
  return answers.size() > before ? answers[before] : cwmp::Body{};
}

void Device::speak(const std::string& cwmp_version) {
  profile.cwmp_version = cwmp_version;
  make_acs();
  make_device();
}

bool Device::set(const std::string& path, const std::string& value, const std::string& type) {
  const auto answer = ask(cwmp::SetParameterValues{{{path, value, type}}, ""});
  return std::holds_alternative<cwmp::SetParameterValuesResponse>(answer);
}

bool Device::notify(const std::string& path, unsigned notification) {
  const auto answer = ask(cwmp::SetParameterAttributes{{{path, true, notification, false, {}}}});
  return std::holds_alternative<cwmp::SetParameterAttributesResponse>(answer);
}

std::vector<std::string> Device::events() const {
  std::vector<std::string> all;
  const auto informs = acs->informs();
  if (informs.empty()) return all;
  for (const auto& event : informs.back().events) {
    all.push_back(event.command_key.empty() ? event.event_code
                                            : fmt::format("{}({})", event.event_code, event.command_key));
  }
  return all;
}

std::string Device::informed(const std::string& path) const {
  const auto informs = acs->informs();
  if (informs.empty()) return "(none)";
  for (const auto& parameter : informs.back().parameters) {
    if (parameter.name == path) return parameter.value;
  }
  return "(none)";
}

}  // namespace hnbemu::conformance
