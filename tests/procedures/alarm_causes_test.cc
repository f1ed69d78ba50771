#include <gmock/gmock.h>

#include "simulated_network.h"

// What is wrong with a device raises its alarm, which goes when it is right again (TS 32.583 5.5, TS 32.593 5.3).
namespace hnbemu {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class AlarmCauses : public testing::Test {
 protected:
  void start() {
    network_.make_device();
    network_.start();
    network_.run_for(kEnough);
  }
  bool raised(const std::string& cause) {
    const auto& alarms = network_.device->alarms();
    const auto* const alarm = alarms.for_cause(cause);
    EXPECT_NE(alarm, nullptr) << cause;
    return std::ranges::any_of(alarms.raised(),
                               [&](const auto& entry) { return entry.first.identifier == alarm->identifier; });
  }
  void write(const std::string& path, const std::string& value) {
    ASSERT_TRUE(network_.device->model().update(path, value)) << path;
  }

  SimulatedNetwork network_{"lte-henb"};
};

TEST_F(AlarmCauses, WhenAllIsWell_ThenThereIsNoAlarm) {
  start();
  network_.run_for(hours(2));
  EXPECT_TRUE(network_.device->alarms().raised().empty());
  EXPECT_EQ(network_.device->alarms().counts().raised, 0u);
}

TEST_F(AlarmCauses, WhenTheCertificateExpiresSoon_ThenItIsToldInTime) {
  network_.self.certificate_expires = *parse_date_time("2026-01-31T02:00:00Z");
  start();
  EXPECT_FALSE(raised("certificate_expires"));
  network_.run_for(minutes(62));
  EXPECT_TRUE(raised("certificate_expires"));
  network_.run_for(hours(1));
  EXPECT_EQ(network_.device->alarms().counts().changed, 0u);
}

TEST_F(AlarmCauses, WhenTheStorageIsNearlyFull_ThenThereIsAnAlarmUntilThereIsEnoughRoom) {
  auto free = std::make_shared<double>(0.5);
  network_.self.storage_free = [free] { return std::optional(*free); };
  start();
  EXPECT_FALSE(raised("storage_full"));
  *free = 0.01;
  network_.run_for(minutes(1));
  EXPECT_TRUE(raised("storage_full"));
  *free = 0.03;
  network_.run_for(minutes(1));
  EXPECT_TRUE(raised("storage_full"));
  *free = 0.05;
  network_.run_for(minutes(1));
  EXPECT_FALSE(raised("storage_full"));
}

TEST_F(AlarmCauses, WhenTheMemoryCannotBeWritten_ThenThereIsAnAlarmUntilItCan) {
  start();
  network_.store.refusal = Error{Cause::resources, "no space left on device"};
  write("Device.DeviceInfo.ProvisioningCode", "x");
  network_.device->save();
  const datamodel::Assignment assignment{"Device.DeviceInfo.ProvisioningCode", "y", ""};
  ASSERT_TRUE(network_.device->model().set({&assignment, 1}, datamodel::Origin::command));
  network_.device->save();
  network_.run_for(kEnough);
  EXPECT_TRUE(raised("storage_full"));
  network_.store.refusal.reset();
  network_.device->save();
  network_.run_for(kEnough);
  EXPECT_FALSE(raised("storage_full"));
}

TEST_F(AlarmCauses, WhenTheMemoryIsNearlyUsedUp_ThenThereIsAnAlarmUntilThereIsSome) {
  start();
  write("Device.DeviceInfo.MemoryStatus.Total", "100000000");
  network_.run_for(minutes(10));
  EXPECT_TRUE(raised("memory_low"));
  EXPECT_EQ(network_.device->alarms().counts().changed, 0u);
  write("Device.DeviceInfo.MemoryStatus.Total", "150000");
  network_.run_for(minutes(1));
  EXPECT_FALSE(raised("memory_low"));
}

TEST_F(AlarmCauses, WhenNoServerGivesTheTime_ThenThereIsAnAlarmUntilOneIsNotNeeded) {
  start();
  const datamodel::Assignment server{"Device.Time.NTPServer1", "198.18.0.99", ""};
  ASSERT_TRUE(network_.device->model().set({&server, 1}, datamodel::Origin::command));
  network_.device->save();
  network_.run_for(minutes(2));
  EXPECT_TRUE(raised("time_not_in_sync"));
  const datamodel::Assignment none{"Device.Time.NTPServer1", "", ""};
  ASSERT_TRUE(network_.device->model().set({&none, 1}, datamodel::Origin::command));
  network_.device->save();
  network_.run_for(kEnough);
  EXPECT_FALSE(raised("time_not_in_sync"));
}

TEST_F(AlarmCauses, WhenTheScanFails_ThenThereIsAnAlarmUntilOneSucceeds) {
  network_.profile.rem_time = Seconds{30};
  network_.make_device();
  write("Device.Services.FAPService.1.REM.LTE.ScanTimeout", "10");
  network_.start();
  network_.run_for(minutes(1));
  EXPECT_TRUE(raised("scan_failed"));
  write("Device.Services.FAPService.1.REM.LTE.ScanTimeout", "60");
  network_.device->reboot();
  network_.run_for(minutes(2));
  EXPECT_FALSE(raised("scan_failed"));
}

TEST_F(AlarmCauses, WhenTheTunnelGoesAndTheGatewayIsSilent_ThenBothAreAlarmsUntilItIsBack) {
  start();
  network_.tunnel.silent = {*IpAddress::parse("198.18.0.1"), *IpAddress::parse("198.18.0.2")};
  network_.tunnel.lose("serving");
  network_.run_for(minutes(1));
  EXPECT_TRUE(raised("tunnel_down"));
  EXPECT_TRUE(raised("peer_dead"));
  network_.tunnel.silent.clear();
  network_.run_for(minutes(10));
  EXPECT_FALSE(raised("tunnel_down"));
  EXPECT_FALSE(raised("peer_dead"));
}

TEST_F(AlarmCauses, WhenANameIsUnknown_ThenThereIsAnAlarmUntilItIsFound) {
  constexpr const char* kLater = "hms-later.operator.example";
  network_.assign(kServingSegw, fmt::format("https://{}:7547/cwmp", kLater));
  network_.provision(network_.http.host(kLater));
  start();
  EXPECT_TRUE(raised("dns_failure"));
  network_.resolver.add(Plane::inner, kLater, {*IpAddress::parse("10.200.0.3")});
  network_.run_for(minutes(30));
  EXPECT_EQ(network_.state(), device::State::in_service);
  EXPECT_FALSE(raised("dns_failure"));
}

TEST_F(AlarmCauses, WhenTheHmsRefusesItsSessions_ThenThereIsAnAlarmUntilOneEndsWell) {
  start();
  network_.serving().inform_status = 500;
  network_.device->inform("6 CONNECTION REQUEST");
  network_.run_for(Seconds{1});
  EXPECT_TRUE(raised("hms_unreachable"));
  network_.serving().inform_status = 200;
  network_.run_for(minutes(5));
  EXPECT_FALSE(raised("hms_unreachable"));
}

TEST_F(AlarmCauses, WhenTheDeviceReboots_ThenWhatIsStillWrongIsRaisedAgain) {
  network_.self.certificate_expires = *parse_date_time("2026-01-02T00:00:00Z");
  start();
  EXPECT_TRUE(raised("certificate_expires"));
  network_.device->reboot();
  network_.run_for(minutes(1));
  EXPECT_TRUE(raised("certificate_expires"));
  EXPECT_EQ(network_.device->alarms().counts().raised, 2u);
  EXPECT_EQ(network_.device->alarm_journal().records().size(), 2u);
}

TEST_F(AlarmCauses, WhenAnAlarmIsRaisedByHand_ThenItIsThereAndWrongOnesAreRefused) {
  start();
  using alarms::Order;
  EXPECT_EQ(network_.device->order({Order::Kind::raise, "11403", "", "too hot"}), std::nullopt);
  EXPECT_THAT(network_.device->order({Order::Kind::raise, "11403", "Device.Nothing"}),
              testing::Optional(testing::HasSubstr("no object 'Device.Nothing'")));
  EXPECT_EQ(network_.device->model().value("Device.FaultMgmt.CurrentAlarm.1.AdditionalText"), "too hot");
  network_.device->reboot();
  network_.run_for(Seconds{1});
  EXPECT_EQ(network_.device->order({Order::Kind::clear, "11403", ""}), "the device is off");
}

}  // namespace
}  // namespace hnbemu
