#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kUrl = "Device.ManagementServer.ConnectionRequestURL";

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", ARequestBeginsASession,
            "A connection request begins a session with 6 CONNECTION REQUEST") {
  power_on();
  acs->forget();
  EXPECT_TRUE(connection_requests.request());
  run_for(Seconds{1});
  EXPECT_THAT(acs->informs(), SizeIs(1));
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2.1", InASessionItIsBusy,
            "A connection request during a session is refused, and begins no session after it") {
  power_on();
  acs->forget();
  device->inform("2 PERIODIC");
  run_for(Millis{5});
  EXPECT_FALSE(connection_requests.request());
  run_for(Seconds{5});
  EXPECT_THAT(acs->informs(), SizeIs(1));
  EXPECT_TRUE(connection_requests.request());
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", WithoutServiceThereIsNone,
            "A CPE that reboots takes no connection request") {
  power_on();
  ask(cwmp::Reboot{""});
  EXPECT_FALSE(connection_requests.request());
  run_for(profile.boot_time + kEnough);
  EXPECT_TRUE(connection_requests.request());
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", CredentialsCountAtOnce,
            "Credentials for connection requests count from when they are set") {
  power_on();
  ask(cwmp::SetParameterValues{{{"Device.ManagementServer.ConnectionRequestUsername", "user", "xsd:string"},
                                {"Device.ManagementServer.ConnectionRequestPassword", "secret", "xsd:string"}},
                               ""});
  EXPECT_EQ(connection_requests.access().username, "user");
  EXPECT_EQ(connection_requests.access().password, "secret");
  lose_power();
  power_on();
  EXPECT_EQ(connection_requests.access().password, "secret");
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", TheTargetIsNotGuessed,
            "The path of ConnectionRequestURL is hard to guess, and each device's own") {
  power_on();
  Device other;
  other.power_on();
  EXPECT_GT(connection_requests.access().target.size(), 16u);
  EXPECT_NE(connection_requests.access().target, other.connection_requests.access().target);
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", TheUrlIsTheSameAfterABoot,
            "ConnectionRequestURL is the same after a loss of power") {
  power_on();
  const auto url = value(kUrl);
  lose_power();
  power_on();
  EXPECT_EQ(value(kUrl), url);
  EXPECT_THAT(url, Not(IsEmpty()));
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", TheUrlIsAnotherAfterAReset,
            "After a factory reset the path of ConnectionRequestURL is another") {
  power_on();
  const auto target = connection_requests.access().target;
  ask(cwmp::FactoryReset{});
  run_for(profile.boot_time + kEnough);
  EXPECT_NE(connection_requests.access().target, target);
  EXPECT_THAT(value(kUrl), testing::EndsWith(connection_requests.access().target));
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", EachRequestIsASession,
            "Connection requests one after the other are a session each") {
  power_on();
  acs->forget();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(connection_requests.request());
    run_for(Seconds{1});
  }
  EXPECT_THAT(acs->informs(), SizeIs(3));
}

}  // namespace
}  // namespace hnbemu::conformance
