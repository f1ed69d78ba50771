#include "adapters/dns/cares_lookup.h"

#include <gmock/gmock.h>

#include "integration/diagnostics/hops.h"

namespace hnbemu::netns {
namespace {

constexpr const char* kRecords =
    "port=53\nlisten-address=192.0.2.5\nbind-interfaces\nuser=root\ngroup=root\npid-file=\nno-resolv\nno-hosts\n"
    "host-record=h.example,192.0.2.5\ncname=alias.example,h.example\naddress=/nowhere.example/\n";

class NameLookupTest : public HopsTest {
 protected:
  void SetUp() override {
    HopsTest::SetUp();
    if (IsSkipped()) return;
    const auto configuration = file("dnsmasq.conf", kRecords);
    ASSERT_TRUE(serve({"/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=" + configuration}, 53));
  }
  Result<NameAnswer> ask(const std::string& name, const char* server = kHost, Millis wait = Seconds{5}) {
    dns::CaresLookup lookup(io_.get_executor(), device());
    return run(lookup.look_up(name, ip(server), path(), in(wait)));
  }
};

TEST_F(NameLookupTest, WhenAServerKnowsTheName_ThenItsAnswerIsWhole) {
  const auto answer = ask("h.example");
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_EQ(answer->code, NameAnswer::Code::answered);
  EXPECT_EQ(answer->name, "h.example");
  EXPECT_THAT(answer->addresses, testing::ElementsAre(ip(kHost)));
  EXPECT_GT(answer->time.count(), 0);
}

TEST_F(NameLookupTest, WhenTheNameIsAnAlias_ThenTheHostsOwnIsGiven) {
  EXPECT_EQ(ask("alias.example").value().name, "h.example");
}

TEST_F(NameLookupTest, WhenTheNameIsUnknown_ThenTheServerSaysSo) {
  EXPECT_EQ(ask("nowhere.example").value().code, NameAnswer::Code::no_such_name);
}

TEST_F(NameLookupTest, WhenTheServerRefuses_ThenThatIsItsAnswer) {
  EXPECT_EQ(ask("other.test").value().code, NameAnswer::Code::refused);
}

TEST_F(NameLookupTest, WhenTheServerIsSilent_ThenItIsATimeout) {
  const auto answer = ask("h.example", kSilent, Millis{300});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().cause, Cause::timeout);
}

TEST_F(NameLookupTest, WhenNoServerListensThere_ThenItCannotBeReached) {
  const auto answer = ask("h.example", kSecondRouter);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().cause, Cause::network) << answer.error().to_string();
}

TEST_F(NameLookupTest, WhenAnAddressHasAName_ThenItIsFound) {
  dns::CaresLookup lookup(io_.get_executor(), device());
  EXPECT_EQ(run(lookup.name_of(ip(kHost), path(), in(Seconds{5}))).value_or("none"), "h.example");
  EXPECT_FALSE(run(lookup.name_of(ip("192.0.2.77"), path(), in(Seconds{5}))));
}

}  // namespace
}  // namespace hnbemu::netns
