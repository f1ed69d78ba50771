#include "adapters/trace/record.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "adapters/trace/ring.h"

namespace hnbemu::trace {
namespace {

const WallTime kTime = *parse_date_time("2026-07-20T12:00:00Z");

std::string text_of(const std::string& record) {
  boost::system::error_code error;
  const auto value = boost::json::parse(record, error);
  EXPECT_FALSE(error) << error.message();
  return error ? "" : std::string(value.at("text").as_string());
}

TEST(RecordTest, WhenARecordIsMade_ThenItIsOneLineOfJson) {
  EXPECT_EQ(to_record(kTime, "soap-in", "HTTP 200\n<a b=\"1\"/>"),
            R"({"time":"2026-07-20T12:00:00Z","kind":"soap-in","text":"HTTP 200\n<a b=\"1\"/>"})");
}

TEST(RecordTest, WhenTheTextIsLong_ThenItsBeginningIsKeptAndTheRecordCanStillBeRead) {
  for (const auto* part : {"x", "\"", "\x01", "\n<Value>\"", "\xc3\xa4", "\xff"}) {
    std::string text;
    while (text.size() < 3 * kMaxRecordBytes) text += part;
    const auto record = to_record(kTime, "soap-in", text);
    EXPECT_LE(record.size(), kMaxRecordBytes);
    EXPECT_GT(record.size(), kMaxRecordBytes / 8);
    EXPECT_THAT(text_of(record), testing::EndsWith(" bytes more]"));
  }
}

TEST(RecordTest, WhenAPeerSendsBytesThatAreNoUtf8_ThenTheyAreReplacedAndTheRestStays) {
  EXPECT_EQ(text_of(to_record(kTime, "dns",
                              "a\xff"
                              "b\xc0\x80"
                              "c\xed\xa0\x80"
                              "d\xf4\x90\x80\x80"
                              "e\xe2\x82")),
            "a\ufffdb\ufffd\ufffdc\ufffd\ufffd\ufffdd\ufffd\ufffd\ufffd\ufffde\ufffd\ufffd");
  const std::string sound = "\u00e4 \u20ac \U0001F4E1 \uffff \U0010ffff";
  EXPECT_EQ(text_of(to_record(kTime, "dns", sound)), sound);
}

}  // namespace
}  // namespace hnbemu::trace
