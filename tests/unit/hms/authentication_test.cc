#include "hms/authentication.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hnbemu::hms {
namespace {

using testing::HasSubstr;
using testing::Not;

struct DigestTest : testing::Test {
  Authenticator server{{Authentication::Scheme::digest, Authentication::Algorithm::md5, "hms", {{"u", "p"}}}};
  Findings findings;
  Deadline now{std::chrono::hours(1)};

  std::optional<std::string> challenge(const std::string& header) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/";
    if (!header.empty()) request.headers = {{"Authorization", header}};
    return server.challenge(request, now, findings);
  }
};

// That right credentials pass is shown with libcurl in server_test.cc.
TEST_F(DigestTest, WhenNonceIsNotTheServersOrTooOld_ThenChallengeSaysStale) {
  const auto first = challenge("");
  ASSERT_TRUE(first);
  EXPECT_THAT(*first, Not(HasSubstr("stale")));
  const std::size_t begin = first->find("nonce=\"") + 7;
  const std::string nonce = first->substr(begin, first->find('"', begin) - begin);
  const auto with = [](const std::string& used) {
    return fmt::format(R"(Digest username="u", nonce="{}", uri="/", qop=auth, nc=00000001, cnonce="c", response="0")",
                       used);
  };
  EXPECT_THAT(*challenge(with("1-foreign")), HasSubstr("stale=true"));
  EXPECT_TRUE(findings.all().empty());
  EXPECT_THAT(*challenge(with(nonce)), Not(HasSubstr("stale")));
  EXPECT_FALSE(findings.all().empty());
  now += Authenticator::kNonceLife + Seconds(2);
  EXPECT_THAT(*challenge(with(nonce)), HasSubstr("stale=true"));
}

TEST_F(DigestTest, WhenHeaderIsGarbage_ThenItIsChallenged) {
  for (const char* header : {"Digest", "Digest ", "Digest =", "Digest a=\"", "Digest nonce=\"\\",
                             "Digest ,,,=,=", "Basic dTpw", "Digestnonce=1"}) {
    EXPECT_TRUE(challenge(header)) << header;
  }
}

}  // namespace
}  // namespace hnbemu::hms
