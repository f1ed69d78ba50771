#include "httpauth/digest.h"

#include <gmock/gmock.h>

namespace hnbemu::httpauth {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string nonce_in(const std::string& challenge) {
  const std::size_t begin = challenge.find("nonce=\"") + 7;
  return challenge.substr(begin, challenge.find('"', begin) - begin);
}

const Deadline kNow{std::chrono::hours(1)};

// The examples of RFC 2617 3.5 and RFC 7616 3.9.1.
TEST(DigestServerTest, WhenCredentialsAreThoseOfTheStandardsExamples_ThenTheyProveThePassword) {
  const auto md5 = digest_credentials(
      R"(Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", )"
      R"(uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", )"
      R"(response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41")");
  ASSERT_TRUE(md5);
  const DigestServer old("testrealm@host.com", Algorithm::md5, Seconds{60});
  EXPECT_TRUE(old.proves(*md5, "GET", "Circle Of Life"));
  EXPECT_FALSE(old.proves(*md5, "POST", "Circle Of Life"));
  EXPECT_FALSE(old.proves(*md5, "GET", "Circle of Life"));

  const auto sha = digest_credentials(
      R"(Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256, )"
      R"(nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, )"
      R"(cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, )"
      R"(response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")");
  ASSERT_TRUE(sha);
  EXPECT_TRUE(
      DigestServer("http-auth@example.org", Algorithm::sha256, Seconds{60}).proves(*sha, "GET", "Circle of Life"));
}

TEST(DigestServerTest, WhenANonceIsForeignOrOld_ThenItIsNotFresh) {
  const DigestServer server("r", Algorithm::md5, Seconds{60});
  const DigestServer other("r", Algorithm::md5, Seconds{60});
  const std::string nonce = nonce_in(server.challenge(kNow, false));
  EXPECT_TRUE(server.is_fresh(nonce, kNow));
  EXPECT_TRUE(server.is_fresh(nonce, kNow + Seconds{60}));
  EXPECT_FALSE(server.is_fresh(nonce, kNow + Seconds{62}));
  EXPECT_FALSE(server.is_fresh(nonce, kNow - Seconds{2}));
  EXPECT_FALSE(other.is_fresh(nonce, kNow));
  EXPECT_FALSE(server.is_fresh("", kNow));
  EXPECT_FALSE(server.is_fresh("e10-", kNow));
}

TEST(DigestServerTest, WhenTheNonceWasStale_ThenTheChallengeSaysSo) {
  const DigestServer server("r", Algorithm::md5, Seconds{60});
  EXPECT_THAT(server.challenge(kNow, true), HasSubstr("stale=true"));
  EXPECT_THAT(server.challenge(kNow, false), Not(HasSubstr("stale")));
}

TEST(DigestCredentialsTest, WhenTheHeaderIsOfAnotherScheme_ThenThereAreNone) {
  for (const char* header : {"", "Digest", "Basic dTpw", "Digestnonce=1", "Digest\tnonce=1"}) {
    EXPECT_FALSE(digest_credentials(header)) << header;
  }
}

TEST(DigestCredentialsTest, WhenTheHeaderIsGarbage_ThenWhatIsMissingIsEmpty) {
  for (const char* header :
       {"Digest ", "Digest =", "Digest nonce=\"", "Digest nonce=\"\\", "dIGEST ,,,=,=", "Digest a"}) {
    const auto credentials = digest_credentials(header);
    ASSERT_TRUE(credentials) << header;
    EXPECT_EQ(credentials->response, "") << header;
  }
  EXPECT_EQ(digest_credentials(R"(Digest username="a \"b\" \\, c=d")")->username, R"(a "b" \, c=d)");
}

}  // namespace
}  // namespace hnbemu::httpauth
