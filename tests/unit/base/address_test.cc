#include "base/address.h"

#include <gtest/gtest.h>

namespace hnbemu {
namespace {

TEST(IpAddress, WhenParsedAndPrinted_ThenTheTextIsTheSame) {
  for (const char* text : {"0.0.0.0", "100.64.0.1", "255.255.255.255", "2001:db8::1"}) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), text);
  }
}

TEST(IpAddress, WhenTheTextIsNoAddress_ThenNothingIsParsed) {
  for (const char* text : {"", "1.2.3", "1.2.3.256", "segw.example.net", "1.2.3.4 "})
    EXPECT_FALSE(IpAddress::parse(text));
}

TEST(Prefix, WhenTheLengthIsMissing_ThenItIsOneAddress) {
  EXPECT_EQ(Prefix::parse("10.0.0.1")->length, 32u);
}

TEST(Prefix, WhenTheLengthIsWrong_ThenTheErrorSaysWhatIsAllowed) {
  for (const char* text : {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0/"}) {
    const auto prefix = Prefix::parse(text);
    ASSERT_FALSE(prefix) << text;
    EXPECT_NE(prefix.error().detail.find("0 to 32"), std::string::npos) << prefix.error().detail;
  }
}

TEST(Prefix, WhenAnAddressIsInside_ThenItIsContained) {
  const auto pool = *Prefix::parse("100.64.0.0/10");
  EXPECT_TRUE(pool.contains(*IpAddress::parse("100.127.255.255")));
  EXPECT_FALSE(pool.contains(*IpAddress::parse("100.128.0.0")));
  EXPECT_TRUE(Prefix::parse("0.0.0.0/0")->contains(*IpAddress::parse("8.8.8.8")));
}

}  // namespace
}  // namespace hnbemu
