#include <gtest/gtest.h>

#include "cwmp/session.h"
#include "datamodel/data_model.h"
#include "datamodel/model_builder.h"
#include "device_double.h"

// The emulator's own session engine and data model against the referee: no violation, whatever the HMS does.
namespace hnbemu::hms {
namespace {

using datamodel::Type;

constexpr std::string_view kFap = "Device.Services.FAPService.1.FAPControl.LTE.";

std::shared_ptr<const datamodel::Model> henb_model() {
  datamodel::ModelBuilder builder;
  const auto add = [&](std::string path, Type type = Type::string, std::optional<std::string> value = {}) {
    const auto added = builder.add_parameter({.path = std::move(path), .type = type, .writable = true, .value = value});
    EXPECT_TRUE(added) << added.error().to_string();
  };
  const std::string fap = "Device.Services.FAPService.{i}.FAPControl.LTE.";
  EXPECT_TRUE(builder.add_object({.path = "Device.Services.FAPService.{i}."}));
  add("Device.Services.FAPServiceNumberOfEntries", Type::unsigned_int);
  for (const auto& parameter : henb_inform().parameters) {
    if (!parameter.name.starts_with(kFap)) add(parameter.name, Type::string, parameter.value);
  }
  add("Device.ManagementServer.URL");
  add("Device.ManagementServer.PeriodicInformEnable", Type::boolean);
  add("Device.ManagementServer.PeriodicInformInterval", Type::unsigned_int);
  for (const char* name : {"OpState", "RFTxStatus", "AdminState"}) add(fap + name, Type::boolean);
  for (const char* name : {"Gateway.SecGWServer1", "Gateway.S1SigLinkServerList"}) add(fap + name);
  EXPECT_TRUE(builder.add_row("Device.Services.FAPService.1."));
  return builder.build();
}

struct RealDevice : testing::Test {
  datamodel::DataModel model{henb_model()};
  cwmp::EventQueue events;
  cwmp::Transfers transfers;
  std::uint32_t retries = 0;
  Config config = config_of(Role::serving);
  std::unique_ptr<Hms> hms;

  void SetUp() override {
    events.push("0 BOOTSTRAP");
    events.push("1 BOOT");
  }

  cwmp::SessionConfig session_config() const {
    const cwmp::Inform inform = henb_inform();
    cwmp::SessionConfig made;
    made.version = cwmp::Version::v1_2;
    made.device_id = inform.device_id;
    for (const auto& parameter : inform.parameters) made.inform_parameters.push_back(parameter.name);
    made.parameter_key_path = "Device.ManagementServer.ParameterKey";
    made.current_time = inform.current_time;
    made.retry_count = retries;
    return made;
  }

  // One session with a new cookie jar; the events stay queued if it fails.
  Result<cwmp::Effects> run() {
    if (!hms) hms = std::make_unique<Hms>(config);
    DeviceDouble wire(*hms);
    cwmp::Session session(session_config(), model, events, transfers);
    cwmp::Action action = session.start();
    for (int step = 0; step < 1000; ++step) {
      if (auto* finished = std::get_if<cwmp::Finished>(&action)) {
        retries = finished->outcome ? 0 : retries + 1;
        return std::move(finished->outcome);
      }
      const HttpReply reply = wire.post(std::get<cwmp::Post>(action).body);
      if (reply.ending == HttpReply::Ending::drop) {
        action = session.fail(Error{Cause::network, "reset"});
        continue;
      }
      cwmp::HttpReply seen;
      seen.status = reply.status;
      seen.body = reply.body;
      action = session.next(seen);
    }
    return fail(Cause::protocol, "the session does not end");
  }
};

TEST_F(RealDevice, WhenItRegisters_ThenItIsProvisionedAndThereIsNoViolation) {
  config.rules[0].gateway = "10.0.0.7";
  const auto outcome = run();
  EXPECT_TRUE(outcome) << outcome.error().to_string();
  EXPECT_EQ(model.value(std::string(kFap) + "AdminState"), "true");
  EXPECT_EQ(model.value(std::string(kFap) + "Gateway.S1SigLinkServerList"), "10.0.0.7");
  EXPECT_EQ(model.value("Device.ManagementServer.ParameterKey"), "registration-1");
  EXPECT_TRUE(hms->journal().devices().front().provisioned);
  EXPECT_EQ(violations_of(*hms), "");
}

TEST_F(RealDevice, WhenHmsReadsTheWholeTree_ThenThereIsNoViolation) {
  hms = std::make_unique<Hms>(config);
  const std::string device = "00C0FF-henb-1001";
  for (const char* path : {"", "Device.", "Device.Services.FAPService."}) {
    ASSERT_TRUE(hms->enqueue(device, cwmp::GetParameterValues{{path}}));
    for (const bool next_level : {false, true}) {
      ASSERT_TRUE(hms->enqueue(device, cwmp::GetParameterNames{path, next_level}));
    }
  }
  ASSERT_TRUE(hms->enqueue(device, cwmp::GetParameterNames{"Device.DeviceInfo.SoftwareVersion", false}));
  ASSERT_TRUE(hms->enqueue(device, cwmp::GetParameterValues{{"Device.Nothing"}}));
  ASSERT_TRUE(hms->enqueue(device, cwmp::SetParameterValues{{{"Device.Nothing", "1", "xsd:string"}}, "k"}));
  ASSERT_TRUE(hms->enqueue(device, cwmp::GetRpcMethods{}));
  ASSERT_TRUE(hms->enqueue(device, cwmp::UnknownMethod{"SetVouchers"}));
  ASSERT_TRUE(hms->enqueue(device, cwmp::Reboot{"key"}));
  const auto outcome = run();
  ASSERT_TRUE(outcome) << outcome.error().to_string();
  EXPECT_EQ(outcome->reboots, std::vector<std::string>{"key"});
  EXPECT_EQ(violations_of(*hms), "");
}

// Every kind of failure at every step of the session; then the device tries again and comes into service.
TEST_F(RealDevice, WhenHmsMisbehavesAtAnyStep_ThenRetryIsWithoutViolation) {
  using Kind = Misbehaviour::Kind;
  for (const Kind kind : {Kind::drop, Kind::empty_ok, Kind::status, Kind::fault, Kind::malformed_xml, Kind::body,
                          Kind::hold_requests, Kind::chunked}) {
    for (std::uint64_t step = 1; step <= 5; ++step) {
      events = {};
      SetUp();
      retries = 0;
      hms = std::make_unique<Hms>(config);
      Misbehaviour how;
      how.kind = kind;
      how.session = 1;
      how.step = step;
      how.code = kind == Kind::fault ? 8002 : 503;
      ASSERT_TRUE(hms->misbehave(how));
      const bool at_once = run().has_value();
      EXPECT_TRUE(at_once || run()) << static_cast<int>(kind) << " at step " << step;
      EXPECT_EQ(violations_of(*hms), "") << static_cast<int>(kind) << " at step " << step;
    }
  }
}

}  // namespace
}  // namespace hnbemu::hms
