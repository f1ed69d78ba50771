#include "conformance/transfers.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto kCommandKey = &cwmp::TransferComplete::command_key;

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 A.3.3.2", TheResultIsTold,
                     "A session with 7 TRANSFER COMPLETE and M Download calls TransferComplete with key and times") {
  power_on();
  acs->forget();
  ask(download("the key"));
  EXPECT_THAT(events_with("7 TRANSFER COMPLETE"), ElementsAre("7 TRANSFER COMPLETE|", "M Download|the key"));
  ASSERT_THAT(told(), SizeIs(1));
  const auto complete = told()[0];
  EXPECT_EQ(complete.command_key, "the key");
  EXPECT_EQ(complete.fault_code, 0);
  EXPECT_EQ(complete.fault_string, "");
  EXPECT_THAT(complete.start_time, HasSubstr("2026-01-01T"));
  EXPECT_LT(complete.start_time, complete.complete_time);
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 A.3.3.2", AFailureIsTold,
                     "A failed transfer is told with its fault and the Unknown Time") {
  power_on();
  files.fail(Cause::not_found);
  ask(download());
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_EQ(told()[0].fault_code, 9016);
  EXPECT_NE(told()[0].fault_string, "");
  EXPECT_EQ(told()[0].complete_time, unknown_time);
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.4", TheCpeTellsFirst,
                     "TransferComplete comes before the CPE's empty POST") {
  power_on();
  acs->forget();
  ask(download());
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", "DownloadResponse", "Inform", "TransferComplete", ""));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.2.2", ItIsHeldAsTheAcsSays,
                     "TransferComplete waits while the ACS holds the CPE's requests") {
  power_on();
  ask(download());
  acs->forget();
  files.files[kFileUrl] = configuration("again.example");
  acs->requests = {download("held")};
  session();
  acs->hold = true;
  run_for(Seconds{5});
  EXPECT_THAT(told(), SizeIs(1));
  EXPECT_THAT(told(), ElementsAre(Field(kCommandKey, "held")));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.5", SeveralAreOneEvent,
                     "Several completed transfers are one 7 TRANSFER COMPLETE, an M Download and a call for each") {
  power_on();
  auto later = download("b");
  later.delay_seconds = 2;
  auto first = download("a");
  first.delay_seconds = 2;
  acs->requests = {first, later};
  session();
  acs->script = {Acs::fail(Cause::network), Acs::fail(Cause::network)};
  run_for(Seconds{2});
  acs->forget();
  run_for(Seconds{60});
  EXPECT_THAT(events_with("7 TRANSFER COMPLETE"), ElementsAre("7 TRANSFER COMPLETE|", "M Download|a", "M Download|b"));
  EXPECT_THAT(told(), ElementsAre(Field(kCommandKey, "a"), Field(kCommandKey, "b")));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.5", WhatWasAnsweredIsNotToldAgain,
                     "Of two results the answered one is told no more when its session fails afterwards") {
  power_on();
  auto request = download("a");
  request.delay_seconds = 2;
  auto other = request;
  other.command_key = "b";
  acs->requests = {request, other};
  session();
  acs->script = {Acs::fail(Cause::network), Acs::fail(Cause::network)};
  run_for(Seconds{3});
  acs->forget();
  acs->script = {Acs::pass(), Acs::pass(), Acs::fail(Cause::network)};
  run_for(Seconds{120});
  EXPECT_THAT(told(), ElementsAre(Field(kCommandKey, "a"), Field(kCommandKey, "b"), Field(kCommandKey, "b")));
  const auto informs = acs->informs();
  ASSERT_GE(informs.size(), 2u);
  EXPECT_THAT(informs[1].events, Not(Contains(Field(&cwmp::EventStruct::command_key, "a"))));
  EXPECT_THAT(informs[1].events, Contains(Field(&cwmp::EventStruct::event_code, "7 TRANSFER COMPLETE")));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.5", AnyFailureBeforeTheResponseRepeatsIt,
                     "A session that fails at the Inform or at TransferComplete tells the same again") {
  for (const std::size_t step : {0u, 1u}) {
    TransferDevice one;
    one.power_on();
    one.acs->requests = {download()};
    one.acs->script.assign(3 + step, Acs::pass());
    one.acs->script.push_back(Acs::fail(Cause::network));
    one.session();
    one.acs->forget();
    one.run_for(std::chrono::minutes(2));
    EXPECT_THAT(one.acs->informs(), SizeIs(1)) << step;
    EXPECT_EQ(one.acs->informs()[0].retry_count, 1u);
    EXPECT_THAT(one.acs->names(), ElementsAre("Inform", "TransferComplete", "")) << step;
  }
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 A.5.2", Fault8005RepeatsIt,
                     "Fault 8005 to TransferComplete repeats it in the session; another fault is an answer") {
  power_on();
  const auto fault = [](int code) {
    cwmp::Fault one;
    one.soap_code = "Server";
    one.code = code;
    return one;
  };
  acs->forget();
  acs->requests = {download()};
  acs->script.assign(4, Acs::pass());
  acs->script.push_back(acs->say(fault(8005)));
  acs->script.push_back(acs->say(fault(8001)));
  session();
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(told(), SizeIs(2));
  EXPECT_THAT(acs->informs(), SizeIs(2));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 A.3.3.2", AnotherResponseIsAnAnswer,
                     "An ACS that answers TransferComplete with another response's name has heard it") {
  power_on();
  acs->requests = {download()};
  acs->script.assign(4, Acs::pass());
  acs->script.push_back(acs->say(cwmp::GetRpcMethodsResponse{{"Inform"}}));
  session();
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(told(), SizeIs(1));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.5", AResponseIsKeptWithoutPower,
                     "What the ACS has answered is not told again after a loss of power, whenever that comes") {
  power_on();
  acs->requests = {download()};
  session();
  lose_power();
  acs->forget();
  power_on();
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(events(), ElementsAre("1 BOOT"));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.5", AResultIsKeptWithoutPower,
                     "A result that the ACS has not answered is told after a loss of power, with its events") {
  power_on();
  acs->requests = {download()};
  acs->script.assign(3, Acs::pass());
  for (int i = 0; i < 10; ++i) acs->script.push_back(Acs::fail(Cause::network));
  session();
  lose_power();
  acs->script.clear();
  acs->forget();
  power_on();
  EXPECT_THAT(told(), ElementsAre(Field(kCommandKey, "key")));
  EXPECT_THAT(events_with("7 TRANSFER COMPLETE"), testing::IsSupersetOf({"1 BOOT|", "M Download|key"}));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 A.3.2.8", ATransferUnderWayIsBegunAgain,
                     "A transfer that was under way when the power went is begun again, and told once") {
  power_on();
  files.time = Seconds{30};
  ask(download());
  EXPECT_EQ(files.under_way, 1u);
  lose_power();
  acs->forget();
  power_on();
  run_for(std::chrono::minutes(2));
  EXPECT_THAT(files.requests, SizeIs(2));
  EXPECT_THAT(told(), ElementsAre(Field(&cwmp::TransferComplete::fault_code, 0)));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 A.3.2.8", ADelayGoesOnWithoutPower,
                     "A transfer that waits for its time is done though the device reboots or loses its power") {
  power_on();
  auto request = download();
  request.delay_seconds = 300;
  ask(request);
  ask(cwmp::Reboot{""});
  run_for(profile.boot_time + kEnough);
  lose_power();
  power_on();
  EXPECT_THAT(files.requests, IsEmpty());
  run_for(std::chrono::minutes(5));
  EXPECT_THAT(told(), SizeIs(1));
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.5", ANewAcsHearsNothingOfIt,
                     "What the old ACS has not heard is not told to a new one") {
  power_on();
  acs->requests = {download()};
  acs->script.assign(3, Acs::pass());
  acs->script.push_back(Acs::fail(Cause::network));
  session();
  acs->forget();
  acs->hold = true;
  acs->requests = {
      cwmp::SetParameterValues{{{"Device.ManagementServer.URL", "http://other.operator.example/", "xsd:string"}}, ""}};
  acs->script = {Acs::pass(), Acs::pass(), Acs::fail(Cause::network)};
  session();
  EXPECT_THAT(acs->informs().front().events, Contains(Field(&cwmp::EventStruct::event_code, "M Download")));
  acs->hold = false;
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(events(), ElementsAre("0 BOOTSTRAP"));
  EXPECT_THAT(told(), IsEmpty());
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 A.4.1.6", AFactoryResetForgetsTransfers,
                     "FactoryReset forgets what was to be transferred") {
  power_on();
  auto request = download();
  request.delay_seconds = 60;
  ask(request);
  ask(cwmp::FactoryReset{});
  run_for(std::chrono::minutes(5));
  EXPECT_THAT(files.requests, IsEmpty());
  EXPECT_THAT(told(), IsEmpty());
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.5", KillsAnywhereAreBalanced,
                     "Wherever the power goes: a Download that was answered is told, and never after the response") {
  for (Millis at{5}; at < Millis{400}; at += Millis{5}) {
    TransferDevice one;
    one.power_on();
    one.acs->forget();
    one.acs->requests = {download()};
    one.device->inform("6 CONNECTION REQUEST");
    one.run_for(at);
    const auto& names = one.acs->names();
    const auto said = [](const std::vector<std::string>& all, const char* name) {
      return std::ranges::find(all, name) != all.end();
    };
    const bool asked = said(names, "DownloadResponse");
    const auto tell = std::ranges::find(names, "TransferComplete");
    const bool answered = tell != names.end() && tell + 1 != names.end();  // its empty POST came after the commit
    one.lose_power();
    one.acs->requests.clear();
    one.acs->forget();
    one.power_on();
    one.run_for(std::chrono::minutes(2));
    const auto again = one.said<cwmp::TransferComplete>().size();
    if (answered) {
      EXPECT_EQ(again, 0u) << at.count();
    } else if (asked) {
      EXPECT_EQ(again, 1u) << at.count();
    } else {
      EXPECT_LE(again, 1u) << at.count();
    }
  }
}

HNBEMU_TRANSFER_RULE("Transfer complete", "TR-069 3.7.1.5", AStoreThatFailsIsBalanced,
                     "Wherever the memory fails, a Download that was answered is told once at least") {
  for (unsigned index = 0; index < 12; ++index) {
    TransferDevice one;
    one.store.fail_commit(index, Error{Cause::resources, "disk full"});
    one.power_on();
    one.acs->forget();
    one.acs->requests = {download()};
    one.session();
    one.run_for(std::chrono::minutes(2));
    const auto names = one.acs->names();
    const bool asked = std::ranges::find(names, "DownloadResponse") != names.end();
    if (asked) {
      EXPECT_GE(one.said<cwmp::TransferComplete>().size(), 1u) << index;
    }
    one.lose_power();
    one.acs->forget();
    one.power_on();
    EXPECT_THAT(one.said<cwmp::TransferComplete>(), IsEmpty()) << index;
  }
}

}  // namespace
}  // namespace hnbemu::conformance
