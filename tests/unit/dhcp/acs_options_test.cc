#include "dhcp/acs_options.h"

#include <gmock/gmock.h>

#include "unit/dhcp/server_double.h"

namespace hnbemu::dhcp {
namespace {

constexpr const char* kUrl = "https://acs.example:7547/cwmp";

AcsOptions read(std::string vendor_specific, std::string vi_vendor_specific = "") {
  Message message;
  message.options[option::vendor_specific] = std::move(vendor_specific);
  message.options[option::vi_vendor_specific] = std::move(vi_vendor_specific);
  return acs_options(message);
}

std::string of_enterprise(std::uint32_t number, const std::string& data) {
  return to_option(number) + std::string(1, static_cast<char>(data.size())) + data;
}

TEST(AcsOptions, WhenOption43HasAll_ThenAllIsTaken) {
  const auto options = read(encapsulated({{1, kUrl}, {2, "blue"}, {3, "30"}, {4, "3000"}}));
  EXPECT_EQ(options, (AcsOptions{kUrl, "blue", 30, 3000}));
}

TEST(AcsOptions, WhenThereIsNothing_ThenNothingIsTaken) {
  EXPECT_EQ(acs_options({}), AcsOptions{});
  EXPECT_EQ(read(""), AcsOptions{});
}

TEST(AcsOptions, WhenValuesEndWithNull_ThenTheNullIsNoPartOfThem) {
  const auto options = read(encapsulated({{1, kUrl + std::string(1, '\0')}, {2, std::string("blue\0", 5)}}));
  EXPECT_EQ(options.url, kUrl);
  EXPECT_EQ(options.provisioning_code, "blue");
}

TEST(AcsOptions, WhenUrlIsNeitherHttpNorHttps_ThenItIsNotTaken) {
  for (const auto* const url : {"ftp://acs.example/", "acs.example", "", "http://", "http://a b/", "javascript:x"}) {
    EXPECT_EQ(read(encapsulated({{1, url}})).url, "") << url;
  }
  EXPECT_EQ(read(encapsulated({{1, std::string("http://a\0b/", 11)}})).url, "");
  EXPECT_EQ(read(encapsulated({{1, "http://a/\r\nX: y"}})).url, "");
  EXPECT_EQ(read(encapsulated({{1, "http://acs.example/"}})).url, "http://acs.example/");
}

TEST(AcsOptions, WhenNumbersAreNone_ThenTheyAreNotTaken) {
  for (const auto* const text : {"0", "-1", "65536", "x", "", "5s", "99999999999999999999"}) {
    EXPECT_EQ(read(encapsulated({{3, text}})).retry_minimum_wait_interval, std::nullopt) << text;
  }
  EXPECT_EQ(read(encapsulated({{4, "999"}})).retry_interval_multiplier, std::nullopt);
  EXPECT_EQ(read(encapsulated({{2, std::string(65, 'x')}})).provisioning_code, "");
}

TEST(AcsOptions, WhenListIsCutShort_ThenWhatIsWholeIsTaken) {
  const auto whole = encapsulated({{2, "blue"}, {1, kUrl}});
  for (std::size_t size = 6; size < whole.size(); ++size) {
    EXPECT_EQ(read(whole.substr(0, size)), (AcsOptions{"", "blue", {}, {}})) << size;
  }
  EXPECT_EQ(read(whole + "\xff" + encapsulated({{2, "red"}})).provisioning_code, "blue");
}

TEST(AcsOptions, WhenOption125IsOfTheForum_ThenItIsTakenInstead) {
  const auto theirs = encapsulated({{1, "http://other.example/"}});
  const auto ours = encapsulated({{1, kUrl}});
  const auto vi = of_enterprise(9, theirs) + of_enterprise(kBroadbandForum, ours);
  EXPECT_EQ(read(theirs, vi).url, kUrl);
  EXPECT_EQ(read(theirs, of_enterprise(9, ours)).url, "http://other.example/");
  EXPECT_EQ(read(theirs, vi.substr(0, vi.size() - 1)).url, "http://other.example/");
}

TEST(AcsOptions, WhenAskingByOption124_ThenItNamesTheForum) {
  EXPECT_EQ(cwmp_vi_class(), std::string("\0\0\x0d\xe9\x0c", 5) + "dslforum.org");
}

}  // namespace
}  // namespace hnbemu::dhcp
