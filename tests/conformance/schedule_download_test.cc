#include "conformance/transfers.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", ItIsDoneInItsWindow,
                     "The download is done and applied within its time window, and told with M ScheduleDownload") {
  power_on();
  EXPECT_EQ(fault_code(schedule({{60, 120}})), 0);
  acs->forget();
  run_for(Seconds{58});
  EXPECT_THAT(files.requests, IsEmpty());
  run_for(Seconds{5});
  EXPECT_EQ(value(kServer1), "set.example");
  EXPECT_THAT(events_with("7 TRANSFER COMPLETE"), ElementsAre("7 TRANSFER COMPLETE|", "M ScheduleDownload|key"));
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 0)));
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", ASuccessEndsIt,
                     "What was done in the first window is not done in the second") {
  power_on();
  ask(schedule({{10, 20}, {60, 120}}));
  run_for(std::chrono::minutes(5));
  EXPECT_THAT(files.requests, SizeIs(1));
  EXPECT_THAT(told(), SizeIs(1));
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", TheSecondWindowIsUsed,
                     "What fails in the first window without retries is tried in the second, and told once") {
  power_on();
  files.fail(Cause::network);
  ask(schedule({{10, 1000}, {2000, 3000}}));
  run_for(Seconds{1990});
  EXPECT_THAT(files.requests, SizeIs(1));
  EXPECT_THAT(told(), IsEmpty());
  run_for(Seconds{20});
  EXPECT_THAT(files.requests, SizeIs(2));
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 0)));
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", MaxRetriesAreTheWindows,
                     "A failed download is tried again MaxRetries times in its window; -1 is the CPE's own choice") {
  power_on();
  for (int i = 0; i < 3; ++i) files.fail(Cause::network);
  ask(schedule({{10, 10'000}}, 2));
  run_for(std::chrono::minutes(30));
  EXPECT_THAT(files.requests, SizeIs(3));
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 9020)));
  acs->forget();
  for (int i = 0; i < 5; ++i) files.fail(Cause::network);
  ask(schedule({{10, 10'000}}, -1));
  run_for(std::chrono::minutes(30));
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 0)));
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.5.1", OutsideItsWindowsIs9020,
                     "What is not completed within its windows is fault 9020, in CWMP versions that know it") {
  power_on();
  files.time = std::chrono::hours(1);
  ask(schedule({{10, 20}}, -1));
  run_for(std::chrono::minutes(2));
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_EQ(told()[0].fault_code, 9020);
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", WindowsPassWithoutPower,
                     "A window that passed while the CPE was off is over: the next one counts") {
  power_on();
  ask(schedule({{10, 20}, {600, 700}}));
  lose_power();  // a minute
  power_on();
  EXPECT_THAT(files.requests, IsEmpty());
  run_for(std::chrono::minutes(10));
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 0)));
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", WindowsAreInOrder,
                     "Windows that overlap, run backwards, are none or more than two are fault 9003") {
  power_on();
  EXPECT_EQ(fault_code(schedule({{10, 20}, {15, 30}})), 9003);
  EXPECT_EQ(fault_code(schedule({{20, 10}})), 9003);
  EXPECT_EQ(fault_code(schedule({{10, 10}})), 9003);
  EXPECT_EQ(fault_code(schedule({{30, 40}, {10, 20}})), 9003);
  EXPECT_EQ(fault_code(schedule({})), 9003);
  EXPECT_EQ(fault_code(schedule({{10, 20}, {30, 40}, {50, 60}})), 9003);
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", ModesAreTheStandards,
                     "WindowMode is one of the standard's four; another one is fault 9003") {
  power_on();
  for (const auto* const mode : {"1 At Any Time", "2 Immediately", "3 When Idle", "4 Confirmation Needed"}) {
    auto request = schedule({{1000, 2000}});
    request.windows[0].mode = mode;
    EXPECT_EQ(fault_code(request), 0) << mode;
  }
  auto request = schedule({{1000, 2000}});
  request.windows[0].mode = "5 Never";
  EXPECT_EQ(fault_code(request), 9003);
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", ConfirmationNeedsAUser,
                     "A window that needs a confirmation that nobody gives passes without a download: fault 9020") {
  power_on();
  auto request = schedule({{10, 20}});
  request.windows[0].mode = "4 Confirmation Needed";
  ask(request);
  run_for(Seconds{30});
  EXPECT_THAT(files.requests, IsEmpty());
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_EQ(told()[0].fault_code, 9020);
  EXPECT_THAT(told()[0].fault_string, HasSubstr("confirmed"));
}

HNBEMU_TRANSFER_RULE("ScheduleDownload", "TR-069 A.4.1.8", FirmwareIsScheduledToo,
                     "A firmware image boots in its window, and is told after that") {
  power_on();
  files.files[kFileUrl] = firmware("9.9.9");
  auto request = schedule({{10, 100}});
  request.file_type = kFirmwareImage;
  ask(request);
  acs->forget();
  run_for(Seconds{30});
  EXPECT_THAT(events_with("7 TRANSFER COMPLETE"), testing::IsSupersetOf({"1 BOOT|", "M ScheduleDownload|key"}));
  EXPECT_EQ(value("Device.DeviceInfo.SoftwareVersion"), "9.9.9");
}

HNBEMU_TRANSFER_RULE("CancelTransfer", "TR-069 A.4.1.9", WhatHasNotStartedIsCancelled,
                     "Transfers that have not started are cancelled, all with that key, and not told") {
  power_on();
  auto request = download("a");
  request.delay_seconds = 60;
  auto other = request;
  other.command_key = "b";
  acs->requests = {request, request, other};
  session();
  EXPECT_EQ(fault_code(cwmp::CancelTransfer{"a"}), 0);
  run_for(std::chrono::minutes(2));
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::command_key, "b")));
}

HNBEMU_TRANSFER_RULE("CancelTransfer", "TR-069 A.4.1.9", WhatIsUnderWayIsNot,
                     "A transfer that is in progress, or completed and not told, is fault 9021, and goes on") {
  power_on();
  files.time = Seconds{10};
  ask(download());
  EXPECT_EQ(fault_code(cwmp::CancelTransfer{"key"}), 9021);
  acs->script.assign(1, Acs::fail(Cause::network));
  run_for(Seconds{9});
  acs->requests = {cwmp::CancelTransfer{"key"}};
  acs->script = {Acs::pass(), Acs::fail(Cause::network)};
  session();
  acs->script.clear();
  run_for(std::chrono::minutes(2));
  EXPECT_THAT(told(), testing::Not(IsEmpty()));
}

HNBEMU_TRANSFER_RULE("CancelTransfer", "TR-069 A.4.1.9", AnUnknownKeyIsNothing,
                     "A key of no transfer cancels nothing, and is no fault") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::CancelTransfer{"nothing"}), 0);
}

HNBEMU_TRANSFER_RULE("CancelTransfer", "TR-069 A.4.1.9", ACancelIsKeptWithoutPower,
                     "What was cancelled is not done after a loss of power") {
  power_on();
  auto request = download();
  request.delay_seconds = 60;
  ask(request);
  ask(cwmp::CancelTransfer{"key"});
  lose_power();
  power_on();
  run_for(std::chrono::minutes(5));
  EXPECT_THAT(files.requests, IsEmpty());
}

}  // namespace
}  // namespace hnbemu::conformance
