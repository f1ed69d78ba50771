#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

std::string table() {
  auto all = rules();
  const auto key = [](const Rule& rule) {
    return std::tuple(std::string(rule.category), std::string(rule.clause), std::string(rule.name));
  };
  std::ranges::sort(all, {}, key);
  auto text = fmt::format(
      "# Conformance\n\n{} rules, one test each; `ctest -R ConformanceTest` runs them. This table is made from the "
      "tests by\n"
      "`HNBEMU_WRITE_TABLE=1 build/release/tests/conformance/conformance --gtest_filter='ConformanceTable.*'`.\n",
      all.size());
  std::string category;
  for (const auto& rule : all) {
    if (category != rule.category) {
      category = rule.category;
      text += fmt::format("\n## {}\n\n| clause | rule | test |\n| --- | --- | --- |\n", category);
    }
    text += fmt::format("| {} | {} | {} |\n", rule.clause, rule.text, rule.name);
  }
  return text;
}

TEST(ConformanceTable, WhenARuleIsAdded_ThenTheTableHasIt) {
  const std::string file = std::string(HNBEMU_SOURCE_DIR) + "/tests/conformance/README.md";
  if (std::getenv("HNBEMU_WRITE_TABLE") != nullptr) std::ofstream(file) << table();
  std::stringstream written;
  written << std::ifstream(file).rdbuf();
  EXPECT_EQ(written.str(), table()) << "make it anew with HNBEMU_WRITE_TABLE=1";
}

TEST(ConformanceTable, WhenRulesAreNamed_ThenEachNameIsOneRules) {
  std::set<std::string> names;
  for (const auto& rule : rules()) EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
}

}  // namespace
}  // namespace hnbemu::conformance
