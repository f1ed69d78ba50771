#include "files/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/text.h"

namespace hnbemu::files {
namespace {

using testing::HasSubstr;

Configuration sample() {
  return {"02A1B2",
          "LTE HeNB",
          "HENB1",
          "7",
          "a: b = c",
          "2.3.0",
          "2026-01-01T00:00:00Z",
          {{"Device.Table.", "1 2 5"},
           {"Device.Empty", ""},
           {"Device.Odd", " \\ two\nlines\r\tand a tail \x01\x7F "},
           {"Device.Text", "key: value = \xC3\xA9"}}};
}

std::string error_of(const std::string& text) {
  const auto read = parse_configuration(text);
  return read ? "" : read.error().detail;
}

TEST(ConfigurationFile, WhenWritten_ThenItIsReadAsItWas) {
  const auto read = parse_configuration(to_text(sample()));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(*read, sample());
}

TEST(ConfigurationFile, WhenEditedByHand_ThenCommentsLineEndsAndAMarkDoNotMatter) {
  const auto read = parse_configuration(
      "\xEF\xBB\xBFhnbemu vendor configuration 1\r\n# of mine\r\noui: 02A1B2\r\n\r\nA.B = 1\r\nA.C =\r\nend\r\n");
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->settings, (std::vector<datamodel::Setting>{{"A.B", "1"}, {"A.C", ""}}));
}

TEST(ConfigurationFile, WhenCutAtAnyByte_ThenItIsRefused) {
  const auto whole = to_text(sample());
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) EXPECT_FALSE(parse_configuration(whole.substr(0, size)));
}

TEST(ConfigurationFile, WhenAByteIsAnother_ThenItIsReadOrRefusedAndWhatIsReadCanBeWritten) {
  const auto whole = to_text(sample());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\0', '\n', '\\', ' ', '=', '\xFF'}) {
      auto changed = whole;
      changed[at] = byte;
      const auto read = parse_configuration(changed);
      if (!read) continue;
      EXPECT_EQ(*parse_configuration(to_text(*read)), *read);
    }
  }
}

TEST(ConfigurationFile, WhenItIsNone_ThenTheErrorSaysWhereAndWhat) {
  const std::string begin = "hnbemu vendor configuration 1\noui: 02A1B2\n";
  EXPECT_THAT(error_of("<?xml version='1.0'?>"), HasSubstr("line 1: it does not begin with"));
  EXPECT_THAT(error_of("hnbemu vendor configuration 2\nend\n"), HasSubstr("line 1"));
  EXPECT_THAT(error_of(begin + "garbage\nend\n"), HasSubstr("line 3: neither"));
  EXPECT_THAT(error_of(begin + "colour: red\nend\n"), HasSubstr("unknown key 'colour'"));
  EXPECT_THAT(error_of(begin + "oui: 02A1B2\nend\n"), HasSubstr("twice"));
  EXPECT_THAT(error_of(begin + "A = \\q\nend\n"), HasSubstr("escape"));
  EXPECT_THAT(error_of(begin + "A = \\x8\nend\n"), HasSubstr("escape"));
  EXPECT_THAT(error_of(begin + "A = 1\nend\nB = 2\n"), HasSubstr("more follows"));
  EXPECT_THAT(error_of(begin + std::string("A = \0\nend\n", 10)), HasSubstr("control character"));
  EXPECT_THAT(error_of("hnbemu vendor configuration 1\nend\n"), HasSubstr("no oui"));
  EXPECT_THAT(error_of(begin + "version: 12345678901234567\nend\n"), HasSubstr("more than 16 bytes"));
  EXPECT_THAT(error_of("\xFF\xFEhnbemu"), HasSubstr("UTF-8"));
}

TEST(ConfigurationFile, WhenTooLarge_ThenItIsNotRead) {
  EXPECT_THAT(error_of(std::string(kMaxConfigurationBytes + 1, 'x')), HasSubstr("too large"));
  std::string many = "hnbemu vendor configuration 1\noui: 02A1B2\n";
  for (std::size_t i = 0; i <= kMaxSettings; ++i) many += "A = 1\n";
  EXPECT_THAT(error_of(many + "end\n"), HasSubstr("more than 50000 settings"));
}

TEST(Utf8, WhenItIsNot_ThenItIsNot) {
  EXPECT_TRUE(is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const auto* const text : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                 "\xF8\x88\x80\x80\x80", "\xE2\x82"})
    EXPECT_FALSE(is_utf8(text));
  EXPECT_EQ(cut("a\xC3\xA9", 2), "a");
  EXPECT_EQ(cut("a\xC3\xA9", 3), "a\xC3\xA9");
}

}  // namespace
}  // namespace hnbemu::files
