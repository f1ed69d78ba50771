#include "radio/choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace hnbemu::radio {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
constexpr auto kUmts = RadioTechnology::umts;
constexpr auto kLte = RadioTechnology::lte;
constexpr std::uint32_t kChannel = 1'750;

Candidates candidates(std::string_view list) {
  return parse_candidates(list, 65'535).value();
}

TEST(Candidates, WhenListHasValuesAndRanges_ThenAllCount) {
  EXPECT_THAT(candidates("201,202,203").values, ElementsAre(201, 202, 203));
  EXPECT_THAT(candidates("10..12, 50").values, ElementsAre(10, 11, 12, 50));
  EXPECT_TRUE(candidates("7,10..12").first_is_preferred);
  EXPECT_FALSE(candidates("10..12,50").first_is_preferred);
}

TEST(Candidates, WhenListIsWrong_ThenTheItemIsNamed) {
  EXPECT_EQ(parse_candidates("", 503).error().detail, "the list is empty");
  for (const auto* const list : {"1,x", "1,504", "1,5..3", "1,", "1,..", "1,-1", "1,2..x", "1,99999999999"}) {
    const auto parsed = parse_candidates(list, 503);
    if (std::string_view(list) == "1,") {
      EXPECT_TRUE(parsed);  // a comma at the end
      continue;
    }
    ASSERT_FALSE(parsed) << list;
    EXPECT_THAT(parsed.error().detail, HasSubstr("item 2 is no number or range from 0 to 503"));
  }
}

TEST(Candidates, WhenListIsHuge_ThenItIsRefused) {
  EXPECT_THAT(parse_candidates("0..4294967295", UINT32_MAX).error().detail, HasSubstr("more than 1024 values"));
  EXPECT_THAT(parse_candidates("0..900,0..900", 65'535).error().detail, HasSubstr("more than 1024 values"));
  EXPECT_EQ(candidates("0..1023").values.size(), kMaxCandidates);
}

TEST(ChooseChannel, WhenOneIsQuieter_ThenItIsTaken) {
  const Neighbour around[] = {{10'562, 1, -70}, {10'580, 2, -80}, {10'612, 3, -75}};
  EXPECT_EQ(choose_channel(kUmts, candidates("10562,10612,10587"), {}, around), 10'587u);  // 10587 hears 10580
  const Neighbour all[] = {{10'562, 1, -70}, {10'587, 2, -80}, {10'612, 3, -100}};
  EXPECT_EQ(choose_channel(kUmts, candidates("10562,10587,10612"), {}, all), 10'612u);
}

TEST(ChooseChannel, WhenAllAreAsQuiet_ThenTheFirstIsTaken) {
  EXPECT_EQ(choose_channel(kLte, candidates("1800,1750"), {"3"}, {}), 1'800u);
}

TEST(ChooseChannel, WhenNoneIsInASupportedBand_ThenItSaysWhichAre) {
  EXPECT_EQ(choose_channel(kLte, candidates("3000,1750"), {"3"}, {}), 1'750u);
  const auto none = choose_channel(kLte, candidates("3000,6200"), {"1", "3"}, {});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().detail, HasSubstr("supports (1, 3)"));
}

TEST(ChooseCode, WhenANeighbourHasOne_ThenAnotherIsTaken) {
  const Neighbour around[] = {{kChannel, 201, -90}, {kChannel, 204, -90}, {300, 202, -60}};
  EXPECT_EQ(choose_code(kLte, kChannel, candidates("201,204,202"), around, 1), 202u);  // that is on another channel
}

TEST(ChooseCode, WhenAllAreTaken_ThenThereIsNoChoice) {
  const Neighbour around[] = {{kChannel, 1, -90}, {kChannel, 2, -120}};
  const auto none = choose_code(kLte, kChannel, candidates("1,2"), around, 1);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().detail, "neighbours on channel 1750 have them all");
}

// TS 36.211 6.11.1: the primary synchronization signal is PCI mod 3.
TEST(ChooseCode, WhenSeveralAreFree_ThenOneWithTheWeakestPssIsTaken) {
  const Neighbour around[] = {{kChannel, 300, -70}, {kChannel, 301, -110}, {kChannel, 302, -90}};
  EXPECT_EQ(choose_code(kLte, kChannel, candidates("3,4,5"), around, 1), 4u);
}

TEST(ChooseCode, WhenAllAreAsGood_ThenTheOnePreferredByTheHmsIsTaken) {
  EXPECT_EQ(choose_code(kLte, kChannel, candidates("203,201,202"), {}, 1), 203u);
}

TEST(ChooseCode, WhenAllAreAsGoodAndNoneIsPreferred_ThenSeedsSpreadThem) {
  std::set<std::uint32_t> chosen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto code = choose_code(kUmts, kChannel, candidates("20..40"), {}, seed);
    EXPECT_EQ(*code, choose_code(kUmts, kChannel, candidates("20..40"), {}, seed).value());
    chosen.insert(*code);
  }
  EXPECT_GT(chosen.size(), 10u);
}

}  // namespace
}  // namespace hnbemu::radio
