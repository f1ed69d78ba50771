#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>
#include <set>

#include "doubles/measured.h"
#include "simulated_network.h"

// Performance measurement in a whole device (TS 32.583 5.6, TS 32.593 5.4).
namespace hnbemu {
namespace {

using testing::HasSubstr;

class WithMeasurement : public testing::TestWithParam<const char*> {
 protected:
  WithMeasurement() {
    std::filesystem::create_directories(storage_);
    network_.measurement_files = storage_;
    network_.make_device();
    network_.resolver.add(Plane::inner, "pm.operator.example", {*IpAddress::parse("10.200.0.9")});
  }
  ~WithMeasurement() override { std::filesystem::remove_all(storage_); }

  bool issue1() const { return network_.profile.root() != "Device."; }
  std::string object() const {
    return issue1() ? "InternetGatewayDevice.Services.FAPService.1.PerfMgmt.FileMgmt."
                    : "Device.FAP.PerfMgmt.Config.1.";
  }
  std::string enable() const { return object() + (issue1() ? "PeriodicUploadEnable" : "Enable"); }
  std::vector<datamodel::ParameterFault> set(const std::vector<std::pair<std::string, std::string>>& values) {
    std::vector<datamodel::Assignment> assignments;
    for (const auto& [path, value] : values) assignments.push_back({path, value, ""});
    auto done = network_.device->model().set(assignments);
    network_.device->save();
    return done ? std::vector<datamodel::ParameterFault>{} : done.error();
  }
  void in_service() {
    network_.start();
    network_.run_for(Seconds{30});
    ASSERT_EQ(network_.state(), device::State::in_service);
  }
  void collect(const char* interval = "900") {
    in_service();
    ASSERT_TRUE(set({{object() + "URL", "http://pm.operator.example/in"},
                     {object() + "PeriodicUploadInterval", interval},
                     {enable(), "true"}})
                    .empty());
    network_.run_for(Seconds{1});
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& request : network_.files.requests) {
      all.push_back(request.url.target.substr(request.url.target.rfind('/') + 1));
    }
    return all;
  }
  bool alarm() const {
    const auto* const object = "CurrentAlarm.";
    const auto values = network_.device->model().values("");
    return std::ranges::any_of(*values, [&](const auto& one) {
      return one.path.find(object) != std::string::npos && one.path.ends_with(".SpecificProblem") &&
             one.value.find("erformance") != std::string::npos;
    });
  }
  std::size_t on_disk() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(storage_), {}));
  }

  const std::string storage_ = fmt::format("{}pm-device-{}", testing::TempDir(), ::getpid());
  SimulatedNetwork network_{GetParam()};
};

TEST_P(WithMeasurement, WhenAPeriodEnds_ThenItsFileIsSentOnce) {
  collect();
  network_.run_for(Seconds{900} * 4);
  ASSERT_EQ(network_.files.sent.size(), 4u);
  EXPECT_EQ(network_.files.requests.size(), 4u);
  EXPECT_EQ(network_.files.requests[0].method, FileRequest::Method::put);
  EXPECT_TRUE(network_.files.sent.begin()->first.starts_with("http://pm.operator.example"));
  EXPECT_THAT(network_.files.sent.begin()->first, HasSubstr("/in/A20260101."));
  const auto measured = test::read_measured(network_.files.sent.rbegin()->second);
  EXPECT_EQ(measured.suspect, 0u);
  double all = 0;
  for (const auto& [key, value] : measured.sums) {
    if (key.second == "CELL.AvailTime") all += value;
  }
  EXPECT_EQ(all, 900);
}

TEST_P(WithMeasurement, WhenItIsDisabledOrHasNoUrl_ThenNothingIsSent) {
  collect();
  set({{enable(), "false"}});
  network_.run_for(Seconds{2000});
  EXPECT_TRUE(network_.files.requests.empty());
  set({{enable(), "true"}, {object() + "URL", ""}});
  network_.run_for(Seconds{2000});
  EXPECT_TRUE(network_.files.requests.empty());
}

TEST_P(WithMeasurement, WhenTheHmsAsksForTheImpossible_ThenItIsRefusedAndNothingChanges) {
  collect();
  const auto before = network_.device->model().settings();
  const std::pair<const char*, const char*> wrong[] = {{"PeriodicUploadInterval", "1000"},
                                                       {"PeriodicUploadInterval", "0"},
                                                       {"PeriodicUploadInterval", "4000000000"},
                                                       {"URL", "gopher://pm.operator.example/"},
                                                       {"URL", "tftp://pm.operator.example/"}};
  for (const auto& [name, value] : wrong) {
    const auto faults = set({{enable(), "false"}, {object() + name, value}});
    ASSERT_EQ(faults.size(), 1u) << name << value;
    EXPECT_EQ(faults[0].code, datamodel::FaultCode::invalid_parameter_value) << value;
  }
  EXPECT_EQ(network_.device->model().settings(), before);
  for (const auto* const good : {"http", "https", "ftp", "ftps", "sftp"}) {
    EXPECT_TRUE(set({{object() + "URL", fmt::format("{}://pm.operator.example/", good)}}).empty()) << good;
  }
}

TEST_P(WithMeasurement, WhenRowsComeAndGo_ThenTheyAreGuardedAndServedToo) {
  collect();
  if (issue1()) return;
  auto& model = network_.device->model();
  const auto row = model.add_object("Device.FAP.PerfMgmt.Config.").value();
  const auto second = fmt::format("Device.FAP.PerfMgmt.Config.{}.", row);
  EXPECT_FALSE(set({{second + "URL", "gopher://x/"}}).empty());
  EXPECT_TRUE(set({{second + "URL", "http://pm.operator.example/second"},
                   {second + "PeriodicUploadInterval", "300"},
                   {second + "Enable", "1"}})
                  .empty());
  network_.run_for(Seconds{900});
  EXPECT_EQ(network_.files.sent.size(), 4u);
  network_.lose_power();
  network_.start();
  network_.run_for(Seconds{30});
  EXPECT_FALSE(set({{second + "URL", "gopher://x/"}}).empty());
  const auto sent = network_.files.sent.size();
  ASSERT_TRUE(network_.device->model().delete_object(second));
  network_.run_for(Seconds{900});
  EXPECT_EQ(network_.files.sent.size(), sent + 1);
}

TEST_P(WithMeasurement, WhenTheServerFails_ThenAnAlarmIsRaisedAndFilesAreSentInTheirOrderLater) {
  collect("60");
  for (int i = 0; i < 6; ++i) network_.files.fail(Cause::network);
  network_.run_for(Seconds{150});
  EXPECT_TRUE(network_.files.sent.empty());
  EXPECT_LE(network_.files.requests.size(), 5u);  // back-off
  EXPECT_EQ(alarm(), !network_.profile.alarms.empty());
  network_.run_for(Seconds{1200});
  EXPECT_FALSE(alarm());
  EXPECT_EQ(network_.files.sent.size(), 23u);
  const auto all = names();
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_EQ(on_disk(), 0u);
}

TEST_P(WithMeasurement, WhenThePowerGoes_ThenNothingIsLostAndNothingSentTwice) {
  collect("300");
  for (int i = 0; i < 100; ++i) network_.files.fail(Cause::network);
  network_.run_for(Seconds{1000});
  network_.files.script.clear();
  network_.files.requests.clear();
  network_.lose_power();
  network_.start();
  network_.run_for(Seconds{700});
  auto all = names();
  EXPECT_GE(all.size(), 5u);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(network_.files.sent.size(), all.size());
  unsigned suspect = 0;
  for (const auto& [url, text] : network_.files.sent) suspect += test::read_measured(text).suspect > 0 ? 1 : 0;
  EXPECT_EQ(suspect, 2u);  // that in which it was switched on, and that in which the power went
}

TEST_P(WithMeasurement, WhenItIsRebootedOrReset_ThenItGoesOnOrForgets) {
  collect("300");
  network_.run_for(Seconds{400});
  network_.device->reboot();
  network_.run_for(Seconds{300});
  ASSERT_EQ(network_.files.sent.size(), 2u);
  EXPECT_GT(test::read_measured(network_.files.sent.rbegin()->second).suspect, 0u);
  network_.device->factory_reset();
  network_.run_for(Seconds{700});
  EXPECT_EQ(network_.files.sent.size(), 2u);
  EXPECT_EQ(on_disk(), 0u);
}

TEST_P(WithMeasurement, WhenOneIsAskedForNow_ThenItIsSentNow) {
  in_service();
  EXPECT_THAT(network_.device->send_measurements().error(), HasSubstr("has a URL"));
  ASSERT_TRUE(set({{object() + "URL", "http://pm.operator.example/in"}, {enable(), "true"}}).empty());
  network_.run_for(Seconds{5});
  const auto named = network_.device->send_measurements();
  ASSERT_TRUE(named) << named.error();
  network_.run_for(Seconds{1});
  EXPECT_EQ(names(), *named);
}

TEST_P(WithMeasurement, WhenStatsAreRead_ThenTheyAreWhatTheCellCounted) {
  if (issue1()) return;  // TR-196 issue 1 has none
  collect();
  const auto read = [&](const char* name) {
    return network_.device->model().value(std::string("Device.Services.FAPService.1.CellConfig.") + name).value();
  };
  network_.run_for(std::chrono::hours(20));
  const bool lte = network_.profile.technology == config::Technology::henb;
  const auto* const total = lte ? "LTE.RAN.CSG.Stats.AttInboundMobility" : "UMTS.CN.PSDomain.RAB.Stats.SuccEstabPS";
  EXPECT_NE(read(total), "0");
  const auto list = read(lte ? "LTE.RAN.RRC.Stats.AttConnEstab" : "UMTS.RAN.RRC.Stats.AttConnEstab");
  EXPECT_EQ(std::ranges::count(list, ','), lte ? 4 : 7);
}

// Everything that each device counted in a day is in its files, and in one alone.
TEST_P(WithMeasurement, WhenADayHasPassed_ThenTheBooksBalance) {
  collect();
  network_.run_for(std::chrono::hours(24));
  std::map<std::pair<std::string, std::string>, double> sums;
  for (const auto& [url, text] : network_.files.sent) {
    for (const auto& [key, value] : test::read_measured(text).sums) sums[key] += value;
  }
  EXPECT_EQ(network_.files.sent.size(), 96u);
  EXPECT_EQ(network_.files.requests.size(), 96u);
  for (const auto& [key, attempts] : sums) {
    const auto at = key.second.find("Att");
    if (at == std::string::npos) continue;
    auto succ = key, fail = key;
    succ.second.replace(at, 3, "Succ");
    fail.second.replace(at, 3, "Fail");
    if (!sums.contains(succ) || !sums.contains(fail)) continue;
    EXPECT_EQ(attempts, sums[succ] + sums[fail]) << key.second;
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, WithMeasurement, testing::Values("umts-hnb", "lte-henb", "umts-hnb-device2"));

}  // namespace
}  // namespace hnbemu
