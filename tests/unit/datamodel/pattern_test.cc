#include "datamodel/pattern.h"

#include <gmock/gmock.h>

#include "datamodel/model_builder.h"
#include "datamodel/value.h"

namespace hnbemu::datamodel {
namespace {

using ::testing::HasSubstr;

bool fits(const Facets& facets, std::string_view text) {
  return conform(Type::string, facets, text).has_value();
}

Facets with_patterns(std::vector<Pattern> patterns) {
  Facets facets;
  facets.patterns = std::move(patterns);
  return facets;
}

// XML Schema Part 2, appendix F: the whole value matches.
TEST(Pattern, WhenItMatchesPartOfValue_ThenValueDoesNotFit) {
  const Pattern hex("[0-9A-F]{6}");
  EXPECT_TRUE(hex.matches("00A0C9"));
  EXPECT_FALSE(hex.matches("00A0C9F"));
  EXPECT_FALSE(hex.matches(" 00A0C9"));
  EXPECT_FALSE(hex.matches("00A0C9\n"));
  EXPECT_FALSE(Pattern("a|bc").matches("abc"));
  EXPECT_TRUE(Pattern("").matches(""));
  EXPECT_FALSE(Pattern("").matches("x"));
}

TEST(Pattern, WhenSyntaxIsOfXmlSchemaAlone_ThenItMeansWhatItMeansThere) {
  EXPECT_TRUE(Pattern("^a$").matches("^a$"));
  EXPECT_FALSE(Pattern("^a$").matches("a"));
  EXPECT_TRUE(Pattern("\\d+").matches("\xD9\xA1"));  // ARABIC-INDIC DIGIT ONE
  EXPECT_FALSE(Pattern("\\w+").matches("a_b"));      // punctuation is no word
  EXPECT_TRUE(Pattern("\\i\\c*").matches("Name-1.x"));
  EXPECT_FALSE(Pattern("\\i\\c*").matches("1Name"));
  EXPECT_TRUE(Pattern("[\\i-]+").matches("a-b"));
  EXPECT_FALSE(Pattern("a.b").matches("a\nb"));
  EXPECT_TRUE(Pattern("\\p{Lu}+").matches("\xC3\x84"));
  EXPECT_TRUE(Pattern("[^\\s,]+").matches("a;b"));
  EXPECT_FALSE(Pattern("[^\\s,]+").matches("a,b"));
  EXPECT_TRUE(Pattern("X\\-\\[\\]\\{1\\}").matches("X-[]{1}"));
}

// As the Broadband Forum's data models have them.
TEST(Pattern, WhenItIsOfAStandardModel_ThenItCompiles) {
  for (const char* text :
       {"([0-9A-Fa-f][0-9A-Fa-f]:){5}([0-9A-Fa-f][0-9A-Fa-f])", "\\d+(\\.\\d+)*", "([0-7],[0-1],){7}[0-7],[0-1]",
        "urn:[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]:.+", "([0-9]{1,15}?[BKMGT])", "X [0-9A-F]{6} .*",
        "/(3[0-2]|[012]?[0-9])", "[A-Z][A-Z][ OI]", "([0-9]|[1-5][0-9]|6[0-3]):[0-7]"}) {
    EXPECT_EQ(Pattern(text).error(), "") << text;
  }
}

TEST(Pattern, WhenItCannotBeHad_ThenBuilderNamesPathAndPattern) {
  const auto error_of = [](std::string pattern) {
    ModelBuilder builder;
    const auto added = builder.add_parameter({.path = "Device.A.B", .facets = with_patterns({pattern})});
    return added ? "" : added.error().detail;
  };
  EXPECT_EQ(error_of("[a-z-[aeiou]]"), "Device.A.B: pattern '[a-z-[aeiou]]': class subtraction is not supported");
  EXPECT_EQ(error_of("\\p{IsGreek}"), "Device.A.B: pattern '\\p{IsGreek}': Unicode blocks are not supported");
  EXPECT_EQ(error_of("(?i)a"), "Device.A.B: pattern '(?i)a': '(?' is not of XML Schema");
  for (const char* wrong : {"(", "[a", "[]", "a**", "\\", "\\Qx\\E", "\\1", "a{2000}", "[z-a]", "[[:alpha:]]"}) {
    EXPECT_THAT(error_of(wrong), HasSubstr("Device.A.B: pattern '")) << wrong;
    EXPECT_FALSE(Pattern(wrong).matches("a")) << wrong;
  }
  EXPECT_THAT(error_of(std::string(kMaxPatternBytes + 1, 'a')), HasSubstr("longer than 1024 bytes"));
}

TEST(Pattern, WhenSeveralAreGiven_ThenOneIsEnough) {
  const Facets facets = with_patterns({"", "[0-9A-F]{6}"});
  EXPECT_TRUE(fits(facets, ""));
  EXPECT_TRUE(fits(facets, "00A0C9"));
  EXPECT_FALSE(fits(facets, "none"));
}

TEST(Pattern, WhenEnumerationIsGivenToo_ThenEitherIsEnough) {
  Facets facets = with_patterns({"X [0-9A-F]{6} .*"});
  facets.enumeration = {"1 Firmware Upgrade Image"};
  EXPECT_TRUE(fits(facets, "1 Firmware Upgrade Image"));
  EXPECT_TRUE(fits(facets, "X 00A0C9 Licence"));
  EXPECT_FALSE(fits(facets, "2 Web Content"));
  facets.sizes = {{0, 10}};
  EXPECT_FALSE(fits(facets, "X 00A0C9 Licence")) << "the size holds beside them";
}

TEST(Pattern, WhenParameterIsList_ThenItemsMatchNotTheWhole) {
  Facets facets = with_patterns({"[0-9]{1,3}"});
  facets.list_items = Size{0, 3};
  EXPECT_TRUE(fits(facets, "1, 22 ,333"));
  EXPECT_TRUE(fits(facets, ""));
  EXPECT_FALSE(fits(facets, "1,2222"));
  EXPECT_FALSE(fits(facets, "1,,2"));
  EXPECT_FALSE(fits(facets, "1,2,3,4"));
}

TEST(Pattern, WhenValueIsHuge_ThenItIsRefusedWithoutMatching) {
  EXPECT_TRUE(Pattern("a*").matches(std::string(kMaxMatchedBytes, 'a')));
  EXPECT_FALSE(Pattern("a*").matches(std::string(kMaxMatchedBytes + 1, 'a')));
  EXPECT_FALSE(Pattern("(a*)*b").matches(std::string(kMaxMatchedBytes, 'a')));
}

}  // namespace
}  // namespace hnbemu::datamodel
