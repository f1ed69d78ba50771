#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using device::State;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kMethods = "<cwmp:GetRPCMethods/>";

std::string id(const std::string& text) {
  return fmt::format(R"(<cwmp:ID s:mustUnderstand="1">{}</cwmp:ID>)", text);
}

// Whether a session whose second message is answered so is tried again.
bool fails(Device& device, Acs::Reply reply) {
  device.acs->script = {Acs::pass(), std::move(reply)};
  device.session();
  const auto informs = device.acs->informs().size();
  device.run_for(Seconds{12});
  const bool failed = device.acs->informs().size() > informs;
  EXPECT_EQ(device.acs->informs().back().retry_count, failed ? 1u : 0u);
  return failed;
}

bool answers_methods(const cwmp::Body& answer) {
  return std::holds_alternative<cwmp::GetRpcMethodsResponse>(answer);
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.7.2.4", EmptyAnswersEndTheSession,
            "204, 200 without a body, and 200 with white space alone end the session well") {
  power_on();
  EXPECT_FALSE(fails(*this, Acs::answer(http(204))));
  EXPECT_FALSE(fails(*this, Acs::answer(http(200))));
  EXPECT_FALSE(fails(*this, Acs::answer(http(200, " \r\n\t"))));
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.7.1.4", AnInformWantsItsResponse,
            "An Inform that is answered with an empty body is a failed session") {
  for (const int status : {200, 204}) {
    Device one;
    one.acs->script = {Acs::answer(http(status))};
    one.power_on();
    EXPECT_EQ(one.device->status().state, State::waiting_to_retry);
  }
}

HNBEMU_RULE("HTTP and SOAP", "XML 1.0 F", AByteOrderMarkIsTaken,
            "UTF-8 with a byte order mark, and a blank line first, are taken") {
  power_on();
  EXPECT_TRUE(answers_methods(ask_raw("\xEF\xBB\xBF" + soap(kMethods))));
  EXPECT_TRUE(answers_methods(ask_raw("\n\n<?xml version='1.0'?>" + soap(kMethods))));
}

HNBEMU_RULE("HTTP and SOAP", "XML Namespaces", PrefixesAreTheAcss,
            "Any namespace prefixes and kinds of quotes are taken") {
  power_on();
  EXPECT_TRUE(
      answers_methods(ask_raw("<E:Envelope xmlns:E='http://schemas.xmlsoap.org/soap/envelope/'><E:Body><GetRPCMethods "
                              "xmlns='urn:dslforum-org:cwmp-1-0'/></E:Body></E:Envelope>")));
}

HNBEMU_RULE("HTTP and SOAP", "XML 1.0 2.5", CommentsAreNoContent, "Comments and processing instructions are skipped") {
  power_on();
  EXPECT_TRUE(answers_methods(ask_raw("<!-- a --><?b c?>" + soap("<!-- d -->" + std::string(kMethods)))));
}

HNBEMU_RULE("HTTP and SOAP", "SOAP 1.1 5.4.2", ArrayTypeIsNotBelieved,
            "A list counts as long as it is, whatever its arrayType says") {
  power_on();
  const auto answer = ask_raw(soap(
      "<cwmp:GetParameterValues><ParameterNames xmlns:e='http://schemas.xmlsoap.org/soap/encoding/' "
      "e:arrayType='xsd:string[7]'><string>Device.Time.Enable</string></ParameterNames></cwmp:GetParameterValues>"));
  EXPECT_THAT(std::get<cwmp::GetParameterValuesResponse>(answer).parameters, SizeIs(1));
}

HNBEMU_RULE("HTTP and SOAP", "SOAP 1.1 4.2.3", HeadersThatMustBeUnderstoodAre,
            "A request with an unknown header of mustUnderstand 1 is not done: SOAP fault MustUnderstand, and on") {
  power_on();
  const auto answer =
      ask_raw(soap("<cwmp:Reboot><CommandKey/></cwmp:Reboot>", R"(<x:Y xmlns:x="x" s:mustUnderstand="1"/>)"));
  ASSERT_TRUE(std::holds_alternative<cwmp::Fault>(answer));
  EXPECT_EQ(std::get<cwmp::Fault>(answer).soap_code, "MustUnderstand");
  EXPECT_EQ(device->status().state, State::registered);
}

HNBEMU_RULE("HTTP and SOAP", "SOAP 1.1 4.2.3", AResponseNotUnderstoodIsNone,
            "An InformResponse with an unknown header of mustUnderstand 1 is a failed session") {
  acs->script = {Acs::raw(soap("<cwmp:InformResponse/>", R"(<x:Y xmlns:x="x" s:mustUnderstand="1"/>)"))};
  power_on();
  EXPECT_EQ(device->status().state, State::waiting_to_retry);
}

HNBEMU_RULE("HTTP and SOAP", "SOAP 1.1 4.2.3", OtherHeadersAreOverlooked,
            "An unknown header without mustUnderstand is overlooked") {
  power_on();
  EXPECT_TRUE(
      answers_methods(ask_raw(soap(kMethods, R"(<x:Y xmlns:x="x">z</x:Y><x:Y xmlns:x="x" s:mustUnderstand="0"/>)"))));
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.5", TheIdIsGivenBack,
            "The answer has the cwmp:ID of the request, character by character") {
  power_on();
  for (const auto* const text : {"1", "A-b_c 9", "00000000-1111-2222-3333-444444444444"}) {
    ask_raw(soap(kMethods, id(text)));
    EXPECT_EQ(acs->messages.back().envelope.id, text);
  }
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.5", WithoutIdTheAnswerHasNone,
            "The answer to a request without cwmp:ID has none") {
  power_on();
  ask_raw(soap(kMethods));
  EXPECT_EQ(acs->messages.back().envelope.id, std::nullopt);
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.5", AnotherIdIsNoResponse,
            "An InformResponse with another ID than the Inform's is a failed session") {
  acs->script = {Acs::raw(soap("<cwmp:InformResponse/>", id("another")))};
  power_on();
  EXPECT_EQ(device->status().state, State::waiting_to_retry);
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.5", EachRequestHasItsId,
            "A response to the CPE's own request with another ID fails the session, and the request is made again") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(),
                 Acs::raw(soap("<cwmp:GetRPCMethodsResponse><MethodList/></cwmp:GetRPCMethodsResponse>", id("9")))};
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{12});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "GetRPCMethods", "Inform", "GetRPCMethods", ""));
}

HNBEMU_RULE("HTTP and SOAP", "RFC 9110 15.5", ErrorStatusesFailTheSession,
            "4xx and 5xx in mid-session are a failed session") {
  power_on();
  for (const int status : {400, 404, 407, 500, 502, 504})
    EXPECT_TRUE(fails(*this, Acs::answer(http(status, soap(kMethods))))) << status;
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.4.5", WrongCredentialsAreSaidToBe,
            "401 to the device's credentials is a failed session, whose error names them") {
  acs->script = {Acs::answer(http(401))};
  power_on();
  ASSERT_TRUE(device->status().error);
  EXPECT_EQ(device->status().error->native, 401);
  EXPECT_THAT(device->status().error->detail, HasSubstr("username and password"));
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.4.1", TheContentTypeDoesNotDecide,
            "SOAP under another Content-Type is taken for what it is") {
  power_on();
  auto response = http(200, soap(kMethods));
  response.content_type = "application/octet-stream";
  acs->script = {Acs::pass(), Acs::answer(response)};
  session();
  EXPECT_TRUE(answers_methods(acs->answers().back()));
}

HNBEMU_RULE(
    "HTTP and SOAP", "TR-069 3.5", WhatIsNoSoapFailsTheSession,
    "Text, HTML, SOAP 1.2, XML that is cut off, a DTD, and methods in an unknown namespace are a failed session") {
  power_on();
  const auto whole = soap(kMethods);
  for (const auto& body :
       {std::string("Internal error"), std::string("<html><body/></html>"),
        std::string("<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body/></s:Envelope>"),
        whole.substr(0, whole.size() - 9), "<!DOCTYPE a [<!ENTITY b 'c'>]>" + whole,
        soap("<x:GetRPCMethods xmlns:x='urn:dslforum-org:cwmp-9-9'/>")}) {
    EXPECT_TRUE(fails(*this, Acs::raw(body))) << body;
  }
}

HNBEMU_RULE("HTTP and SOAP", "TR-069 3.7.2.4", OnlyRequestsAreExpected,
            "A response where the ACS's turn is to ask fails the session") {
  power_on();
  EXPECT_TRUE(fails(*this, acs->say(cwmp::InformResponse{})));
  EXPECT_TRUE(fails(*this, acs->say(cwmp::GetRpcMethodsResponse{{"Inform"}})));
}

HNBEMU_RULE("HTTP and SOAP", "XML 1.0 4.3.3", TheDeclaredEncodingCounts,
            "The encoding that the XML declaration names is used") {
  power_on();
  ask_raw(
      "<?xml version='1.0' encoding='ISO-8859-1'?>" +
      soap("<cwmp:SetParameterValues><ParameterList><ParameterValueStruct><Name>Device.Time.NTPServer1</Name>"
           "<Value>caf\xE9</Value></ParameterValueStruct></ParameterList><ParameterKey/></cwmp:SetParameterValues>"));
  EXPECT_EQ(value("Device.Time.NTPServer1"), "caf\xC3\xA9");
}

}  // namespace
}  // namespace hnbemu::conformance
