#include "conformance/transfers.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", ADownloadToComeIsStatus1,
                     "A Download that is not completed and applied is answered with Status 1 and the Unknown Time") {
  power_on();
  const auto response = ask_for<cwmp::DownloadResponse>(download());
  EXPECT_EQ(response.status, 1);
  EXPECT_EQ(response.start_time, unknown_time);
  EXPECT_EQ(response.complete_time, unknown_time);
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", TheFileIsFetchedAndApplied,
                     "The file is fetched from the URL and applied, on the way by which the ACS is reached") {
  power_on();
  ask(download());
  ASSERT_THAT(files.requests, SizeIs(1));
  EXPECT_EQ(files.requests[0].url.to_string(), kFileUrl);
  EXPECT_EQ(files.paths[0].plane, Plane::outer);
  EXPECT_EQ(value(kServer1), "set.example");
}

HNBEMU_TRANSFER_RULE("Download", "TS 32.593 5.2.2", TheSessionEndsFirst,
                     "With Status 1 the download is done after the session that asked for it") {
  power_on();
  std::size_t before = 99;
  acs->script = {Acs::pass(), acs->say(download()), acs->say(cwmp::GetRpcMethods{}), [&](const Message&) {
                   before = files.requests.size();
                   return http(204);
                 }};
  session();
  EXPECT_EQ(before, 0u);
  EXPECT_THAT(files.requests, SizeIs(1));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", DelaySecondsAreWaited,
                     "The download does not begin before DelaySeconds have passed since the request") {
  power_on();
  auto request = download();
  request.delay_seconds = 60;
  ask(request);
  run_for(Seconds{58});
  EXPECT_THAT(files.requests, IsEmpty());
  run_for(Seconds{2});
  EXPECT_THAT(files.requests, SizeIs(1));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", EachDownloadIsPerformed,
                     "Several Downloads of the same URL are each performed, and told each") {
  power_on();
  acs->requests = {download("a"), download("b")};
  session();
  run_for(Seconds{5});
  EXPECT_THAT(files.requests, SizeIs(2));
  EXPECT_THAT(told(), SizeIs(2));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", OneAtATime, "Transfers that are due together are done in turn") {
  power_on();
  files.time = Seconds{10};
  acs->requests = {download("a"), download("b")};
  session();
  run_for(Seconds{5});
  EXPECT_EQ(files.under_way, 1u);
  run_for(Seconds{30});
  EXPECT_THAT(told(), SizeIs(2));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", TheLoginIsForTheServer,
                     "Username and Password are used towards the file server") {
  power_on();
  auto request = download();
  request.username = "user";
  request.password = "secret";
  ask(request);
  ASSERT_THAT(files.requests, SizeIs(1));
  EXPECT_EQ(files.requests[0].username, "user");
  EXPECT_EQ(files.requests[0].password, "secret");
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", ALoginInTheUrlIsRefused,
                     "A URL with a user name in it, or that is none, is fault 9003") {
  power_on();
  for (const auto* const url : {"http://user:pass@files.operator.example/f", "http://user@files.operator.example", "f",
                                "", "http://", "files.operator.example/f"}) {
    auto request = download();
    request.url = url;
    EXPECT_EQ(fault_code(request), 9003) << url;
  }
  EXPECT_THAT(files.requests, IsEmpty());
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", AnUnknownSchemeIs9013, "A URL of another transport is fault 9013") {
  power_on();
  for (const auto* const url : {"tftp://files.operator.example/f", "file://files.operator.example/etc/passwd"}) {
    auto request = download();
    request.url = url;
    EXPECT_EQ(fault_code(request), 9013) << url;
  }
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", EachTransportIsTaken,
                     "HTTP, HTTPS, FTP, FTPS and SFTP are taken, the scheme in capitals too") {
  power_on();
  for (const std::string scheme : {"http", "https", "ftp", "ftps", "sftp", "HTTP"}) {
    auto request = download();
    request.url = scheme + "://files.operator.example/henb";
    EXPECT_EQ(fault_code(request), 0) << scheme;
  }
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", AnUnknownFileTypeIs9003,
                     "A FileType that the CPE does not take is fault 9003") {
  power_on();
  for (const auto* const type : {"2 Web Content", "4 Tone File", "1 Vendor Configuration File", "", "X 02A1B2 thing"}) {
    EXPECT_EQ(fault_code(download("key", type)), 9003) << type;
  }
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", TheCommandKeyHasItsLength,
                     "A CommandKey of more than 32 characters is fault 9003; an empty one is taken") {
  power_on();
  EXPECT_EQ(fault_code(download(std::string(33, 'k'))), 9003);
  EXPECT_EQ(fault_code(download(std::string(32, 'k'))), 0);
  EXPECT_EQ(fault_code(download("")), 0);
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.5.1", TextsHaveTheirLength,
                     "URL, Username, Password and TargetFileName of more than 256 characters are fault 9003") {
  power_on();
  const std::string too_long(257, 'x');
  auto request = download();
  request.url = "http://files.operator.example/" + too_long;
  EXPECT_EQ(fault_code(request), 9003);
  request = download();
  request.username = too_long;
  EXPECT_EQ(fault_code(request), 9003);
  request = download();
  request.target_file_name = too_long;
  EXPECT_EQ(fault_code(request), 9003);
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", NoRoomIs9004,
                     "A FileSize that the CPE has no room for is fault 9004; 0 means unspecified") {
  power_on();
  auto request = download();
  request.file_size = 4'000'000'000;
  EXPECT_EQ(fault_code(request), 9004);
  request.file_size = 0;
  EXPECT_EQ(fault_code(request), 0);
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", FileSizeIsAHint, "A file of another size than FileSize is taken") {
  power_on();
  auto request = download();
  request.file_size = 7;
  ask(request);
  EXPECT_EQ(value(kServer1), "set.example");
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", AFullQueueIs9004, "More transfers than the queue holds are 9004") {
  power_on();
  auto request = download();
  request.delay_seconds = 3600;
  acs->requests.assign(cwmp::Transfers::kMaxTransfers, request);
  session();
  EXPECT_EQ(fault_code(request), 9004);
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", SuccessUrlIsForBrowsers,
                     "SuccessURL and FailureURL are not asked by a CPE without a user's browser") {
  power_on();
  auto request = download();
  request.success_url = "http://files.operator.example/good";
  request.failure_url = "http://files.operator.example/bad";
  ask(request);
  EXPECT_THAT(files.requests, SizeIs(1));
}

HNBEMU_TRANSFER_RULE("Download", "RFC 9110 15.4", RedirectsAreFollowed,
                     "A redirect of the file server is followed; the login is not told to another host") {
  power_on();
  files.redirect(302, "/there");
  files.redirect(307, "http://other.operator.example/henb");
  files.files["http://other.operator.example/henb"] = configuration("other.example");
  auto request = download();
  request.username = "user";
  request.password = "secret";
  ask(request);
  ASSERT_THAT(files.requests, SizeIs(3));
  EXPECT_EQ(files.requests[1].url.to_string(), "http://files.operator.example/there");
  EXPECT_EQ(files.requests[1].username, "user");
  EXPECT_EQ(files.requests[2].username + files.requests[2].password, "");
  EXPECT_EQ(value(kServer1), "other.example");
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.3.2", EndlessRedirectsFail,
                     "Redirects without an end, or to no file of HTTP, are a failed transfer") {
  power_on();
  for (int i = 0; i < 20; ++i) files.redirect(302, "/again");
  ask(download());
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_EQ(told()[0].fault_code, 9010);
  EXPECT_THAT(files.requests, SizeIs(6));
  files.script.clear();
  for (const auto* const location : {"", "file:///etc/passwd", "ftp://files.operator.example/", "http://"}) {
    acs->forget();
    files.redirect(302, location);
    ask(download());
    ASSERT_THAT(told(), SizeIs(1)) << location;
    EXPECT_EQ(told()[0].fault_code, 9010) << location;
  }
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.3.2", FaultsSayWhatFailed,
                     "TransferComplete says by its FaultCode what of the transfer failed") {
  power_on();
  const std::vector<std::pair<Cause, int>> all{{Cause::authentication, 9012},   {Cause::network, 9015},
                                               {Cause::dns_no_such_name, 9015}, {Cause::tls_certificate, 9015},
                                               {Cause::tls_handshake, 9015},    {Cause::not_found, 9016},
                                               {Cause::timeout, 9017},          {Cause::resources, 9010},
                                               {Cause::protocol, 9010},         {Cause::unsupported, 9010}};
  for (const auto& [cause, code] : all) EXPECT_EQ(download_fault(cause), code) << to_string(cause);
  EXPECT_EQ(value(kServer1), "");
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.5.1", OldVersionsHaveFewFaults,
                     "A fault that the CWMP version does not know is told as 9010") {
  speak("1.0");
  power_on();
  EXPECT_EQ(download_fault(Cause::network), 9010);
  EXPECT_EQ(download_fault(Cause::not_found), 9010);
  EXPECT_EQ(download_fault(Cause::authentication), 9012);
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", ABrokenFileChangesNothing,
                     "A file that is corrupted is fault 9018, and nothing is changed") {
  power_on();
  files.files[kFileUrl] = configuration("set.example").substr(0, 100);
  ask(download());
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_EQ(told()[0].fault_code, 9018);
  EXPECT_EQ(told()[0].start_time, unknown_time);
  EXPECT_EQ(value(kServer1), "");
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", WhatBreaksOffGoesOn,
                     "A download that breaks off on the way goes on where it was, and is told once") {
  power_on();
  const auto whole = files.files[kFileUrl];
  files.fail(Cause::interrupted, whole.substr(0, 20));
  files.fail(Cause::interrupted, whole.substr(20, 20));
  ask(download());
  run_for(Seconds{20});
  ASSERT_THAT(files.requests, SizeIs(3));
  EXPECT_EQ(files.requests[1].resume, 20u);
  EXPECT_EQ(files.requests[2].resume, 40u);
  EXPECT_EQ(value(kServer1), "set.example");
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::fault_code, 0)));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.3.2", WhatAlwaysBreaksOffFails,
                     "A download that breaks off again and again is fault 9017 in the end") {
  power_on();
  for (int i = 0; i < 20; ++i) files.fail(Cause::interrupted);
  ask(download());
  run_for(std::chrono::minutes(5));
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::fault_code, 9017)));
  EXPECT_THAT(files.requests, SizeIs(6));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.3.2", AServerThatStallsEnds, "A server that never ends is fault 9017") {
  power_on();
  files.time = std::chrono::hours(2);
  ask(download());
  run_for(std::chrono::hours(1));
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::fault_code, 9017)));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.5.1", AMissingArgumentIs9003, "A Download without its URL is fault 9003") {
  power_on();
  const auto answer = ask_raw(soap("<cwmp:Download><CommandKey>k</CommandKey></cwmp:Download>"));
  ASSERT_TRUE(std::holds_alternative<cwmp::Fault>(answer));
  EXPECT_EQ(std::get<cwmp::Fault>(answer).code, 9003);
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", DoneAtOnceIsStatus0,
                     "A CPE that downloads within the session answers Status 0 with the times, and tells no more") {
  quirk_status_0();
  power_on();
  acs->forget();
  const auto response = ask_for<cwmp::DownloadResponse>(download());
  run_for(std::chrono::minutes(1));
  EXPECT_EQ(response.status, 0);
  EXPECT_THAT(response.start_time, HasSubstr("2026-01-01T"));
  EXPECT_THAT(response.complete_time, HasSubstr("2026-01-01T"));
  EXPECT_EQ(value(kServer1), "set.example");
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(acs->informs(), SizeIs(1));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", FailedAtOnceIsAFault,
                     "A download that fails within the session is a fault of the Download, and told no more") {
  quirk_status_0();
  power_on();
  files.fail(Cause::authentication);
  EXPECT_EQ(fault_code(download()), 9012);
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(told(), IsEmpty());
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", ADelayIsNotAtOnce,
                     "A download with DelaySeconds is not done in the session, whatever the CPE") {
  quirk_status_0();
  power_on();
  auto request = download();
  request.delay_seconds = 1;
  EXPECT_EQ(ask_for<cwmp::DownloadResponse>(request).status, 1);
  run_for(Seconds{5});
  EXPECT_THAT(told(), SizeIs(1));
}

HNBEMU_TRANSFER_RULE("Download", "TR-069 A.3.2.8", TooSlowForTheSessionIsStatus1,
                     "What takes too long for the session is answered Status 1, done later and told") {
  quirk_status_0();
  power_on();
  files.time = std::chrono::minutes(1);
  acs->requests = {download()};
  session();
  run_for(std::chrono::minutes(5));
  ASSERT_THAT(said<cwmp::DownloadResponse>(), SizeIs(1));
  EXPECT_EQ(said<cwmp::DownloadResponse>()[0].status, 1);
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::fault_code, 0)));
}

HNBEMU_TRANSFER_RULE("Firmware", "TR-069 A.3.2.8", FirmwareIsToldAfterItsBoot,
                     "A firmware image boots after its download; TransferComplete comes when the new one runs") {
  power_on();
  files.files[kFileUrl] = firmware("9.9.9");
  acs->forget();
  ask(download("upgrade", kFirmwareImage));
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(device->status().state, device::State::rebooting);
  run_for(profile.boot_time + kEnough);
  EXPECT_THAT(events_with("7 TRANSFER COMPLETE"), testing::IsSupersetOf({"1 BOOT|", "M Download|upgrade"}));
  EXPECT_EQ(informed("Device.DeviceInfo.SoftwareVersion"), "9.9.9");
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::fault_code, 0)));
}

HNBEMU_TRANSFER_RULE("Firmware", "TR-069 A.3.3.2", AForeignImageIs9018,
                     "Another vendor's image is fault 9018: no reboot, the software stays") {
  power_on();
  files.files[kFileUrl] = firmware("9.9.9", "00AABB");
  ask(download("upgrade", kFirmwareImage));
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::fault_code, 9018)));
  EXPECT_THAT(events(), testing::Not(Contains("1 BOOT")));
  EXPECT_EQ(value("Device.DeviceInfo.SoftwareVersion"), "2.3.0");
}

HNBEMU_TRANSFER_RULE("Firmware", "TR-069 A.3.2.8", FirmwareIsNeverStatus0,
                     "A firmware image that needs a boot is Status 1, also of a CPE that downloads in the session") {
  quirk_status_0();
  power_on();
  files.files[kFileUrl] = firmware("9.9.9");
  EXPECT_EQ(ask_for<cwmp::DownloadResponse>(download("upgrade", kFirmwareImage)).status, 1);
  run_for(profile.boot_time + kEnough);
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::command_key, "upgrade")));
}

}  // namespace
}  // namespace hnbemu::conformance
