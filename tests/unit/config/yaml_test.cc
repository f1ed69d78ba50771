#include "config/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "config/suggest.h"

namespace hnbemu::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string parse_error(std::string_view text) {
  const auto root = yaml::parse(text, "f.yaml");
  return root ? "" : root.error().detail;
}

// Reads `text` as a map with a few keys of each type, and gives the problems.
std::vector<std::string> problems_of(std::string_view text) {
  const auto root = yaml::parse(text, "f.yaml");
  if (!root) return {root.error().detail};
  yaml::Problems problems;
  yaml::Map map(**root, problems, "a group");
  map.integer("count", {1, 1000}, 1);
  map.required_text("name");
  map.flag("enable", false);
  map.number("latitude", {-90, 90}, 0);
  map.texts("tags");
  map.choice("ipsec", {"lab", "none"}, "lab");
  map.finish();
  return problems.list();
}

TEST(Yaml, WhenKeyIsMisspelt_ThenPlaceAndSuggestionAreGiven) {
  EXPECT_THAT(problems_of("name: x\n\n  \ncoutn: 3\n"),
              ElementsAre("f.yaml:4:1: unknown key 'coutn', did you mean 'count'?"));
}

TEST(Yaml, WhenKeyIsLikeNoOther_ThenKnownKeysAreListed) {
  EXPECT_THAT(problems_of("name: x\nzzzzzz: 3\n"),
              ElementsAre(HasSubstr("unknown key 'zzzzzz'; a group has count, name, enable")));
}

TEST(Yaml, WhenTypesAreWrong_ThenEachIsReportedAtItsPlace) {
  EXPECT_THAT(
      problems_of("name: [1]\ncount: three\nenable: 'true'\nlatitude: north\ntags: x\nipsec: lob\n"),
      ElementsAre("f.yaml:2:8: 'count' must be a whole number, not 'three'",
                  "f.yaml:1:7: 'name' must be text, not a list",
                  "f.yaml:3:9: 'enable' must be true or false, not 'true'",
                  "f.yaml:4:11: 'latitude' must be a number, not 'north'", "f.yaml:5:7: 'tags' must be a list, not 'x'",
                  "f.yaml:6:8: 'ipsec' must be one of lab, none, not 'lob', did you mean 'lab'?"));
}

TEST(Yaml, WhenNumbersAreOutOfRange_ThenRangeIsTold) {
  EXPECT_THAT(problems_of("name: x\ncount: 0\nlatitude: 90.5\n"),
              ElementsAre("f.yaml:2:8: 'count' must be from 1 to 1000, not 0",
                          "f.yaml:3:11: 'latitude' must be from -90 to 90, not 90.5"));
}

TEST(Yaml, WhenNumberIsQuoted_ThenItIsText) {
  EXPECT_THAT(problems_of("name: 0042\ncount: '3'\n"),
              ElementsAre("f.yaml:2:8: 'count' must be a whole number, not '3'"));
}

TEST(Yaml, WhenRequiredKeyIsMissingOrEmpty_ThenItIsReported) {
  EXPECT_THAT(problems_of("count: 1\n"), ElementsAre("f.yaml:1:1: a group needs the key 'name'"));
  EXPECT_THAT(problems_of("name: ''\n"), ElementsAre("f.yaml:1:7: 'name' is empty"));
  EXPECT_THAT(problems_of("name:\n"), ElementsAre(HasSubstr("'name' must be text, not nothing")));
}

TEST(Yaml, WhenRootIsNoMap_ThenItIsReportedOnce) {
  EXPECT_THAT(problems_of("- 1\n"), ElementsAre("f.yaml:1:1: a group must be a map of keys and values, not a list"));
}

TEST(Yaml, WhenKeyIsThereTwice_ThenSecondPlaceIsTold) {
  EXPECT_EQ(parse_error("a: 1\nb: {c: 1, c: 2}\n"), "f.yaml:2:11: key 'c' is here twice");
}

TEST(Yaml, WhenSyntaxIsBroken_ThenPlaceIsTold) {
  EXPECT_THAT(parse_error("a: [1, 2\nb: 3\n"), HasSubstr("f.yaml:2:"));
  EXPECT_THAT(parse_error("a: {\n"), HasSubstr("not YAML"));
  EXPECT_EQ(parse_error(""), "f.yaml: the file is empty");
  EXPECT_EQ(parse_error("a: 1\n---\nb: 2\n"), "f.yaml:3:1: a second document; one is expected");
}

TEST(Yaml, WhenAliasesMultiply_ThenFileIsRefusedBeforeExpansion) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb +=
        fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  }
  EXPECT_THAT(parse_error(bomb), HasSubstr("more than 1000000 values, aliases expanded"));
  EXPECT_THAT(parse_error("a: &a [*a]\n"), HasSubstr("an alias inside its own anchor"));
}

TEST(Yaml, WhenNestedTooDeeply_ThenFileIsRefused) {
  EXPECT_THAT(parse_error(std::string(65, '[') + std::string(65, ']')), HasSubstr("nested deeper than 64 levels"));
  EXPECT_NE(parse_error(std::string(100'000, '[')), "");
  EXPECT_NE(parse_error(std::string(100'000, '{')), "");
}

TEST(Yaml, WhenFileIsTooLarge_ThenItIsRefused) {
  EXPECT_EQ(parse_error(std::string(yaml::kMaxFileBytes + 1, '#')), "f.yaml: larger than 16 MiB");
}

TEST(Yaml, WhenFileIsMissing_ThenErrorSaysSo) {
  const auto root = yaml::load("/nonexistent/fleet.yaml");
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().detail, "/nonexistent/fleet.yaml: cannot open: No such file or directory");
  EXPECT_EQ(root.error().cause, Cause::configuration);
}

TEST(Suggestion, WhenNameIsNear_ThenItIsGiven) {
  EXPECT_EQ(suggestion("umts_hnb", {"lte-henb", "umts-hnb"}), ", did you mean 'umts-hnb'?");
  EXPECT_EQ(suggestion("COUNT", {"count"}), ", did you mean 'count'?");
  EXPECT_EQ(suggestion("completely", {"count", "name"}), "");
}

}  // namespace
}  // namespace hnbemu::config
