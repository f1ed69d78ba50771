#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "cwmp/codec.h"
#include "sample_messages.h"

// What a hostile or broken peer may send: refused with a named cause, in bounded time and memory.
namespace hnbemu::cwmp {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

void expect_refused(std::string_view xml, Cause cause) {
  const auto start = std::chrono::steady_clock::now();
  const auto got = decode(xml);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().cause, cause) << got.error().detail;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(HostileXml, WhenEntitiesAreDeclared_ThenTheDocumentIsRefused) {
  expect_refused(R"(<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;&c;&c;</a>)",
                 Cause::protocol);
  expect_refused(R"(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)", Cause::protocol);
  expect_refused(R"(<!DOCTYPE a SYSTEM "http://127.0.0.1/evil.dtd"><a/>)", Cause::protocol);
  expect_refused("<a>&undeclared;</a>", Cause::protocol);
}

TEST(HostileXml, WhenElementsNestTooDeep_ThenTheDocumentIsRefused) {
  expect_refused(repeat("<a>", 1'000'000), Cause::resources);
}

TEST(HostileXml, WhenThereAreTooManyParameters_ThenTheDocumentIsRefused) {
  SetParameterValues set;
  set.parameters.assign(100'000, {"Device.A", "1", "xsd:int"});
  expect_refused(encode({Version::v1_0, "1", {}, set}), Cause::resources);
}

TEST(HostileXml, WhenTheDocumentOrATextIsTooLong_ThenItIsRefused) {
  expect_refused("<a>" + std::string(XmlLimits{}.bytes, 'x') + "</a>", Cause::resources);
  expect_refused("<a>" + std::string(XmlLimits{}.text_bytes + 1, 'x') + "</a>", Cause::resources);
}

TEST(HostileXml, WhenATagIsTooLong_ThenItIsRefusedBeforeItIsComplete) {
  expect_refused("<a b='" + std::string(1'000'000, 'x'), Cause::resources);
  expect_refused("<" + std::string(1'000'000, 'x'), Cause::resources);
  expect_refused("<!--" + std::string(1'000'000, 'x') + "--><a/>", Cause::resources);
}

TEST(HostileXml, WhenANamespaceIsLongAndUsedByManyAttributes_ThenTheWorkIsBounded) {
  std::string xml = "<a xmlns:n='" + std::string(12'000, 'x') + "'>";
  for (int tag = 0; tag < 1'000; ++tag) {
    xml += "<b";
    for (int i = 0; i < 800; ++i) xml += fmt::format(" n:a{}=''", i);
    xml += "/>";
  }
  expect_refused(xml, Cause::resources);
}

TEST(HostileXml, WhenManyNamespacesAreUsed_ThenTheDocumentIsRefused) {
  std::string xml = "<a>";
  for (int i = 0; i < 1'000; ++i) xml += fmt::format("<b xmlns='urn:{}'/>", i);
  expect_refused(xml + "</a>", Cause::resources);
}

TEST(HostileXml, WhenTheBytesAreNoUtf8_ThenTheDocumentIsRefused) {
  expect_refused("<a>\xFF\xFE\xFD</a>", Cause::protocol);
  expect_refused("<?xml version='1.0' encoding='EBCDIC-FOO'?><a/>", Cause::protocol);
  expect_refused(std::string_view("<a>\0</a>", 8), Cause::protocol);
}

TEST(HostileXml, WhenADocumentIsCutAtAnyByte_ThenItIsRefused) {
  for (const auto& body : test::sample_messages()) {
    const auto xml = encode({Version::v1_0, "1", true, body});
    for (std::size_t size = 0; size < xml.size(); ++size) {
      EXPECT_FALSE(decode(std::string_view(xml).substr(0, size))) << size;
    }
  }
}

TEST(HostileXml, WhenAnyByteIsChanged_ThenDecodingEnds) {
  for (const auto& body : test::sample_messages()) {
    const auto xml = encode({Version::v1_0, "1", true, body});
    for (std::size_t i = 0; i < xml.size(); ++i) {
      for (const char c : {'<', '>', '&', '"', '\0', '\xFF', 'x'}) {
        auto changed = xml;
        changed[i] = c;
        (void)decode(changed);
      }
    }
  }
}

}  // namespace
}  // namespace hnbemu::cwmp
