#include "base/hash.h"

#include <gtest/gtest.h>

namespace hnbemu {
namespace {

TEST(Hash, WhenTextsOfThePublishedVectorsAreHashed_ThenFnv1aIsAsPublished) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325u);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8u);
}

// The first number that SplitMix64 draws from the seed 0.
TEST(Hash, WhenTheFirstStateIsScrambled_ThenItIsSplitMixsFirstNumber) {
  EXPECT_EQ(scramble(kGoldenGamma), 0xe220a8397b1dcdafu);
}

}  // namespace
}  // namespace hnbemu
