#pragma once

#include <filesystem>

#include "integration/support/dns_query.h"
#include "integration/support/network.h"
#include "lab/lab.h"

namespace hnbemu::lab {

using netns::must;

// A namespace attached to the lab's wan.
struct Device {
  netns::Namespace home = must(netns::Namespace::create());
  Attachment attachment;

  explicit Device(Lab& lab, const std::string& id) : attachment(must(lab.attach(id, home))) {}
  test::DnsAnswer resolve(const std::string& name) const {
    return test::ask(home, attachment.outer.dns_servers.at(0), name);
  }
};

class LabTest : public netns::NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    std::filesystem::create_directories(config_.state_directory);
  }
  void TearDown() override { std::filesystem::remove_all(config_.state_directory); }

  std::unique_ptr<Lab> up() { return must(Lab::up(config_)); }

  LabConfig config_{.state_directory = fmt::format("{}/lab-{}", testing::TempDir(), ::getpid())};
};

}  // namespace hnbemu::lab
