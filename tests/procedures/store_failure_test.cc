#include <gmock/gmock.h>

#include "simulated_network.h"

// The bring-up replayed with a failure at each of its commits.
namespace hnbemu {
namespace {

using device::State;

class StoreFailure : public testing::TestWithParam<const char*> {};

TEST_P(StoreFailure, WhenAnyCommitFails_ThenTheDeviceComesIntoServiceAllTheSameAndRemembersAsMuch) {
  SimulatedNetwork clean(GetParam());
  clean.start();
  clean.run_for(kEnough);
  ASSERT_EQ(clean.state(), State::in_service);
  ASSERT_GT(clean.store.commits, 1u);
  for (unsigned i = 0; i < clean.store.commits; ++i) {
    SCOPED_TRACE(fmt::format("commit {}", i));
    SimulatedNetwork network(GetParam());
    network.store.fail_commit(i, Error{Cause::resources, "the disk is full"});
    network.start();
    network.run_for(kEnough + kFirstRetry);
    EXPECT_EQ(network.state(), State::in_service);
    network.device->save();
    network.run_for(Seconds{1});
    const auto known = [](const SimulatedNetwork& of) {
      std::vector<std::string> keys;
      for (const auto& [key, value] : of.store.memory) {
        if (key.find(".FaultMgmt.") == std::string::npos) keys.push_back(key);  // that it failed is history
      }
      return keys;
    };
    EXPECT_EQ(known(network), known(clean));
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, StoreFailure, testing::Values("umts-hnb", "lte-henb"));

}  // namespace
}  // namespace hnbemu
