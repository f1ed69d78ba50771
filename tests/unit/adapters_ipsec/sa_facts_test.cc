#include "adapters/ipsec/sa_facts.h"

#include <gtest/gtest.h>

namespace hnbemu::ipsec {
namespace {

using generators::Nat;

constexpr WallTime kNow = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

vici::Section told_sa(const std::string& age) {
  vici::Section sa;
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{{"state", "ESTABLISHED"},
                                                                                   {"encr-alg", "AES_CBC"},
                                                                                   {"encr-keysize", "256"},
                                                                                   {"integ-alg", "HMAC_SHA2_256_128"},
                                                                                   {"prf-alg", "PRF_HMAC_SHA2_256"},
                                                                                   {"dh-group", "ECP_256"},
                                                                                   {"nat-local", "yes"},
                                                                                   {"established", age}}) {
    sa.set(key, value);
  }
  auto& children = sa.add("child-sas");
  const auto add = [&](const std::string& name, const std::string& state, const std::string& spi) {
    auto& child = children.add(name);
    child.set("state", state);
    child.set("spi-in", spi);
    child.set("spi-out", "0000000a");
    child.set("bytes-in", "20");
    child.set("bytes-out", "5000000000");
    child.set("packets-in", "2");
    child.set("packets-out", "1");
    child.set("install-time", age);
  };
  add("serving-1", "REKEYED", "c0000001");
  add("serving-2", "INSTALLED", "c0000002");
  return sa;
}

TEST(SaFacts, WhenSaIsListed_ThenFactsHaveTheNamesOfTr181) {
  generators::IkeSa sa;
  read_sa(told_sa("10"), kNow + Seconds(10), sa);
  EXPECT_EQ(sa.created, kNow);
  EXPECT_EQ(sa.nat, Nat::local);
  EXPECT_EQ(sa.encryption, "AES-CBC");
  EXPECT_EQ(sa.key_length, 256U);
  EXPECT_EQ(sa.integrity, "HMAC-SHA2-256-128");
  EXPECT_EQ(sa.pseudo_random_function, "HMAC-SHA2-256");
  EXPECT_EQ(sa.diffie_hellman_group, "ECP-256");
  ASSERT_EQ(sa.children.size(), 1U);
  EXPECT_EQ(sa.children[0].inbound_spi, 0xc0000002U);
  EXPECT_EQ(sa.children[0].outbound_spi, 10U);
  EXPECT_EQ(sa.children[0].created, kNow);
  EXPECT_EQ(sa.children[0].traffic, (generators::Traffic{5'000'000'000, 20, 1, 2}));
}

TEST(SaFacts, WhenAgesAreRounded_ThenTimesStayAsTheyWere) {
  generators::IkeSa sa;
  read_sa(told_sa("10"), kNow + Seconds(10), sa);
  read_sa(told_sa("19"), kNow + Seconds(20), sa);
  EXPECT_EQ(sa.created, kNow);
  EXPECT_EQ(sa.children.at(0).created, kNow);
  read_sa(told_sa("0"), kNow + Seconds(30), sa);  // rekeyed
  EXPECT_EQ(sa.created, kNow + Seconds(30));
}

TEST(SaFacts, WhenNothingIsTold_ThenNothingIsMadeUp) {
  generators::IkeSa sa;
  read_sa({}, kNow, sa);
  EXPECT_EQ(sa.nat, Nat::none);
  EXPECT_EQ(sa.encryption, "");
  EXPECT_EQ(sa.integrity, "NONE");
  EXPECT_TRUE(sa.children.empty());
}

}  // namespace
}  // namespace hnbemu::ipsec
