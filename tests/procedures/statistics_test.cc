#include <gmock/gmock.h>

#include "simulated_network.h"

// TR-157 periodic statistics in a whole device.
namespace hnbemu {
namespace {

using testing::Contains;

class WithStatistics : public testing::Test {
 protected:
  // The serving HMS asks this in a session that begins now.
  void ask(std::vector<cwmp::Body> requests) {
    network_.serving().requests = std::move(requests);
    network_.device->inform("6 CONNECTION REQUEST");
    network_.run_for(Millis{500});
    network_.serving().requests.clear();
  }
  static cwmp::Body set(std::vector<cwmp::ParameterValueStruct> values) {
    cwmp::SetParameterValues request;
    request.parameters = std::move(values);
    return request;
  }
  void collect() {
    network_.start();
    network_.run_for(Seconds{30});
    ask({cwmp::AddObject{"Device.PeriodicStatistics.SampleSet.", ""}});
    ask({cwmp::AddObject{set_ + "Parameter.", ""}});
    cwmp::SetParameterAttributes notify;
    notify.parameters.push_back({set_ + "Status", true, 2, false, {}});
    const auto parameter = set_ + "Parameter.1.";
    ask({notify, set({{parameter + "Reference", std::string(network_.profile.path("up_time")), "xsd:string"},
                      {parameter + "Enable", "true", "xsd:boolean"},
                      {set_ + "SampleInterval", "60", "xsd:unsignedInt"},
                      {set_ + "FetchSamples", "2", "xsd:unsignedInt"},
                      {set_ + "Enable", "true", "xsd:boolean"}})});
  }
  std::string at(const std::string& name) { return network_.device->model().value(set_ + name).value_or("(none)"); }

  const std::string set_ = "Device.PeriodicStatistics.SampleSet.1.";
  SimulatedNetwork network_{"lte-henb"};
};

TEST_F(WithStatistics, WhenSamplesAreToBeFetched_ThenTheHmsHearsOfItOnce) {
  collect();
  network_.run_for(Seconds{1});
  const auto heard = network_.serving().informs.size();
  network_.run_for(Seconds{100});
  EXPECT_EQ(network_.serving().informs.size(), heard);
  network_.run_for(Seconds{25});
  ASSERT_EQ(network_.serving().informs.size(), heard + 1);
  const auto& inform = network_.serving().informs.back();
  EXPECT_THAT(event_codes(inform), Contains("4 VALUE CHANGE"));
  EXPECT_EQ(at("SampleSeconds"), "60,60");
}

TEST_F(WithStatistics, WhenThePowerGoes_ThenTheSetsStayAndTheSamplesGo) {
  collect();
  network_.run_for(Seconds{61});
  ASSERT_EQ(at("SampleSeconds"), "60");
  network_.lose_power();
  network_.start();
  network_.run_for(Seconds{30});
  EXPECT_EQ(at("Status"), "Enabled");
  EXPECT_EQ(at("SampleSeconds"), "");
  network_.run_for(Seconds{61});
  EXPECT_EQ(at("SampleSeconds"), "60");
}

}  // namespace
}  // namespace hnbemu
