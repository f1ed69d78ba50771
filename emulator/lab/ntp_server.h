#pragma once

#include <string>

#include "base/address.h"
#include "base/time.h"
#include "netns/process.h"

namespace hnbemu::lab {

struct NtpConfig {
  std::string label;  // of its files: LABEL.conf, LABEL.log
  std::string directory;
  IpAddress address;
};

// chronyd as an NTP server that gives the host's time, and never sets it.
class NtpServer {
 public:
  // Returns when it answers.
  static Result<NtpServer> start(const netns::Namespace& home, const NtpConfig& config, Deadline deadline);
  netns::Process& process() { return process_; }

 private:
  explicit NtpServer(netns::Process process) : process_(std::move(process)) {}
  netns::Process process_;
};

}  // namespace hnbemu::lab
