#include "base/url.h"

#include <gtest/gtest.h>

namespace hnbemu {
namespace {

TEST(Url, WhenThePortIsLeftOut_ThenItIsTheSchemes) {
  EXPECT_EQ(Url::parse("http://acs.example.net/x")->port, 80);
  EXPECT_EQ(Url::parse("https://acs.example.net")->port, 443);
  EXPECT_EQ(Url::parse("https://acs.example.net")->target, "/");
}

TEST(Url, WhenPrinted_ThenItIsNormal) {
  EXPECT_EQ(Url::parse("HTTPS://ACS.Example.net:443/Cwmp?a=b")->to_string(), "https://acs.example.net/Cwmp?a=b");
  EXPECT_EQ(Url::parse("http://[2001:db8::1]:7547?x")->to_string(), "http://[2001:db8::1]:7547/?x");
}

TEST(Url, WhenTheTextIsNoUrl_ThenTheErrorShowsOne) {
  for (const char* text : {"", "acs.example.net", "http://", "http://a b/", "http://x:99999/", "http://x:0/"}) {
    const auto url = Url::parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().cause, Cause::configuration);
  }
}

TEST(Url, WhenAReferenceIsRelative_ThenItIsResolvedAgainstThePage) {
  const auto page = *Url::parse("http://[2001:db8::1]:7547/a/b?c");
  EXPECT_EQ(page.resolve("d")->to_string(), "http://[2001:db8::1]:7547/a/d");
  EXPECT_EQ(page.resolve("/d")->to_string(), "http://[2001:db8::1]:7547/d");
  EXPECT_EQ(page.resolve("https://acs.example.net")->to_string(), "https://acs.example.net/");
  for (const char* text : {"http://", "http://[", "//x:99999/"}) EXPECT_FALSE(page.resolve(text)) << text;
}

TEST(Url, WhenFilesAreTransferredByTheScheme_ThenTheUrlIsForFiles) {
  for (const auto* const scheme : {"http", "https", "ftp", "ftps", "SFTP"}) {
    EXPECT_TRUE(Url::parse(fmt::format("{}://files.example/a", scheme))->is_for_files()) << scheme;
  }
  EXPECT_FALSE(Url::parse("tftp://files.example/a")->is_for_files());
}

}  // namespace
}  // namespace hnbemu
