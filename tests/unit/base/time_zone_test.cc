#include "base/time_zone.h"

#include <gtest/gtest.h>

namespace hnbemu {
namespace {

std::string shown(std::string_view zone, std::string_view utc) {
  const auto parsed = TimeZone::parse(zone);
  return parsed ? parsed->to_date_time(parse_date_time(utc).value()) : "(no zone)";
}

TEST(TimeZone, WhenNothingIsSaid_ThenItIsUtc) {
  EXPECT_EQ(TimeZone().to_date_time(*parse_date_time("2026-07-01T12:00:00.5Z")), "2026-07-01T12:00:00Z");
  EXPECT_EQ(shown("UTC0", "2026-07-01T12:00:00Z"), "2026-07-01T12:00:00Z");
  EXPECT_EQ(shown("+00:00", "2026-07-01T12:00:00Z"), "2026-07-01T12:00:00Z");
}

TEST(TimeZone, WhenItIsAnOffset_ThenEastIsAhead) {
  EXPECT_EQ(shown("+05:30", "2026-07-01T20:00:00Z"), "2026-07-02T01:30:00+05:30");
  EXPECT_EQ(shown("-03:00", "2026-07-01T01:00:00Z"), "2026-06-30T22:00:00-03:00");
}

TEST(TimeZone, WhenItIsPosix_ThenWestIsPositive) {
  EXPECT_EQ(shown("EST5", "2026-07-01T12:00:00Z"), "2026-07-01T07:00:00-05:00");
  EXPECT_EQ(shown("<+0330>-3:30", "2026-07-01T12:00:00Z"), "2026-07-01T15:30:00+03:30");
}

TEST(TimeZone, WhenSummerTimeBeginsAndEnds_ThenTheOffsetChangesInThatSecond) {
  constexpr auto kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";
  EXPECT_EQ(shown(kBerlin, "2026-03-29T00:59:59Z"), "2026-03-29T01:59:59+01:00");
  EXPECT_EQ(shown(kBerlin, "2026-03-29T01:00:00Z"), "2026-03-29T03:00:00+02:00");
  EXPECT_EQ(shown(kBerlin, "2026-10-25T00:59:59Z"), "2026-10-25T02:59:59+02:00");
  EXPECT_EQ(shown(kBerlin, "2026-10-25T01:00:00Z"), "2026-10-25T02:00:00+01:00");
}

TEST(TimeZone, WhenSummerIsOverTheNewYear_ThenJanuaryIsSummer) {
  constexpr auto kSydney = "AEST-10AEDT,M10.1.0,M4.1.0/3";
  EXPECT_EQ(shown(kSydney, "2026-01-15T00:00:00Z"), "2026-01-15T11:00:00+11:00");
  EXPECT_EQ(shown(kSydney, "2026-07-15T00:00:00Z"), "2026-07-15T10:00:00+10:00");
  EXPECT_EQ(shown(kSydney, "2026-12-31T23:30:00Z"), "2027-01-01T10:30:00+11:00");
}

TEST(TimeZone, WhenDaysAreCounted_ThenLeapYearsAreMinded) {
  constexpr auto kJulian = "AAA0BBB,J60/0,J300/0";  // J60: 1 March in every year
  EXPECT_EQ(shown(kJulian, "2024-02-29T23:59:59Z"), "2024-02-29T23:59:59Z");
  EXPECT_EQ(shown(kJulian, "2024-03-01T00:00:00Z"), "2024-03-01T01:00:00+01:00");
  EXPECT_EQ(shown("AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z"), "2024-02-29T01:00:00+01:00");
}

TEST(TimeZone, WhenNamesAreApart_ThenItIsReadAsTr069WritesIt) {
  EXPECT_EQ(TimeZone::parse("EST+5 EDT,M4.1.0/2,M10.5.0/2"), TimeZone::parse("EST5EDT,M4.1.0/2,M10.5.0/2"));
  EXPECT_EQ(shown("EST+5 EDT,M4.1.0/2,M10.5.0/2", "2026-07-01T12:00:00Z"), "2026-07-01T08:00:00-04:00");
}

TEST(TimeZone, WhenChangeIsDaysAway_ThenTheTimeOfTheRuleMayBeLarge) {
  EXPECT_EQ(shown("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z"), "2026-03-29T00:00:00-01:00");
  EXPECT_TRUE(TimeZone::parse("IST-2IDT,M3.4.4/26,M10.5.0"));
}

TEST(TimeZone, WhenTextIsNoZone_ThenThereIsNone) {
  for (const auto* const text :
       {"", "E5", "EST", "EST25", "EST5:60", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,J0,J10", "EST5EDT,J366,J10", "EST5EDT,M3.2.0,M11.1.0x", "EST5EDT,M3.2.0/168,M11.1.0", "<A>5", "<AAA5",
        "+15:00", "EST-15", "Europe/London", "EST5EDT,99999999999999999999,1", "+1:2:3:4"}) {
    EXPECT_FALSE(TimeZone::parse(text)) << text;
  }
  EXPECT_FALSE(TimeZone::parse("UTC0" + std::string(300, ' ')));
}

}  // namespace
}  // namespace hnbemu
