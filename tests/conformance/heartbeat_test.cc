#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using std::chrono::minutes;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kManagementServer = "Device.ManagementServer.";
constexpr const char* kUnknown = "0001-01-01T00:00:00Z";

// And no periodic Informs.
void set_heartbeat(Device& of, const std::string& interval, const std::string& time = kUnknown) {
  const std::string policy = fmt::format("{}HeartbeatPolicy.", kManagementServer);
  EXPECT_EQ(of.fault_code(cwmp::SetParameterValues{
                {{fmt::format("{}PeriodicInformEnable", kManagementServer), "0", "xsd:boolean"},
                 {policy + "ReportingInterval", interval, "xsd:unsignedInt"},
                 {policy + "InitiationTime", time, "xsd:dateTime"},
                 {policy + "Enable", "1", "xsd:boolean"}},
                ""}),
            0);
  of.acs->forget();
}

HNBEMU_RULE("Heartbeat", "TR-069 HeartbeatPolicy", HeartbeatInformsAtItsInterval,
            "HeartbeatPolicy enabled: 14 HEARTBEAT at each ReportingInterval") {
  power_on();
  set_heartbeat(*this, "60");
  run_for(minutes(10));
  EXPECT_THAT(acs->informs(), SizeIs(10));
  EXPECT_THAT(events(), ElementsAre("14 HEARTBEAT"));
}

HNBEMU_RULE("Heartbeat", "TR-069 HeartbeatPolicy", TheInitiationTimeIsThePhase,
            "Heartbeats come at InitiationTime plus or minus whole intervals") {
  power_on();
  set_heartbeat(*this, "60", "2100-01-01T00:00:21Z");
  run_for(minutes(3));
  for (const auto& inform : acs->informs()) {
    EXPECT_THAT(inform.current_time, testing::HasSubstr(":21")) << inform.current_time;
  }
  EXPECT_THAT(acs->informs(), SizeIs(3));
}

HNBEMU_RULE("Heartbeat", "TR-069 HeartbeatPolicy", DisabledItIsSilent,
            "HeartbeatPolicy disabled: no heartbeat any more") {
  power_on();
  set_heartbeat(*this, "60");
  set(fmt::format("{}HeartbeatPolicy.Enable", kManagementServer), "0", "xsd:boolean");
  acs->forget();
  run_for(minutes(10));
  EXPECT_THAT(acs->informs(), IsEmpty());
}

HNBEMU_RULE("Heartbeat", "TR-069 3.7.1.5", AMissedHeartbeatIsNotRedelivered,
            "14 HEARTBEAT of a failed session is not said again; the next one comes at its time") {
  power_on();
  set_heartbeat(*this, "600");
  acs->script = {Acs::fail(Cause::network)};
  run_for(Seconds{630});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_THAT(events(), Not(Contains("14 HEARTBEAT")));
  run_for(Seconds{600});
  EXPECT_THAT(events(), ElementsAre("14 HEARTBEAT"));
}

HNBEMU_RULE("Heartbeat", "TR-069 HeartbeatPolicy", ShortIntervalsAreRefused,
            "A ReportingInterval below its minimum is 9007") {
  power_on();
  const auto refused = fault(cwmp::SetParameterValues{
      {{fmt::format("{}HeartbeatPolicy.ReportingInterval", kManagementServer), "19", "xsd:unsignedInt"}}, ""});
  EXPECT_EQ(refused.set_parameter_values_faults.at(0).code, 9007);
}

}  // namespace
}  // namespace hnbemu::conformance
