#include "lab/lab.h"

#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "integration/lab/lab_fixture.h"
#include "integration/support/victim.h"

namespace hnbemu::lab {
namespace {

using netns::must;
using netns::Namespace;
using std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr std::size_t kDaemons = 4;     // two dnsmasq, two charon
constexpr std::size_t kNamespaces = 4;  // wan, core and the two SeGWs' own

// Children of this process, by what the kernel says: also those whose handle was lost.
std::set<pid_t> children() {
  std::set<pid_t> found;
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "children");
    for (pid_t pid = 0; file >> pid;) found.insert(pid);
  }
  return found;
}

ino_t inode_of(const Namespace& home) {
  struct stat status {};
  ::fstat(home.fd(), &status);
  return status.st_ino;
}

std::set<ino_t> namespaces_of(const std::set<pid_t>& pids) {
  std::set<ino_t> found;
  for (const auto pid : pids) {
    struct stat status {};
    if (::stat(fmt::format("/proc/{}/ns/net", pid).c_str(), &status) == 0) found.insert(status.st_ino);
  }
  return found;
}

// True if some process or descriptor of this machine is in, or refers to, the namespace.
bool is_used(ino_t namespace_inode) {
  const auto wanted = fmt::format("net:[{}]", namespace_inode);
  std::error_code ignored;
  const auto refers = [&](const fs::path& link) { return fs::read_symlink(link, ignored).string() == wanted; };
  for (const auto& process : fs::directory_iterator("/proc")) {
    if (!std::isdigit(static_cast<unsigned char>(process.path().filename().string()[0]))) continue;
    if (refers(process.path() / "ns/net")) return true;
    for (auto fd = fs::directory_iterator(process.path() / "fd", ignored); fd != fs::directory_iterator(); ++fd) {
      if (refers(fd->path())) return true;
    }
  }
  return false;
}

TEST_F(LabTest, WhenDevicesAreAttached_ThenEachHasItsOwnAddressAndResolvesTheSegws) {
  const auto lab = up();
  const Device first(*lab, "hnb-0001");
  const Device second(*lab, "hnb-0002");
  EXPECT_EQ(first.attachment.outer.source.to_string(), "100.64.0.1");
  EXPECT_EQ(second.attachment.outer.source.to_string(), "100.64.0.3");
  for (const auto* device : {&first, &second}) {
    const auto answer = device->resolve("segw-initial.operator.example");
    EXPECT_EQ(answer.code, 0);
    EXPECT_EQ(answer.addresses, std::vector<IpAddress>{lab->addresses().segw(0).wan.host});
    EXPECT_EQ(device->resolve("segw-serving.operator.example").addresses,
              std::vector<IpAddress>{lab->addresses().segw(1).wan.host});
  }
}

TEST_F(LabTest, WhenANameIsUnknownOrOnlyInside_ThenTheOuterDnsSaysNxdomain) {
  constexpr int kNxdomain = 3;  // RFC 1035 4.1.1
  config_.more_segws = {{.name = "segw-nxdomain.operator.example", .in_dns = false}};
  const auto lab = up();
  const Device device(*lab, "hnb-0001");
  for (const char* name : {"segw-nxdomain.operator.example", "hms-initial.operator.example", "example.com"}) {
    EXPECT_EQ(device.resolve(name).code, kNxdomain) << name;
  }
}

TEST_F(LabTest, WhenAskedInTheCore_ThenTheInnerDnsKnowsTheHmss) {
  const auto lab = up();
  for (const auto& hms : lab->hmss()) {
    EXPECT_EQ(test::ask(lab->core(), lab->addresses().inner_dns(), hms.name).addresses,
              std::vector<IpAddress>{hms.address});
  }
  EXPECT_EQ(lab->hmss().size(), 2u);
}

TEST_F(LabTest, WhenServingIsInitial_ThenThereIsOneOfEach) {
  config_.serving_is_initial = true;
  const auto lab = up();
  EXPECT_EQ(lab->serving_segw(), lab->config().initial_segw.name);
  EXPECT_EQ(lab->serving_hms(), lab->config().initial_hms.name);
  EXPECT_EQ(lab->hmss().size(), 1u);
}

TEST_F(LabTest, WhenADeviceIsAttachedTwice_ThenItIsRefused) {
  const auto lab = up();
  const Device device(*lab, "hnb-0001");
  EXPECT_FALSE(lab->attach("hnb-0001", device.home));
}

TEST_F(LabTest, WhenThePoolIsUsedUp_ThenTheErrorSaysSoAndADetachedAddressIsGivenAgain) {
  config_.device_pool = *Prefix::parse("100.64.0.0/30");
  const auto lab = up();
  std::optional<Device> first(std::in_place, *lab, "hnb-0001");
  const Device second(*lab, "hnb-0002");
  const Namespace home = must(Namespace::create());
  const auto third = lab->attach("hnb-0003", home);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().cause, Cause::configuration);
  EXPECT_NE(third.error().detail.find("100.64.0.0/30 has no more than 2"), std::string::npos) << third.error().detail;

  first.reset();
  lab->detach("hnb-0001");
  lab->detach("hnb-0001");
  EXPECT_EQ(must(lab->attach("hnb-0003", home)).outer.source.to_string(), "100.64.0.1");
}

TEST_F(LabTest, WhenTheStateDirectoryIsMissing_ThenTheErrorNamesItAndNothingIsStarted) {
  config_.state_directory = "/nonexistent";
  const auto before = children();
  const auto lab = Lab::up(config_);
  ASSERT_FALSE(lab);
  EXPECT_NE(lab.error().detail.find("/nonexistent"), std::string::npos);
  EXPECT_EQ(children(), before);
}

TEST_F(LabTest, WhenItGoesDown_ThenNoProcessNamespaceOrLinkIsLeft) {
  auto own = must(netns::Netlink::open(must(Namespace::current())));
  const auto links_before = must(own.link_names());
  const auto children_before = children();
  const auto lab = up();
  const Device device(*lab, "hnb-0001");
  EXPECT_EQ(children().size(), children_before.size() + kDaemons);
  const auto namespaces = namespaces_of(children());
  EXPECT_EQ(namespaces.size(), kNamespaces);
  EXPECT_EQ(must(own.link_names()), links_before);

  const auto begin = steady_clock::now();
  lab->down();
  lab->down();
  EXPECT_LT(steady_clock::now() - begin, Seconds(5));
  EXPECT_EQ(children(), children_before);
  for (const auto inode : namespaces) EXPECT_FALSE(is_used(inode)) << inode;
  EXPECT_EQ(must(own.link_names()), links_before);
  auto inside = must(netns::Netlink::open(device.home));
  const auto deadline = steady_clock::now() + Seconds(5);  // the kernel removes a namespace in the background
  while (must(inside.has_link("wan")) && steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_FALSE(must(inside.has_link("wan")));
  EXPECT_FALSE(lab->attach("hnb-0002", device.home));
}

// The victim prints its children and the inodes of its namespaces, then waits for its death.
TEST_F(LabTest, WhenTheProgramIsKilled_ThenNoProcessOrNamespaceIsLeft) {
  const auto output = config_.state_directory + "/victim.out";
  auto victim = must(netns::Process::spawn(
      must(Namespace::current()), {{"/proc/self/exe", "--victim=lab"}, {"STATE=" + config_.state_directory}, output}));
  std::vector<pid_t> pids;
  std::vector<ino_t> namespaces;
  const auto deadline = steady_clock::now() + Seconds(20);
  for (std::string word; word != "end" && steady_clock::now() < deadline;) {
    pids.clear();
    namespaces.clear();
    std::ifstream file(output);
    while (file >> word && word != "end") {
      const auto number = std::stoul(word.substr(1));
      if (word[0] == 'p') pids.push_back(static_cast<pid_t>(number));
      if (word[0] == 'n') namespaces.push_back(number);
    }
  }
  ASSERT_EQ(pids.size(), kDaemons);
  ASSERT_EQ(namespaces.size(), kNamespaces + 1);  // and the device's
  for (const auto inode : namespaces) EXPECT_TRUE(is_used(inode));

  ::kill(victim.pid(), SIGKILL);
  for (const auto pid : pids) EXPECT_TRUE(test::goes_within(pid, Seconds(5))) << pid;
  EXPECT_TRUE(test::goes_within(victim.pid(), Seconds(5)));
  for (const auto inode : namespaces) EXPECT_FALSE(is_used(inode)) << inode;
}

const test::Victim lab_victim("lab", [] {
  const auto lab = must(Lab::up({.state_directory = std::getenv("STATE")}));
  const Device device(*lab, "hnb-0001");
  for (const auto pid : children()) fmt::print("p{}\n", pid);
  auto namespaces = namespaces_of(children());
  namespaces.insert(inode_of(device.home));
  for (const auto inode : namespaces) fmt::print("n{}\n", inode);
  fmt::print("end\n");
  std::fflush(stdout);
  ::pause();
});

}  // namespace
}  // namespace hnbemu::lab
