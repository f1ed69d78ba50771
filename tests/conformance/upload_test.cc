#include "conformance/transfers.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.4.1.5", AnUploadIsStatus1AndTold,
                     "Upload is answered Status 1, done after the session, and told with M Upload") {
  power_on();
  acs->forget();
  const auto response = ask_for<cwmp::UploadResponse>(upload("the key"));
  EXPECT_EQ(response.status, 1);
  EXPECT_EQ(response.start_time, unknown_time);
  EXPECT_THAT(events_with("7 TRANSFER COMPLETE"), ElementsAre("7 TRANSFER COMPLETE|", "M Upload|the key"));
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 0)));
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.4.1.5", TheFileIsPut, "The file is sent to the URL, with PUT of HTTP") {
  power_on();
  set(kServer1, "mine.example");
  ask(upload());
  ASSERT_THAT(files.requests, SizeIs(1));
  EXPECT_EQ(files.requests[0].method, FileRequest::Method::put);
  EXPECT_THAT(files.sent[kFileUrl], HasSubstr("mine.example"));
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.4.1.5", TheLogIsSent, "The vendor log file is the CPE's log") {
  power_on();
  auto request = upload();
  request.file_type = "2 Vendor Log File";
  ask(request);
  EXPECT_NE(files.sent[kFileUrl], "");
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.4.1.5", WhatWasSentIsTakenBack,
                     "A configuration file that was uploaded is taken back by a Download, and sets what was set") {
  power_on();
  set(kServer1, "mine.example");
  ask(upload());
  files.files[kFileUrl] = files.sent[kFileUrl];
  set(kServer1, "other.example");
  ask(download());
  EXPECT_EQ(value(kServer1), "mine.example");
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.4.1.5", AnUploadWaits, "An Upload waits for its DelaySeconds") {
  power_on();
  auto request = upload();
  request.delay_seconds = 60;
  ask(request);
  run_for(Seconds{58});
  EXPECT_THAT(files.requests, IsEmpty());
  run_for(Seconds{2});
  EXPECT_THAT(files.requests, SizeIs(1));
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.4.1.5", WrongUploadsAreRefused,
                     "An Upload of an unknown FileType or a URL that is none is fault 9003, of another scheme 9013") {
  power_on();
  auto request = upload();
  request.file_type = kFirmwareImage;
  EXPECT_EQ(fault_code(request), 9003);
  request = upload();
  request.url = "http://user@files.operator.example/";
  EXPECT_EQ(fault_code(request), 9003);
  request = upload();
  request.url = "gopher://files.operator.example/";
  EXPECT_EQ(fault_code(request), 9013);
  request = upload(std::string(33, 'k'));
  EXPECT_EQ(fault_code(request), 9003);
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.3.3.2", UploadFaultsSayWhatFailed,
                     "A failed Upload is told with its fault: 9011, or what of it failed") {
  power_on();
  const std::vector<std::pair<Cause, int>> all{{Cause::authentication, 9012}, {Cause::network, 9015},
                                               {Cause::not_found, 9016},      {Cause::resources, 9011},
                                               {Cause::protocol, 9011},       {Cause::timeout, 9011}};
  for (const auto& [cause, code] : all) {
    acs->forget();
    files.fail(cause);
    ask(upload());
    EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, code))) << to_string(cause);
  }
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.5.1", OldVersionsFailWith9011,
                     "A fault that the CWMP version does not know is told as 9011 of an Upload") {
  speak("1.0");
  power_on();
  files.fail(Cause::network);
  ask(upload());
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 9011)));
}

HNBEMU_TRANSFER_RULE("Upload", "RFC 9110 15.4", OnlyWhatKeepsTheMethodIsFollowed,
                     "A redirect of an upload is followed with 307 and 308 alone") {
  power_on();
  files.redirect(307, "/there");
  ask(upload());
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 0)));
  EXPECT_THAT(files.sent, Contains(testing::Key("http://files.operator.example/there")));
  acs->forget();
  files.redirect(303, "/there");
  ask(upload());
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 9011)));
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.4.1.5", AnUploadThatBreaksOffBeginsAgain,
                     "An upload that breaks off on the way is sent again, from its beginning") {
  power_on();
  files.fail(Cause::interrupted);
  ask(upload());
  run_for(Seconds{10});
  ASSERT_THAT(files.requests, SizeIs(2));
  EXPECT_EQ(files.requests[1].resume, 0u);
  EXPECT_THAT(told(), ElementsAre(Field(kFaultCode, 0)));
}

HNBEMU_TRANSFER_RULE("Upload", "TR-069 A.4.1.5", AnUploadAtOnceIsStatus0,
                     "A CPE that uploads within the session answers Status 0, and tells no more") {
  quirk_status_0();
  power_on();
  EXPECT_EQ(ask_for<cwmp::UploadResponse>(upload()).status, 0);
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(told(), IsEmpty());
  files.fail(Cause::network);
  EXPECT_EQ(fault_code(upload()), 9015);
}

}  // namespace
}  // namespace hnbemu::conformance
