#include <gmock/gmock.h>

#include "simulated_network.h"

// From AdminState to the air: measurement, self-configuration, alarms.
namespace hnbemu {
namespace {

using device::State;
using testing::HasSubstr;

class WithRadio : public testing::Test {
 protected:
  explicit WithRadio(const char* profile) : network_(profile) {
    const auto path = network_.profile.path("admin_state");
    service_ = path.substr(0, path.find("FAPControl"));
  }
  // The serving HMS sets these in a session that begins now.
  struct Value {
    std::string below;
    std::string value;
    std::string type = "xsd:string";
  };
  void set(const std::vector<Value>& values) {
    cwmp::SetParameterValues set;
    for (const auto& [below, value, type] : values) set.parameters.push_back({service_ + below, value, type});
    network_.serving().requests.assign(1, cwmp::Body(std::move(set)));
    network_.device->inform("6 CONNECTION REQUEST");
    network_.run_for(Millis{500});
    network_.serving().requests.clear();
  }
  void set_admin_state(const char* value) {
    set({{std::string(network_.profile.path("admin_state").substr(service_.size())), value, "xsd:boolean"}});
  }
  void start(Seconds rem_time = Seconds{1}) {
    network_.profile.rem_time = rem_time;
    network_.make_device();
    network_.start();
    network_.run_for(kEnough);
  }
  std::string at(const std::string& below) {
    return network_.device->model().value(service_ + below).value_or("(none)");
  }
  std::string alarm(const std::string& column) {
    const auto hnb = network_.profile.technology == config::Technology::hnb;
    const auto table = (hnb ? service_ : "Device.") + "FaultMgmt.CurrentAlarm";
    return network_.device->model().value(table + column).value_or("(none)");
  }
  void expect_air(const char* value) {
    EXPECT_EQ(network_.value("op_state"), value);
    EXPECT_EQ(network_.value("rf_tx_status"), value);
    EXPECT_EQ(network_.state(), std::string_view(value) == "true" ? State::in_service : State::registered);
  }

  SimulatedNetwork network_;
  std::string service_;
};

class AnyRadio : public WithRadio, public testing::WithParamInterface<const char*> {
 protected:
  AnyRadio() : WithRadio(GetParam()) {}
};

TEST_P(AnyRadio, WhenAdminStateIsTakenAwayAndGiven_ThenTheCellFollows) {
  start();
  expect_air("true");
  const auto order = std::make_shared<std::vector<std::string>>();  // the device outlives this function
  network_.device->model().observe([this, order](std::span<const datamodel::Change> changes) {
    for (const auto& change : changes) {
      for (const auto* const role : {"op_state", "rf_tx_status"}) {
        if (change.path == network_.profile.path(role)) order->push_back(fmt::format("{} {}", role, change.value));
      }
    }
  });
  set_admin_state("0");
  expect_air("false");
  EXPECT_EQ(network_.device->status().off_air, "");
  set_admin_state("1");
  expect_air("true");
  EXPECT_THAT(*order,
              testing::ElementsAre("rf_tx_status false", "op_state false", "op_state true", "rf_tx_status true"));
}

TEST_P(AnyRadio, WhenMeasurementTakesLong_ThenTheCellWaitsForIt) {
  start(Seconds{600});
  expect_air("false");
  EXPECT_EQ(network_.device->status().off_air, "the radio environment is being measured");
  network_.run_for(Seconds{590});
  expect_air("false");
  network_.run_for(Seconds{10});
  expect_air("true");
  EXPECT_EQ(network_.device->status().off_air, "");
}

TEST_P(AnyRadio, WhenRebootedWhileItMeasures_ThenMeasurementBeginsAgain) {
  start(Seconds{600});
  network_.run_for(Seconds{590});
  network_.device->reboot();
  network_.run_for(network_.profile.boot_time + Seconds{590});
  expect_air("false");
  network_.run_for(Seconds{20});
  expect_air("true");
}

TEST_P(AnyRadio, WhenStoppedWhileItMeasures_ThenItEndsAtOnce) {
  start(Seconds{600});
  network_.device->stop();
  network_.run_for(Seconds{1});
  EXPECT_EQ(network_.finished, 1);
  EXPECT_EQ(network_.value("op_state"), "false");
}

TEST_P(AnyRadio, WhenTheEnvironmentWasMeasured_ThenItIsNotRemembered) {
  start();
  ASSERT_FALSE(network_.store.memory.empty());
  for (const auto& [key, text] : network_.store.memory) EXPECT_THAT(key, testing::Not(HasSubstr("REM."))) << text;
}

// A profile without REM is on the air as soon as the HMS wants it to be.
TEST_P(AnyRadio, WhenThereIsNoRem_ThenTheCellFollowsAdminStateAlone) {
  auto& profile = network_.profile;
  const auto in_rem = [](const auto& entry) { return entry.path.find(".REM.") != std::string::npos; };
  for (auto& part : profile.models) {
    if (part.table.starts_with("fapservice")) part.without.push_back({"FAPService.{i}.REM.", "", ""});
  }
  std::erase_if(profile.mentions, in_rem);
  std::erase_if(profile.rows, in_rem);
  std::erase_if(profile.values, in_rem);
  std::erase_if(profile.location_parameters, [](const auto& path) { return path.find(".REM.") != std::string::npos; });
  profile.rows.push_back({service_, "", ""});
  start(Seconds{600});
  expect_air("true");
  set_admin_state("0");
  expect_air("false");
}

INSTANTIATE_TEST_SUITE_P(Profiles, AnyRadio, testing::Values("umts-hnb", "lte-henb"));

class LteRadio : public WithRadio {
 protected:
  LteRadio() : WithRadio("lte-henb") {
    auto map = std::make_shared<config::RadioMap>();
    for (const std::uint32_t pci : {201u, 202u}) {
      config::MacroCell cell;
      cell.plmn = "00101";
      cell.channel = 1'750;
      cell.code = pci;
      cell.level_dbm = -80;
      map->cells.push_back(cell);
    }
    network_.radio_map = map;
  }
  const std::string list_ = "CellConfig.LTE.RAN.RF.PhyCellID";
};

// As devices of the field do: fault 9003, and 9007 for the parameter.
TEST_F(LteRadio, WhenRemIsNotReady_ThenAdminStateIsRefused) {
  network_.profile.quirks.rem_not_ready = true;
  start(Seconds{600});
  ASSERT_FALSE(network_.serving().answers.empty());
  const auto* const fault = std::get_if<cwmp::Fault>(&network_.serving().answers.back());
  ASSERT_NE(fault, nullptr);
  EXPECT_EQ(fault->code, 9003);
  ASSERT_EQ(fault->set_parameter_values_faults.size(), 1u);
  EXPECT_EQ(fault->set_parameter_values_faults[0].code, 9007);
  EXPECT_EQ(fault->set_parameter_values_faults[0].text, "Rem is not ready");
  EXPECT_EQ(network_.value("admin_state"), "false");
  set_admin_state("0");
  EXPECT_TRUE(std::holds_alternative<cwmp::SetParameterValuesResponse>(network_.serving().answers.back()));
  network_.run_for(Seconds{600});
  set_admin_state("1");
  expect_air("true");
}

TEST_F(LteRadio, WhenAllCodesAreTaken_ThenThereIsAnAlarmUntilTheHmsGivesABetterList) {
  start();
  expect_air("true");
  set({{"FAPControl.SelfConfigEvents", "InitialREM"}, {list_, "201,202"}});
  expect_air("false");
  EXPECT_THAT(network_.device->status().off_air, HasSubstr("PhyCellID"));
  EXPECT_EQ(alarm("NumberOfEntries"), "1");
  EXPECT_EQ(alarm(".1.PerceivedSeverity"), "Critical");
  EXPECT_EQ(alarm(".1.SpecificProblem"), "Cell unavailable");
  EXPECT_EQ(alarm(".1.ManagedObjectInstance"), "Device.Services.FAPService.1.FAPControl.LTE");
  EXPECT_THAT(alarm(".1.AdditionalText"), HasSubstr("PhyCellID"));
  set({{list_, "201,202,203"}});
  expect_air("true");
  EXPECT_EQ(alarm("NumberOfEntries"), "0");
  EXPECT_EQ(at(list_), "203");
  EXPECT_EQ(network_.device->status().off_air, "");
}

TEST_F(LteRadio, WhenRebootedWithAnAlarm_ThenItIsRaisedOnceAgain) {
  start();
  set({{"FAPControl.SelfConfigEvents", "InitialREM"}, {list_, "201,202"}});
  network_.device->reboot();
  network_.run_for(Seconds{1});
  EXPECT_EQ(alarm("NumberOfEntries"), "0");
  network_.run_for(network_.profile.boot_time + kEnough);
  EXPECT_EQ(alarm("NumberOfEntries"), "1");
  expect_air("false");
}

TEST_F(LteRadio, WhenTheModelHasNoAlarms_ThenTheDevicesLogSaysIt) {
  std::erase_if(network_.profile.parameters,
                [](const auto& entry) { return entry.path.find("FaultMgmt") != std::string::npos; });
  std::erase_if(network_.profile.values,
                [](const auto& entry) { return entry.path.find("FaultMgmt") != std::string::npos; });
  start();
  set({{"FAPControl.SelfConfigEvents", "InitialREM"}, {list_, "201,202"}});
  expect_air("false");
  EXPECT_THAT(to_string(network_.device->status()), HasSubstr("PhyCellID"));
  const auto& records = network_.device->steps().records();
  EXPECT_TRUE(std::any_of(records.begin(), records.end(), [](const auto& record) {
    return record.step.clause == "TR-196 SelfConfig" && record.error;
  }));
}

TEST_F(LteRadio, WhenTheScanTimesOut_ThenADeviceThatIsToChooseStaysOffTheAirUntilOneSucceeds) {
  start();
  set({{"FAPControl.SelfConfigEvents", "InitialREM"},
       {list_, "201..210"},
       {"REM.LTE.ScanTimeout", "3", "xsd:unsignedInt"}});
  expect_air("true");
  network_.profile.rem_time = Seconds{5};
  network_.lose_power();
  network_.device->model().update(service_ + list_, "201..210");
  network_.start();
  network_.run_for(Seconds{10});
  expect_air("false");
  EXPECT_EQ(at("REM.LTE.ScanStatus"), "Error_TIMEOUT");
  EXPECT_EQ(alarm("NumberOfEntries"), "2");  // that the scan failed, and that the cell is unavailable
  set({{"REM.LTE.ScanTimeout", "60", "xsd:unsignedInt"},
       {"REM.LTE.PeriodicInterval", "30", "xsd:unsignedInt"},
       {"REM.LTE.ScanPeriodically", "1", "xsd:boolean"}});
  network_.run_for(Seconds{40});
  expect_air("true");
  EXPECT_EQ(alarm("NumberOfEntries"), "0");
}

}  // namespace
}  // namespace hnbemu
