#include "procedures/device_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarms/fault_management.h"
#include "simulated_network.h"

namespace hnbemu::procedures {
namespace {

using testing::HasSubstr;

class WithLog : public testing::Test {
 protected:
  boost::asio::io_context io_;
  doubles::SimulatedClock clock_{io_};
  DeviceLog log_{clock_};
};

TEST_F(WithLog, WhenALineIsAdded_ThenItHasItsTimeAndLevel) {
  clock_.run_for(Millis{1500});
  log_.add(LogLevel::warning, "a\nb\xFF");
  EXPECT_EQ(log_.text(), "2026-01-01T01:00:01Z warning a?b?\n");
}

TEST_F(WithLog, WhenItIsFull_ThenTheOldestLinesGo) {
  for (int i = 0; i < 5000; ++i) {
    log_.add(LogLevel::info, fmt::format("line {}", i));
    ASSERT_LE(log_.text().size(), DeviceLog::kMaxBytes);
  }
  EXPECT_GT(log_.text().size(), DeviceLog::kMaxBytes / 2);
  EXPECT_THAT(log_.text(), testing::StartsWith("2026-"));
  EXPECT_THAT(log_.text(), testing::EndsWith("line 4999\n"));
}

TEST_F(WithLog, WhenALineIsLong_ThenItIsCut) {
  log_.add(LogLevel::info, std::string(100'000, 'x'));
  EXPECT_LT(log_.text().size(), DeviceLog::kMaxLineBytes + 64);
}

TEST_F(WithLog, WhenAnAlarmComesChangesAndGoes_ThenItIsTold) {
  SimulatedNetwork network("lte-henb");
  auto& model = network.device->model();
  alarms::FaultManagement alarms(model, network.profile.alarms);
  log_.watch(alarms);
  const alarms::AlarmKey key{"11184", "Device.Services.FAPService.1.FAPControl.LTE"};
  alarms.raise(key, clock_.wall_now());
  EXPECT_THAT(log_.text(), HasSubstr("warning alarm raised: 11184 Critical, Configuration or Customization Error, Cell "
                                     "unavailable on Device.Services.FAPService.1.FAPControl.LTE: \n"));
  alarms.raise(key, clock_.wall_now(), "why");
  alarms.clear(key, clock_.wall_now());
  EXPECT_THAT(log_.text(), HasSubstr("warning alarm changed: 11184"));
  EXPECT_THAT(log_.text(), testing::EndsWith("notice alarm cleared: 11184 Cell unavailable\n"));
}

}  // namespace
}  // namespace hnbemu::procedures
