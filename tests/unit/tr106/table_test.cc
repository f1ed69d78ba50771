#include <gtest/gtest.h>

#include <cctype>
#include <random>

#include "folder.h"
#include "tr106/table_reader.h"
#include "tr106/table_writer.h"
#include "tr106/text_file.h"

namespace hnbemu::tr106 {
namespace {

constexpr auto kGolden = HNBEMU_SOURCE_DIR "/tests/unit/tr106/data/tr-900-1-1-0.table";

struct Wrong {
  const char* text;
  const char* error;
};

// For the names of tests, which CTest takes no other signs in.
void PrintTo(const Wrong& wrong, std::ostream* out) {
  for (const char* sign = wrong.text; *sign != '\0'; ++sign) *out << (std::isalnum(*sign) != 0 ? *sign : '_');
}

class WrongTable : public testing::TestWithParam<Wrong> {};

TEST_P(WrongTable, WhenRead_ThenErrorSaysFileLineAndColumn) {
  const auto table = parse_table(GetParam().text, "t");
  EXPECT_EQ(table ? "no error" : table.error().detail, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongTable,
    testing::Values(Wrong{"modle M", "t:1:1: 'modle' means nothing here; an object's path ends in '.'"},
                    Wrong{"# M\n\nA.", "t:3:1: an object needs a model above it"},
                    Wrong{"model M\n  P: int ro", "t:2:3: an indented line needs an object or a profile above it"},
                    Wrong{"model M server", "t:1:9: a model is a 'service', or there is nothing to say"},
                    Wrong{"model M\nA.\nA.", "t:3:1: A. is there already"},
                    Wrong{"model M\nA..", "t:2:1: 'A..' is no path of an object"},
                    Wrong{"model M\n{i}.", "t:2:1: '{i}.' is no path of an object"},
                    Wrong{"model M\nA. wr", "t:2:4: 'wr' says nothing of an object"},
                    Wrong{"model M\nA. entries(1)", "t:2:11: write entries(MIN:MAX) or entries(MIN:)"},
                    Wrong{"model M\nA. entries(1:x)", "t:2:11: 'x' is no number of entries"},
                    Wrong{"model M\nA. key(B", "t:2:9: '(' without ')'"},
                    Wrong{"model M\nA.\n  P int ro", "t:3:3: ':' is missing"},
                    Wrong{"model M\nA.\n  P P: int ro", "t:3:3: 'P P' is no name of a parameter"},
                    Wrong{"model M\nA.\n  P: int ro\n  P: int ro", "t:4:3: A.P is there already"},
                    Wrong{"model M\nA.\n  P: int(x) ro", "t:3:9: 'x' is no range"},
                    Wrong{"type int: int", "t:1:6: 'int' is no name of a type"},
                    Wrong{"type T int", "t:1:8: write 'type NAME: TYPE' or 'type NAME from(BASE): TYPE'"},
                    Wrong{"type T: int\ntype T: int", "t:2:6: a second type 'T'"},
                    Wrong{"type T: string rw", "t:1:16: 'rw' means nothing here"},
                    Wrong{"model M\nprofile P\n  A. needed: B", "t:3:6: 'needed' is no requirement"},
                    Wrong{"model M\nprofile P\n  A. present: B=wr",
                          "t:3:15: 'B=wr' is no parameter: write NAME, NAME=rw or NAME=once"},
                    Wrong{"source a b", "t:1:10: nothing more may stand here"}));

TEST(Table, WhenItIsTooLong_ThenItIsRefused) {
  EXPECT_FALSE(parse_table(std::string(kMaxTableBytes + 1, '#'), "t"));
  EXPECT_EQ(parse_table("\n#" + std::string(kMaxLineBytes, 'x'), "t").error().detail, "t:2:1: longer than 65536 bytes");
  EXPECT_EQ(parse_table(std::string(kMaxTableLines + 1, '\n'), "t").error().detail,
            "t:300001:1: more than 300000 lines");
}

TEST(Table, WhenLinesEndInCrLf_ThenTheyReadTheSame) {
  const auto table = parse_table("model M\r\nA.\r\n  P: string rw = x\r\n", "t");
  ASSERT_TRUE(table) << table.error().detail;
  EXPECT_EQ(table->models[0].objects[0].parameters[0].syntax.value->value, "x");
}

TEST(Table, WhenFileIsMissing_ThenErrorNamesIt) {
  EXPECT_EQ(load_table("/nonexistent/t.table").error().detail, "/nonexistent/t.table: No such file or directory");
}

TEST(Table, WhenFileIsADirectory_ThenItIsAnError) {
  EXPECT_FALSE(load_table("/"));
}

// What reading gives for damaged tables: an error with its place, or a document that is written and read again alike.
TEST(Table, WhenTablesAreDamaged_ThenReadingFailsWithAPlaceOrMeansSomething) {
  const auto golden = read_text_file(kGolden, kMaxTableBytes);
  ASSERT_TRUE(golden) << golden.error().detail;
  std::mt19937 random(1);
  const auto any = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  constexpr std::string_view kSigns = " \n\t()[]{}'\"\\|:/.=#,-0aA\x80\xff";
  std::size_t read_well = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto text = *golden;
    for (auto changes = 1 + any(4); changes > 0; --changes) {
      const auto at = any(text.size());
      const auto length = std::min(1 + any(12), text.size() - at);
      if (any(3) == 0) {
        text.erase(at, length);
      } else if (any(2) == 0) {
        text.insert(any(text.size()), text.substr(at, length));
      } else {
        text[at] = kSigns[any(kSigns.size())];
      }
    }
    const auto table = parse_table(text, "t");
    if (!table) {
      ASSERT_EQ(table.error().detail.rfind("t:", 0), 0u) << table.error().detail;
      continue;
    }
    ++read_well;
    const auto again = parse_table(write_table(*table), "t");
    ASSERT_TRUE(again) << again.error().detail << "\n" << text;
    ASSERT_TRUE(*again == *table) << text;
  }
  EXPECT_GT(read_well, 100u);
}

}  // namespace
}  // namespace hnbemu::tr106
