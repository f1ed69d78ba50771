#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <fstream>

#include "files/cm_file.h"
#include "files/configuration.h"
#include "files/firmware.h"
#include "procedures/device_files.h"
#include "simulated_network.h"

// What is in the files that a device transfers, and what it does with them.
namespace hnbemu {
namespace {

using device::State;
using procedures::AfterFile;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kFirmware = "1 Firmware Upgrade Image";
constexpr const char* kConfiguration = "3 Vendor Configuration File";

// A device that was in service, and the hands of whoever transfers its files: it works on the device's data model and
// memory, while the device itself has no power.
class WithFiles : public testing::TestWithParam<const char*> {
 protected:
  struct Hands {
    explicit Hands(SimulatedNetwork& network)
        : steps(network.clock),
          alarms(network.device->model(), network.profile.alarms),
          context{network.profile,
                  {},
                  {},
                  {},
                  {network.clock,
                   network.resolver,
                   network.tunnel,
                   network.http,
                   network.store,
                   network.connection_requests,
                   network.files,
                   network.udp,
                   {}},
                  network.device->model(),
                  events,
                  steps,
                  random,
                  alarms,
                  procedures::NonVolatile(network.store, network.clock, {})} {
      procedures::recall(context, network.store.memory);
      procedures::prepare_files(context);
      procedures::boot_files(context);
    }
    cwmp::EventQueue events;
    procedures::StepLog steps;
    std::mt19937_64 random;
    alarms::FaultManagement alarms;
    procedures::Context context;
  };

  WithFiles() : network_(GetParam()) {
    network_.start();
    network_.run_for(kEnough);
    network_.serving().requests.clear();
    network_.lose_power();
    hands_ = std::make_unique<Hands>(network_);
  }
  void TearDown() override { std::filesystem::remove(file_); }

  procedures::Installed install(const char* type) {
    std::optional<procedures::Installed> installed;
    boost::asio::co_spawn(network_.io, procedures::install_file(hands_->context, type, file_),
                          [&](const std::exception_ptr& bug, procedures::Installed result) {
                            ASSERT_FALSE(bug);
                            installed = std::move(result);
                          });
    network_.run_for(Seconds{1});
    return installed.value();
  }
  // With nothing but what is committed.
  void start_again() {
    if (std::exchange(powered_, true)) {
      network_.lose_power();
    } else {
      network_.make_device();
    }
    network_.start();
    network_.run_for(kEnough);
    ASSERT_EQ(network_.state(), State::in_service);
  }
  files::FirmwareManifest manifest(const std::string& version) {
    const auto& profile = network_.profile;
    return {profile.oui, profile.product_class, profile.hardware_version, version, 5'000'000, {}};
  }
  procedures::Installed install_firmware(const files::FirmwareManifest& manifest,
                                         const files::FirmwareFlaws& flaws = {}) {
    EXPECT_TRUE(files::write_firmware(file_, manifest, flaws));
    return install(kFirmware);
  }
  procedures::Installed install_text(const std::string& text) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << text;
    return install(kConfiguration);
  }
  std::string upload(const char* type) {
    EXPECT_TRUE(procedures::make_file(hands_->context, type, file_));
    std::ifstream stream(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  // A configuration file for this device, with these lines.
  std::string configuration(const std::string& lines) {
    return fmt::format("hnbemu vendor configuration 1\noui: {}\nproduct_class: {}\nversion: 7\n{}\nend\n",
                       network_.profile.oui, network_.profile.product_class, lines);
  }
  // A CM file for this device, with these parameters.
  files::CmFile cm_file(std::vector<datamodel::Setting> parameters) {
    const auto& profile = network_.profile;
    files::CmFile file{"32.584 V11", "V", profile.oui, profile.product_class,
                       "SubNetwork=1,ManagedElement=" + network_.value("serial_number")};
    file.parameters = std::move(parameters);
    return file;
  }
  std::string path(std::string_view role) { return std::string(network_.profile.path(role)); }
  std::string info(const std::string& name) {
    return network_.device->model().value(std::string(network_.profile.root()) + "DeviceInfo." + name).value_or("none");
  }
  cwmp::Inform last_inform() { return network_.informs(network_.serving()).back(); }

  std::unique_ptr<Hands> hands_;
  SimulatedNetwork network_;
  bool powered_ = false;
  const std::string file_ = fmt::format("{}device_files_test.{}", testing::TempDir(), ::getpid());
};

TEST_P(WithFiles, WhenAFileTypeIsNotTheDevices_ThenItSaysSo) {
  const auto& context = hands_->context;
  EXPECT_TRUE(can_download(context, kFirmware));
  EXPECT_TRUE(can_download(context, kConfiguration));
  for (const auto* const type : {"2 Web Content", "4 Tone File", "5 Ringer File", "X 02A1B2 Thing", "", "1 "})
    EXPECT_FALSE(can_download(context, type)) << type;
  for (const auto* const type :
       {"1 Vendor Configuration File", "2 Vendor Log File", "3 Vendor Configuration File 1", "4 Vendor Log File 1"})
    EXPECT_TRUE(can_upload(context, type)) << type;
  for (const auto* const type : {"3 Vendor Configuration File", "3 Vendor Configuration File 2", "4 Vendor Log File x",
                                 "4 Vendor Log File 01", kFirmware})
    EXPECT_FALSE(can_upload(context, type)) << type;
}

TEST_P(WithFiles, WhenFirmwareIsInstalled_ThenItRunsFromTheNextBootOnAndTheAcsIsTold) {
  const auto before = network_.value("software_version");
  EXPECT_EQ(install_firmware(manifest("9.0.1")).value(), AfterFile::reboot);
  EXPECT_EQ(network_.value("software_version"), before);
  start_again();
  EXPECT_EQ(network_.value("software_version"), "9.0.1");
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT", "4 VALUE CHANGE"));
  EXPECT_THAT(last_inform().parameters,
              Contains(cwmp::ParameterValueStruct{path("software_version"), "9.0.1", "xsd:string"}));
  start_again();
  EXPECT_EQ(network_.value("software_version"), "9.0.1");
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT"));
}

TEST_P(WithFiles, WhenTheSameVersionIsInstalledAgain_ThenThereIsNothingToTell) {
  EXPECT_TRUE(install_firmware(manifest(network_.profile.software_version)));
  start_again();
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT"));
}

TEST_P(WithFiles, WhenTheFirmwareIsWrong_ThenItIsRefusedAndNothingChanges) {
  const auto memory = network_.store.memory;
  const auto refused = [&](const files::FirmwareManifest& manifest, const char* why, files::FirmwareFlaws flaws = {}) {
    const auto installed = install_firmware(manifest, flaws);
    ASSERT_FALSE(installed) << why;
    EXPECT_EQ(installed.error().code, 9018);
    EXPECT_THAT(installed.error().text, HasSubstr(why));
  };
  auto other = manifest("9.0.1");
  other.oui = "00DEAD";
  refused(other, "OUI '00DEAD', this device has");
  other = manifest("9.0.1");
  other.product_class = "Toaster";
  refused(other, "product class 'Toaster'");
  other = manifest("9.0.1");
  other.hardware_version = "0.9";
  refused(other, "hardware version '0.9'");
  refused(manifest("9.0.1"), "truncated", {.truncated = true});
  refused(manifest("9.0.1"), "SHA-256", {.corrupt = true});
  refused(manifest("9.0.1"), "signature", {.bad_signature = true});
  EXPECT_EQ(network_.store.memory, memory);
  start_again();
  EXPECT_EQ(network_.value("software_version"), network_.profile.software_version);
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT"));
}

TEST_P(WithFiles, WhenFirmwareCannotBeCommitted_ThenItIsNotInstalled) {
  network_.store.refusal = Error{Cause::resources, "disk full"};
  const auto installed = install_firmware(manifest("9.0.1"));
  ASSERT_FALSE(installed);
  EXPECT_EQ(installed.error().code, 9010);
  network_.store.refusal.reset();
  EXPECT_TRUE(install_text(configuration("")));  // commits what waits
  start_again();
  EXPECT_EQ(network_.value("software_version"), network_.profile.software_version);
}

TEST_P(WithFiles, WhenResetToFactory_ThenTheSoftwareStays) {
  EXPECT_TRUE(install_firmware(manifest("9.0.1")));
  EXPECT_TRUE(install_text(configuration("")));
  start_again();
  EXPECT_EQ(info("VendorConfigFile.1.Version"), "7");
  network_.device->factory_reset();
  network_.run_for(Seconds{30});
  EXPECT_EQ(network_.value("software_version"), "9.0.1");
  EXPECT_EQ(info("VendorConfigFile.1.Version"), "");
  network_.lose_power();
  network_.start();
  network_.run_for(kEnough);
  EXPECT_EQ(network_.value("software_version"), "9.0.1");
}

TEST_P(WithFiles, WhenTheModelHasFirmwareImages_ThenTheySayWhatRunsAndTheAcsMayChoose) {
  const bool has = info("FirmwareImage.1.Name") != "none";
  EXPECT_EQ(has, network_.profile.root() == "Device.");
  if (!has) return;
  EXPECT_EQ(info("FirmwareImage.1.Status"), "Active");
  EXPECT_EQ(info("FirmwareImage.2.Status"), "NoImage");
  EXPECT_TRUE(install_firmware(manifest("9.0.1")));
  EXPECT_EQ(info("FirmwareImage.2.Status"), "Available");
  EXPECT_EQ(info("BootFirmwareImage"), "Device.DeviceInfo.FirmwareImage.2");
  start_again();
  EXPECT_EQ(info("ActiveFirmwareImage"), "Device.DeviceInfo.FirmwareImage.2");
  EXPECT_EQ(info("FirmwareImage.1.Version"), network_.profile.software_version);
  cwmp::SetParameterValues set;
  set.parameters.push_back({"Device.DeviceInfo.BootFirmwareImage", "Device.DeviceInfo.FirmwareImage.1", "xsd:string"});
  network_.serving().requests.assign(1, cwmp::Body(set));
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{1});
  network_.serving().requests.clear();
  start_again();
  EXPECT_EQ(network_.value("software_version"), network_.profile.software_version);
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT", "4 VALUE CHANGE"));
}

TEST_P(WithFiles, WhenItsConfigurationComesBack_ThenItIsAsItWasSecretsToo) {
  auto& model = network_.device->model();
  const std::vector<datamodel::Assignment> set{{path("periodic_inform_interval"), "77", ""},
                                               {path("acs_password"), "a secret", ""}};
  ASSERT_TRUE(model.set(set));
  const auto text = upload("3 Vendor Configuration File 1");
  const auto before = model.settings();
  const std::vector<datamodel::Assignment> changed{{path("periodic_inform_interval"), "88", ""},
                                                   {path("acs_password"), "another", ""}};
  ASSERT_TRUE(model.set(changed));
  const auto installed = install_text(text);
  EXPECT_EQ(installed.value(), AfterFile::nothing) << installed.error().text;
  EXPECT_EQ(model.settings(), before);
  start_again();
  EXPECT_EQ(network_.value("periodic_inform_interval"), "77");
  EXPECT_EQ(network_.value("acs_password"), "a secret");
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT"));
}

TEST_P(WithFiles, WhenAConfigurationIsTaken_ThenDeviceInfoSaysWhichAlsoAfterPowerWasLost) {
  EXPECT_TRUE(install_text(configuration("description: of May\n" + path("periodic_inform_interval") + " = 77")));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(network_.value("periodic_inform_interval"), "77");
    EXPECT_EQ(info("VendorConfigFile.1.Version"), "7");
    EXPECT_EQ(info("VendorConfigFile.1.Description"), "of May");
    EXPECT_THAT(info("VendorConfigFile.1.Date"), testing::StartsWith("2026-01-01T"));
    start_again();
  }
}

TEST_P(WithFiles, WhenAConfigurationIsBogus_ThenItIsRefusedAndNothingChanges) {
  const auto before = network_.device->model().settings();
  const auto memory = network_.store.memory;
  const auto good = path("periodic_inform_interval") + " = 77\n";
  const std::pair<std::string, const char*> bogus[] = {
      {configuration(good + "No.Such.Parameter = 1"), "No.Such.Parameter: Invalid parameter name"},
      {configuration(good + path("periodic_inform_enable") + " = perhaps"), "Invalid parameter value"},
      {configuration(good + path("software_version") + " = 1"), "non-writable"},
      {configuration(good + path("acs_url") + " = ftp://x/"), "an ACS URL is http or https"},
      {configuration("serial_number: another\n" + good), "serial number 'another', this device has"},
      {"hnbemu vendor configuration 1\noui: 00DEAD\nproduct_class: X\nend\n", "OUI '00DEAD', this device has"},
      {fmt::format("hnbemu vendor configuration 1\noui: {}\nend\n", network_.profile.oui), "product class ''"},
      {"\xFF\xFEh\0n\0b\0", "UTF-8"},
      {std::string(5'000'000, 'x'), "too large"},
      {"", "line 1"}};
  for (const auto& [text, why] : bogus) {
    const auto installed = install_text(text);
    ASSERT_FALSE(installed) << why;
    EXPECT_EQ(installed.error().code, 9018);
    EXPECT_THAT(installed.error().text, HasSubstr(why));
    EXPECT_LE(installed.error().text.size(), 256u);
  }
  EXPECT_EQ(network_.device->model().settings(), before);
  EXPECT_EQ(network_.store.memory, memory);
}

TEST_P(WithFiles, WhenAConfigurationCannotBeCommitted_ThenItIsTakenBack) {
  const auto before = network_.device->model().settings();
  network_.store.refusal = Error{Cause::resources, "disk full"};
  const auto installed = install_text(configuration(path("periodic_inform_interval") + " = 77"));
  ASSERT_FALSE(installed);
  EXPECT_EQ(installed.error().code, 9010);
  EXPECT_EQ(network_.device->model().settings(), before);
  network_.store.refusal.reset();
}

// TS 32.583 5.3.1 step D, TS 32.593 5.2.2 step 5.
TEST_P(WithFiles, WhenACmFileComes_ThenAllOfItIsConfiguredAndStays) {
  const auto gateway = path("gateway");
  network_.resolver.add(Plane::inner, "gateway.operator.example", {*IpAddress::parse("10.200.0.9")});
  const auto installed = install_text(
      files::to_xml(cm_file({{path("periodic_inform_interval"), "77"}, {gateway, "gateway.operator.example"}})));
  ASSERT_TRUE(installed) << installed.error().text;
  EXPECT_EQ(*installed, AfterFile::nothing);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(network_.value("periodic_inform_interval"), "77");
    EXPECT_EQ(network_.value("gateway"), "gateway.operator.example");
    EXPECT_THAT(info("VendorConfigFile.1.Description"), testing::StartsWith("32.584 V11"));
    start_again();
  }
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT"));  // what the ACS gave need not be told
}

// TS 32.583 5.3.1: what is illegal or damaged, or for another device, configures nothing.
TEST_P(WithFiles, WhenACmFileIsBogus_ThenItIsRefusedAndNothingChanges) {
  const auto before = network_.device->model().settings();
  const auto memory = network_.store.memory;
  const datamodel::Setting good{path("periodic_inform_interval"), "77"};
  auto other_oui = cm_file({good}), other_class = other_oui, other_device = other_oui;
  other_oui.oui = "00DEAD";
  other_class.product_class = "Toaster";
  other_device.local_dn = "ManagedElement=another";
  const auto text = files::to_xml(cm_file({good}));
  const std::pair<std::string, const char*> bogus[] = {
      {files::to_xml(other_oui), "OUI '00DEAD', this device has"},
      {files::to_xml(other_class), "product class 'Toaster'"},
      {files::to_xml(other_device), "localDn 'ManagedElement=another'"},
      {files::to_xml(cm_file({good, {path("periodic_inform_enable"), "perhaps"}})), "Invalid parameter value"},
      {files::to_xml(cm_file({good, {path("software_version"), "1"}})), "non-writable"},
      {files::to_xml(cm_file({good, {std::string(network_.profile.root()) + "No.Such", "1"}})),
       "Invalid parameter name"},
      {files::to_xml(cm_file({good, good})), "named twice"},
      {text.substr(0, text.size() - 20), "CM file, line"}};
  for (const auto& [file, why] : bogus) {
    const auto installed = install_text(file);
    ASSERT_FALSE(installed) << why;
    EXPECT_EQ(installed.error().code, 9018);
    EXPECT_THAT(installed.error().text, HasSubstr(why));
  }
  EXPECT_EQ(network_.device->model().settings(), before);
  EXPECT_EQ(network_.store.memory, memory);
}

TEST_P(WithFiles, WhenACmFileHasARowThatIsNotThere_ThenItIsAddedAndTheOthersStay) {
  auto& model = network_.device->model();
  std::string writable;
  for (const auto& setting : model.settings())
    if (writable.empty() && setting.path.ends_with('.') && model.add_object(setting.path)) writable = setting.path;
  ASSERT_NE(writable, "");
  const auto before = model.table_state(writable)->rows;
  auto file = cm_file({});
  file.rows = {fmt::format("{}{}.", writable, before.back() + 4)};
  const auto installed = install_text(files::to_xml(file));
  ASSERT_TRUE(installed) << installed.error().text;
  auto expected = before;
  expected.push_back(before.back() + 4);
  EXPECT_EQ(model.table_state(writable)->rows, expected);
}

TEST_P(WithFiles, WhenTheLogIsUploaded_ThenItSaysWhatTheDeviceDidTheOldestFirst) {
  EXPECT_FALSE(install_text("garbage"));
  const auto log = upload("2 Vendor Log File");
  EXPECT_THAT(log, testing::StartsWith("2026-01-01T"));
  EXPECT_LT(log.find("notice power-up: software"), log.find("error 3 Vendor Configuration File refused, fault 9018"));
  EXPECT_EQ(log, upload("4 Vendor Log File 1"));
}

TEST_P(WithFiles, WhenTheDeviceIsInService_ThenItsLogTellsOfStepsAndSessions) {
  start_again();
  network_.serving().inform_status = 503;
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{1});
  network_.serving().inform_status = 200;
  const auto log = info("DeviceLog");
  if (log == "none") return;  // the model is without
  EXPECT_THAT(log, HasSubstr("info TS 32."));
  EXPECT_THAT(log, HasSubstr(": 1 BOOT\n"));
  EXPECT_THAT(log, HasSubstr(fmt::format("info CWMP session with https://{}:7547/cwmp: 2 PERIODIC\n", kServingHms)));
  EXPECT_THAT(log, HasSubstr("warning TR-069"));
}

INSTANTIATE_TEST_SUITE_P(Profiles, WithFiles, testing::Values("umts-hnb", "lte-henb"));

}  // namespace
}  // namespace hnbemu
