#include "base/read_up_to.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace hnbemu {
namespace {

TEST(ReadUpTo, WhenTheStreamIsShort_ThenAllOfItIsRead) {
  std::istringstream in("short");
  EXPECT_EQ(read_up_to(in, 100), "short");
  EXPECT_TRUE(in.eof());
}

TEST(ReadUpTo, WhenTheStreamIsLong_ThenTheRestStaysInIt) {
  const std::string long_text(200'000, 'x');
  std::istringstream in(long_text + "rest");
  EXPECT_EQ(read_up_to(in, long_text.size()), long_text);
  EXPECT_TRUE(in.good());
  EXPECT_EQ(read_up_to(in, 100), "rest");
}

TEST(ReadUpTo, WhenThereIsNoFile_ThenTheStreamSaysSo) {
  std::ifstream in("/nonexistent");
  EXPECT_EQ(read_up_to(in, 100), "");
  EXPECT_TRUE(in.fail());
  EXPECT_FALSE(in.eof());
}

}  // namespace
}  // namespace hnbemu
