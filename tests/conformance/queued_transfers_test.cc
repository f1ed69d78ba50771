#include "conformance/transfers.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kPolicy = "Device.ManagementServer.AutonomousTransferCompletePolicy.";

std::vector<std::pair<std::string, int>> queue(Device& of) {
  std::vector<std::pair<std::string, int>> all;
  for (const auto& one : of.ask_for<cwmp::GetQueuedTransfersResponse>(cwmp::GetQueuedTransfers{}).transfers) {
    all.emplace_back(one.command_key, one.state);
  }
  return all;
}

cwmp::Transfer autonomous(const char* url = kFileUrl) {
  cwmp::Transfer transfer;
  transfer.file_type = kConfigurationFile;
  transfer.url = url;
  return transfer;
}

class AutonomousDevice : public TransferDevice {
 public:
  void allow() {
    set(std::string(kPolicy) + "Enable", "1", "xsd:boolean");
    set(std::string(kPolicy) + "FileTypeFilter", std::string("1 Firmware Upgrade Image,") + kConfigurationFile);
    acs->forget();
  }
  std::vector<cwmp::AutonomousTransferComplete> transfer() {
    EXPECT_EQ(device->transfer(autonomous()), std::nullopt);
    run_for(Seconds{5});
    return said<cwmp::AutonomousTransferComplete>();
  }
};

HNBEMU_TRANSFER_RULE("Queued transfers", "TR-069 A.4.1.1", StatesAreTold,
                     "GetQueuedTransfers tells what has not started (1) and what is in progress (2)") {
  power_on();
  auto later = download("later");
  later.delay_seconds = 600;
  files.time = Seconds{20};
  acs->requests = {download("now"), later};
  session();
  EXPECT_THAT(queue(*this), ElementsAre(std::pair("now", 2), std::pair("later", 1)));
}

HNBEMU_TRANSFER_RULE("Queued transfers", "TR-069 A.4.1.1", WhatIsNotToldIsState3,
                     "A completed transfer is in state 3 until its TransferComplete is answered, then gone") {
  power_on();
  acs->requests = {download()};
  acs->script.assign(3, Acs::pass());
  acs->script.push_back(Acs::fail(Cause::network));
  session();
  acs->forget();
  acs->hold = true;
  acs->requests = {cwmp::GetQueuedTransfers{}};
  session();
  acs->hold = false;
  const auto held = said<cwmp::GetQueuedTransfersResponse>();
  ASSERT_THAT(held, SizeIs(1));
  ASSERT_THAT(held[0].transfers, SizeIs(1));
  EXPECT_EQ(held[0].transfers[0].state, 3);
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(queue(*this), IsEmpty());
}

HNBEMU_TRANSFER_RULE("Queued transfers", "TR-069 A.4.1.7", AllAreTold,
                     "GetAllQueuedTransfers tells FileType, size and name, of downloads and uploads and own ones") {
  power_on();
  auto request = download("a");
  request.delay_seconds = 600;
  request.file_size = 123;
  request.target_file_name = "name";
  auto other = upload("b");
  other.delay_seconds = 600;
  acs->requests = {request, other};
  session();
  files.time = Seconds{60};
  EXPECT_EQ(device->transfer(autonomous()), std::nullopt);
  const auto all = ask_for<cwmp::GetAllQueuedTransfersResponse>(cwmp::GetAllQueuedTransfers{}).transfers;
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].file_type, kConfigurationFile);
  EXPECT_EQ(all[0].file_size, 123u);
  EXPECT_EQ(all[0].target_file_name, "name");
  EXPECT_TRUE(all[0].is_download);
  EXPECT_FALSE(all[1].is_download);
  EXPECT_EQ(all[2].command_key, "");
  EXPECT_THAT(queue(*this), ElementsAre(std::pair("a", 1), std::pair("b", 1)));
}

HNBEMU_TRANSFER_RULE("Queued transfers", "TR-069 A.3.1.1", MethodsGoByVersion,
                     "A method is listed and answered in the CWMP versions that have it, else it is fault 9000") {
  const std::vector<std::tuple<const char*, std::string, cwmp::Body>> since{
      {"Download", "1.0", download()},
      {"Upload", "1.0", upload()},
      {"GetQueuedTransfers", "1.0", cwmp::GetQueuedTransfers{}},
      {"GetAllQueuedTransfers", "1.1", cwmp::GetAllQueuedTransfers{}},
      {"ScheduleDownload", "1.2", schedule({{1000, 2000}})},
      {"CancelTransfer", "1.2", cwmp::CancelTransfer{"x"}}};
  for (const std::string version : {"1.0", "1.1", "1.2", "1.3", "1.4"}) {
    TransferDevice one;
    one.speak(version);
    one.acs->speaks = static_cast<cwmp::Version>(version.back() - '0');
    one.power_on();
    const auto methods = one.ask_for<cwmp::GetRpcMethodsResponse>(cwmp::GetRpcMethods{}).methods;
    for (const auto& [name, first, request] : since) {
      const bool has = version >= first;
      EXPECT_EQ(std::ranges::count(methods, name), has ? 1 : 0) << version << name;
      EXPECT_EQ(one.fault_code(request), has ? 0 : 9000) << version << name;
    }
  }
}

HNBEMU_TRANSFER_RULE("Autonomous transfers", "TR-069 A.3.3.3", OwnTransfersAreTold,
                     "A transfer that the ACS has not asked for is 10 AUTONOMOUS TRANSFER COMPLETE and its call") {
  AutonomousDevice one;
  one.power_on();
  one.allow();
  const auto told = one.transfer();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(one.events_with("10 AUTONOMOUS TRANSFER COMPLETE"), ElementsAre("10 AUTONOMOUS TRANSFER COMPLETE|"));
  EXPECT_EQ(told[0].transfer_url, kFileUrl);
  EXPECT_EQ(told[0].announce_url, "");
  EXPECT_TRUE(told[0].is_download);
  EXPECT_EQ(told[0].file_type, kConfigurationFile);
  EXPECT_EQ(told[0].fault_code, 0);
  EXPECT_EQ(one.value(kServer1), "set.example");
}

HNBEMU_TRANSFER_RULE(
    "Autonomous transfers", "TR-069 3.7.1.5", OwnTransfersAreToldUntilAnswered,
    "An autonomous result is told until the ACS has answered, over a loss of power too, then no more") {
  AutonomousDevice one;
  one.power_on();
  one.allow();
  one.acs->script = {Acs::pass(), Acs::fail(Cause::network)};
  EXPECT_EQ(one.device->transfer(autonomous()), std::nullopt);
  one.run_for(Seconds{1});
  one.lose_power();
  one.acs->forget();
  one.power_on();
  EXPECT_THAT(one.said<cwmp::AutonomousTransferComplete>(), SizeIs(1));
  one.lose_power();
  one.acs->forget();
  one.power_on();
  EXPECT_THAT(one.said<cwmp::AutonomousTransferComplete>(), IsEmpty());
}

HNBEMU_TRANSFER_RULE("Autonomous transfers", "TR-181 AutonomousTransferCompletePolicy", ThePolicyFilters,
                     "The policy's Enable and filters say which autonomous transfers are told") {
  const std::vector<std::tuple<std::string, std::string, bool>> all{
      {"Enable", "0", false},
      {"TransferTypeFilter", "Upload", false},
      {"TransferTypeFilter", "Download", true},
      {"ResultTypeFilter", "Failure", false},
      {"ResultTypeFilter", "Success", true},
      {"FileTypeFilter", "", false},
      {"FileTypeFilter", "1 Firmware Upgrade Image", false}};
  for (const auto& [name, text, tells] : all) {
    AutonomousDevice one;
    one.power_on();
    one.allow();
    EXPECT_TRUE(one.set(kPolicy + name, text, name == "Enable" ? "xsd:boolean" : "xsd:string"));
    one.acs->forget();
    EXPECT_EQ(one.transfer().size(), tells ? 1u : 0u) << name << text;
    EXPECT_EQ(one.value(kServer1), "set.example");
  }
}

HNBEMU_TRANSFER_RULE("Autonomous transfers", "TR-069 A.3.3.3", OldVersionsHaveNone,
                     "CWMP 1.0 has no AutonomousTransferComplete: nothing is told") {
  AutonomousDevice one;
  one.speak("1.0");
  one.power_on();
  one.allow();
  EXPECT_THAT(one.transfer(), IsEmpty());
  EXPECT_THAT(one.acs->informs(), IsEmpty());
}

HNBEMU_TRANSFER_RULE("Autonomous transfers", "TR-069 A.3.3.3", AnOldAcsHearsNoneOfIt,
                     "An ACS of CWMP 1.0 is not called with AutonomousTransferComplete, and its session ends well") {
  AutonomousDevice one;
  one.power_on();
  one.allow();
  one.acs->speaks = cwmp::Version::v1_0;
  EXPECT_THAT(one.transfer(), IsEmpty());
  one.acs->forget();
  one.session();
  EXPECT_THAT(one.events(), ElementsAre("6 CONNECTION REQUEST"));
}

HNBEMU_TRANSFER_RULE("Request download", "TR-069 A.4.2.2", ARequestIsAnEventAndACall,
                     "RequestDownload is called in a session with 9 REQUEST DOWNLOAD") {
  power_on();
  acs->forget();
  device->request(cwmp::RequestDownload{kFirmwareImage, {{"Version", "2"}}});
  run_for(Seconds{1});
  EXPECT_THAT(events(), ElementsAre("9 REQUEST DOWNLOAD"));
  const auto asked = said<cwmp::RequestDownload>();
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].file_type, kFirmwareImage);
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
}

HNBEMU_TRANSFER_RULE("Request download", "TR-069 3.7.1.5", ARequestIsRepeated,
                     "9 REQUEST DOWNLOAD and its call come again until answered, but not after a reboot") {
  power_on();
  acs->script = {Acs::pass(), Acs::fail(Cause::network)};
  device->request(cwmp::RequestDownload{kFirmwareImage, {}});
  run_for(Seconds{1});
  acs->forget();
  run_for(Seconds{20});
  EXPECT_THAT(said<cwmp::RequestDownload>(), SizeIs(1));
  EXPECT_THAT(events(), ElementsAre("9 REQUEST DOWNLOAD"));
  acs->script = {Acs::pass(), Acs::fail(Cause::network)};
  device->request(cwmp::RequestDownload{kFirmwareImage, {}});
  run_for(Seconds{1});
  device->reboot();
  acs->forget();
  run_for(profile.boot_time + kEnough);
  EXPECT_THAT(events(), ElementsAre("1 BOOT"));
  EXPECT_THAT(said<cwmp::RequestDownload>(), IsEmpty());
}

}  // namespace
}  // namespace hnbemu::conformance
