#pragma once

#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "netns/process.h"

namespace hnbemu::lab {

struct DnsRecord {
  std::string name;
  IpAddress address;
};

struct DnsConfig {
  std::string label;  // of its files: LABEL.conf, LABEL.hosts, LABEL.log
  std::string directory;
  IpAddress address;
  std::vector<DnsRecord> records{};  // a name may have several addresses
};

// dnsmasq with nothing but A records: any other name is NXDOMAIN, and nobody else is asked.
class DnsServer {
 public:
  // Returns when it answers.
  static Result<DnsServer> start(const netns::Namespace& home, const DnsConfig& config, Deadline deadline);
  netns::Process& process() { return process_; }

 private:
  explicit DnsServer(netns::Process process) : process_(std::move(process)) {}
  netns::Process process_;
};

}  // namespace hnbemu::lab
