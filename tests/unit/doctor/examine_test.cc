#include "doctor/examine.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "doctor/probe.h"

namespace hnbemu::doctor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Facts good_machine() {
  Facts facts;
  facts.root = facts.tun = facts.kernel_esp = facts.sctp = facts.netem = facts.ip_forward = true;
  facts.strongswan = "5.9.8-5";
  facts.open_files = 1'048'576;
  facts.free_tasks = 4'194'004;
  facts.neighbours = 1024;
  facts.memory_free = std::uint64_t{16} << 30;
  facts.disk_free = std::uint64_t{100} << 30;
  return facts;
}

Finding find(const std::vector<Finding>& findings, const std::string& subject) {
  const auto found = std::ranges::find(findings, subject, &Finding::subject);
  EXPECT_NE(found, findings.end()) << subject;
  return found == findings.end() ? Finding{} : *found;
}

config::Fleet fleet_of(std::size_t devices) {
  config::Fleet fleet;
  fleet.devices.resize(devices);
  return fleet;
}

TEST(Doctor, WhenTheMachineIsGood_ThenNothingIsMissing) {
  for (const auto& finding : examine(good_machine())) EXPECT_EQ(finding.verdict, Verdict::good) << finding.subject;
  EXPECT_THAT(find(examine(good_machine()), "room").fact, HasSubstr("the first limit is memory"));
}

TEST(Doctor, WhenTheKernelHasNoEsp_ThenARunIsPossibleAndLimited) {
  auto facts = good_machine();
  facts.kernel_esp = facts.sctp = facts.netem = false;
  const auto findings = examine(facts);
  EXPECT_EQ(find(findings, "ESP").verdict, Verdict::limited);
  EXPECT_THAT(find(findings, "ESP").fact, HasSubstr("in user space"));
  EXPECT_EQ(find(findings, "netem").verdict, Verdict::limited);
  facts.tun = false;
  facts.no_esp = "neither the kernel nor /dev/net/tun";
  EXPECT_EQ(find(examine(facts), "/dev/net/tun").verdict, Verdict::missing);
  EXPECT_EQ(find(examine(facts), "ESP").verdict, Verdict::missing);
}

TEST(Doctor, WhenNotRoot_ThenWhatLacksIsNamed) {
  auto facts = good_machine();
  facts.root = false;
  facts.missing_capabilities = {"CAP_SYS_ADMIN"};
  const auto finding = find(examine(facts), "privileges");
  EXPECT_EQ(finding.verdict, Verdict::missing);
  EXPECT_EQ(finding.fact, "without CAP_SYS_ADMIN");
  EXPECT_EQ(finding.advice, "run as root");
  facts.root = true;
  EXPECT_THAT(find(examine(facts), "privileges").advice, HasSubstr("--cap-add"));
}

TEST(Doctor, WhenAppArmorConfines_ThenTheCureIsTold) {
  auto facts = good_machine();
  facts.apparmor = true;
  facts.charon_profiles = {"/usr/sbin/charon-systemd (enforce)"};
  EXPECT_EQ(find(examine(facts), "AppArmor").verdict, Verdict::good);
  facts.confined_by = "container-default (enforce)";
  EXPECT_THAT(find(examine(facts), "AppArmor").advice, HasSubstr("/etc/apparmor.d/local/usr.sbin.charon-systemd"));
}

TEST(Doctor, WhenAContainerLimitsTasks_ThenThatIsWhatFits) {
  auto facts = good_machine();
  facts.free_tasks = 2038;
  EXPECT_EQ(capacity(facts), (2038 - kLabTasks) / kTasksOfDevice);
  EXPECT_THAT(find(examine(facts), "room").fact, HasSubstr("tasks"));
  const auto findings = fits(facts, fleet_of(200));
  EXPECT_EQ(find(findings, "tasks").verdict, Verdict::missing);
  EXPECT_THAT(find(findings, "tasks").fact, HasSubstr("does not fit"));
  EXPECT_THAT(find(findings, "tasks").advice, HasSubstr("--pids-limit"));
}

TEST(Doctor, WhenFilesAreFew_ThenNeedAndLimitAreInNumbers) {
  auto facts = good_machine();
  facts.open_files = 20'000;
  EXPECT_EQ(find(fits(facts, fleet_of(2'000)), "open files").fact, "needs 10064 of 20000: fits");
  EXPECT_EQ(find(fits(facts, fleet_of(4'000)), "open files").fact, "needs 20064 of 20000: does not fit");
  facts.open_files = 10;
  EXPECT_EQ(capacity(facts), 0u);
}

TEST(Doctor, WhenAPoolIsRoutedElsewhere_ThenAnUplinkIsToldOfIt) {
  auto facts = good_machine();
  facts.routes = {*Prefix::parse("100.100.0.0/16")};
  auto fleet = fleet_of(2);
  EXPECT_THAT(fits(facts, fleet), ::testing::SizeIs(4));
  fleet.uplink = true;
  EXPECT_THAT(find(fits(facts, fleet), "outer_pool").fact, HasSubstr("overlaps this host's route to 100.100.0.0/16"));
}

TEST(Doctor, WhenNothingIsKnown_ThenNothingIsInvented) {
  const auto findings = fits(Facts{}, fleet_of(20'000));
  EXPECT_THAT(find(findings, "open files").fact, HasSubstr("any number"));
}

TEST(Probe, WhenStatusOfDpkgIsRead_ThenOnlyInstalledPackagesHaveAVersion) {
  constexpr std::string_view kStatus =
      "Package: charon\nStatus: install ok installed\nVersion: 1\n\nPackage: charon-systemd\n"
      "Status: install ok installed\nVersion: 5.9.8-5+deb12u1\n\nPackage: dnsmasq\nStatus: deinstall ok "
      "config-files\nVersion: 2\n";
  EXPECT_EQ(installed_version(kStatus, "charon-systemd"), "5.9.8-5+deb12u1");
  EXPECT_EQ(installed_version(kStatus, "charon"), "1");
  EXPECT_EQ(installed_version(kStatus, "none"), "");
  EXPECT_EQ(installed_version("Package: x\nVersion", "x"), "");
  EXPECT_EQ(installed_version("", "x"), "");
}

TEST(Probe, WhenCapabilitiesLack_ThenTheyAreNamed) {
  EXPECT_THAT(missing_capabilities(~std::uint64_t{0}), IsEmpty());
  EXPECT_THAT(missing_capabilities(~(std::uint64_t{1} << 12)), ElementsAre("CAP_NET_ADMIN"));
  EXPECT_EQ(missing_capabilities(0).size(), 8u);
}

}  // namespace
}  // namespace hnbemu::doctor
