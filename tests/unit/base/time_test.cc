#include "base/time.h"

#include <gtest/gtest.h>

namespace hnbemu {
namespace {

using namespace std::chrono_literals;

TEST(DateTime, WhenParsedAndPrinted_ThenTheTextIsTheSame) {
  for (const char* text :
       {"2026-02-28T23:59:59Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2024-02-29T12:00:00.250000Z"}) {
    const auto time = parse_date_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_date_time(*time), text);
  }
}

TEST(DateTime, WhenAZoneIsGiven_ThenTheTimeIsUtc) {
  EXPECT_EQ(to_date_time(*parse_date_time("2026-03-01T01:00:00+02:00")), "2026-02-28T23:00:00Z");
  EXPECT_EQ(to_date_time(*parse_date_time("2026-03-01T01:00:00-05:30")), "2026-03-01T06:30:00Z");
  EXPECT_EQ(to_date_time(*parse_date_time("2026-03-01T01:00:00")), "2026-03-01T01:00:00Z");
}

TEST(DateTime, WhenTheTextIsNoDate_ThenNothingIsParsed) {
  for (const char* text : {"", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T25:00:00Z",
                           "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+2", "tomorrow"}) {
    EXPECT_FALSE(parse_date_time(text)) << text;
  }
}

}  // namespace
}  // namespace hnbemu
