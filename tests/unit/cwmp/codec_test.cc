#include "cwmp/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doubles/cwmp_schema.h"
#include "sample_messages.h"

namespace hnbemu::cwmp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Version kVersions[] = {Version::v1_0, Version::v1_1, Version::v1_2};

TEST(Codec, WhenEachMessageIsEncodedAndDecoded_ThenTheEnvelopeIsTheSame) {
  for (const auto version : kVersions) {
    for (const auto& body : test::sample_messages()) {
      const Envelope sent{version, "id <1>", true, body};
      const auto xml = encode(sent);
      const auto got = decode(xml);
      ASSERT_TRUE(got) << xml << got.error().to_string();
      EXPECT_EQ(got->id, sent.id);
      EXPECT_EQ(got->hold_requests, sent.hold_requests);
      EXPECT_EQ(got->version, version);
      EXPECT_THAT(got->irregularities, IsEmpty());
      EXPECT_THAT(got->not_understood, IsEmpty());
      EXPECT_EQ(got->body.index(), body.index()) << message_name(got->body);
      EXPECT_EQ(encode(*got), xml);
    }
  }
}

TEST(Codec, WhenEachMessageIsEncoded_ThenItIsValidAgainstTheSchemaOfItsVersion) {
  HNBEMU_NEEDS_CWMP_SCHEMAS();
  for (const auto version : kVersions) {
    for (const auto& body : test::sample_messages()) {
      if (!test::exists_in(version, body)) continue;
      const auto xml = encode({version, "1", false, body});
      EXPECT_EQ(hnbemu::test::cwmp_schema_errors(version, xml), "") << xml;
    }
  }
}

TEST(Codec, WhenAMessageBreaksTheSchema_ThenTheSchemaTestSaysSo) {
  HNBEMU_NEEDS_CWMP_SCHEMAS();
  for (const auto& body : std::initializer_list<Body>{
           GetParameterValues{},                                                     // at least one name
           Inform{{"M", "00aabb", "P", "S"}, {}, 1, "2026-03-01T00:00:00Z", 0, {}},  // OUI in lower case
           Inform{{"M", "00AABB", "P", "S"}, {}, 1, "yesterday", 0, {}},
           SetParameterValues{{{"A", "yes", "xsd:boolean"}}, ""},
           Reboot{std::string(33, 'k')},
           UnknownMethod{"Frobnicate"},
       }) {
    EXPECT_NE(hnbemu::test::cwmp_schema_errors(Version::v1_0, encode({Version::v1_0, "1", {}, body})), "");
  }
}

TEST(Codec, WhenTheAcsUsesItsOwnPrefixesQuotesAndByteOrderMark_ThenItIsUnderstood) {
  const auto got = decode(
      "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\r\n"
      "<S:Envelope xmlns:S='http://schemas.xmlsoap.org/soap/envelope/' "
      "xmlns:e='http://schemas.xmlsoap.org/soap/encoding/'\n"
      "  xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\n"
      " <!-- note --> <S:Header><q:ID xmlns:q='urn:dslforum-org:cwmp-1-1' S:mustUnderstand='1'> 7 </q:ID></S:Header>\n"
      " <S:Body><SetParameterValues xmlns='urn:dslforum-org:cwmp-1-1'>\n"
      "  <ParameterList e:arrayType='ParameterValueStruct[1]'>\n"
      "   <item><Name> Device.A </Name><Value i:type='xs:unsignedInt'>5</Value></item>\n"
      "  </ParameterList><ParameterKey/></SetParameterValues></S:Body></S:Envelope>\n");
  ASSERT_TRUE(got) << got.error().to_string();
  EXPECT_EQ(got->version, Version::v1_1);
  EXPECT_EQ(got->id, "7");
  const auto* set = std::get_if<SetParameterValues>(&got->body);
  ASSERT_TRUE(set);
  EXPECT_THAT(set->parameters, ElementsAre(ParameterValueStruct{"Device.A", "5", "xsd:unsignedInt"}));
  EXPECT_THAT(got->irregularities, IsEmpty());
}

std::string envelope(std::string_view header, std::string_view body) {
  return fmt::format(
      R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/")"
      R"( xmlns:c="urn:dslforum-org:cwmp-1-0"><s:Header>{}</s:Header><s:Body>{}</s:Body></s:Envelope>)",
      header, body);
}

TEST(Codec, WhenTheArrayCountIsWrongOrMissing_ThenTheMembersAreReadAndTheReferceeIsTold) {
  for (const std::string_view type : {R"( e:arrayType="xsd:string[7]")", R"( e:arrayType="nonsense")", ""}) {
    const auto got = decode(envelope("", fmt::format("<c:GetParameterValues><ParameterNames{}><string>A</string>"
                                                     "<string>B</string></ParameterNames></c:GetParameterValues>",
                                                     type)));
    ASSERT_TRUE(got);
    EXPECT_THAT(std::get<GetParameterValues>(got->body).names, ElementsAre("A", "B"));
    EXPECT_THAT(got->irregularities, SizeIs(1));
  }
}

TEST(Codec, WhenTheMethodIsNotKnown_ThenItsNameIsGiven) {
  const auto got = decode(envelope(R"(<c:ID s:mustUnderstand="1">x</c:ID>)", "<c:Frobnicate><A/></c:Frobnicate>"));
  ASSERT_TRUE(got);
  EXPECT_EQ(std::get<UnknownMethod>(got->body).name, "Frobnicate");
  EXPECT_EQ(got->id, "x");
}

TEST(Codec, WhenAnArgumentIsMissingOrWrong_ThenTheMessageIsInvalid) {
  for (
      const std::string_view body : {
          "<c:Reboot/>",
          "<c:GetParameterNames><ParameterPath/></c:GetParameterNames>",
          "<c:GetParameterNames><ParameterPath/><NextLevel>maybe</NextLevel></c:GetParameterNames>",
          "<c:SetParameterValues><ParameterKey/></c:SetParameterValues>",
          R"(<c:SetParameterValues><ParameterList e:arrayType="x:y[1]"><P><Value/></P></ParameterList><ParameterKey/></c:SetParameterValues>)",
          "<c:GetParameterValues/>",
      }) {
    const auto got = decode(envelope("", body));
    ASSERT_TRUE(got);
    const auto* invalid = std::get_if<InvalidMessage>(&got->body);
    ASSERT_TRUE(invalid) << body;
    EXPECT_FALSE(invalid->problem.empty());
  }
}

TEST(Codec, WhenAHeaderMustBeUnderstoodAndIsNot_ThenItIsNamed) {
  const auto got =
      decode(envelope(R"(<c:Foo s:mustUnderstand="1"/><c:Bar s:mustUnderstand="0"/>)", "<c:GetRPCMethods/>"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->not_understood, "Foo");
}

TEST(Codec, WhenAnIdLacksMustUnderstand_ThenTheRefereeIsTold) {
  const auto got = decode(envelope("<c:ID>1</c:ID>", "<c:GetRPCMethods/>"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, "1");
  EXPECT_THAT(got->irregularities, ElementsAre(HasSubstr("mustUnderstand")));
}

TEST(Codec, WhenASoapFaultHasNoCwmpDetail_ThenItsCodeIsZero) {
  const auto got =
      decode(envelope("", "<s:Fault><faultcode>s:Server</faultcode><faultstring>oops</faultstring></s:Fault>"));
  ASSERT_TRUE(got);
  const auto& fault = std::get<Fault>(got->body);
  EXPECT_EQ(fault.soap_code, "Server");
  EXPECT_EQ(fault.code, 0);
  EXPECT_EQ(fault.text, "oops");
}

TEST(Codec, WhenItIsNoCwmpEnvelope_ThenTheErrorSaysWhy) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "no element"},
      {"<html><body>hello</body></html>", "html"},
      {R"(<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Body/></Envelope>)", "SOAP 1.1"},
      {R"(<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>)", "Body"},
      {envelope("", R"(<Inform xmlns="urn:dslforum-org:cwmp-2-0"/>)"), "cwmp-2-0"},
      {envelope("", "<c:GetRPCMethods>"), "mismatched"},
      {envelope("", "<d:GetRPCMethods/>"), "prefix"},
  };
  for (const auto& [xml, expected] : cases) {
    const auto got = decode(xml);
    ASSERT_FALSE(got) << xml;
    EXPECT_EQ(got.error().cause, Cause::protocol);
    EXPECT_THAT(got.error().detail, HasSubstr(expected));
  }
}

TEST(Codec, WhenTextHoldsWhatXmlForbids_ThenItIsReplaced) {
  const auto got = decode(encode({Version::v1_0, "1", {}, Reboot{std::string("a\0b\x01", 4)}}));
  ASSERT_TRUE(got);
  EXPECT_EQ(std::get<Reboot>(got->body).command_key,
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
}

}  // namespace
}  // namespace hnbemu::cwmp
