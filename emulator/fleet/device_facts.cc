#include "fleet/device_facts.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <optional>

#include "netns/netlink.h"

namespace hnbemu::fleet {
namespace {

// Asks again when the last answer is older than kFactsPeriod.
template <class T>
std::function<T()> remembered(Clock& clock, std::function<T()> ask) {
  struct Answer {
    std::optional<Deadline> good_until;
    T value{};
  };
  return [&clock, ask = std::move(ask), answer = std::make_shared<Answer>()] {
    const auto now = clock.now();
    if (!answer->good_until || now >= *answer->good_until) *answer = {now + kFactsPeriod, ask()};
    return answer->value;
  };
}

generators::Traffic traffic_of(const netns::Namespace& home, const std::string& interface) {
  auto netlink = netns::Netlink::open(home);
  if (!netlink) return {};
  const auto counters = netlink->counters(interface);
  if (!counters) return {};
  return {counters->bytes_sent, counters->bytes_received, counters->packets_sent, counters->packets_received};
}

// proc(5): the second number of statm is the resident set, in pages.
std::uint64_t memory_kib_of(pid_t process) {
  if (process <= 0) return 0;
  std::ifstream statm(fmt::format("/proc/{}/statm", process));
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

}  // namespace

generators::Facts facts_of(const netns::Namespace& home, Clock& clock, std::string interface,
                           std::function<pid_t()> ike_daemon) {
  generators::Facts facts;
  facts.outer_traffic = remembered<generators::Traffic>(
      clock, [&home, interface = std::move(interface)] { return traffic_of(home, interface); });
  facts.memory_kib =
      remembered<std::uint64_t>(clock, [ike_daemon = std::move(ike_daemon)] { return memory_kib_of(ike_daemon()); });
  return facts;
}

std::function<std::optional<double>()> storage_facts(std::string directory) {
  return [directory = std::move(directory)]() -> std::optional<double> {
    struct statvfs found {};
    if (::statvfs(directory.c_str(), &found) != 0 || found.f_blocks == 0) return std::nullopt;
    return static_cast<double>(found.f_bavail) / static_cast<double>(found.f_blocks);
  };
}

}  // namespace hnbemu::fleet
