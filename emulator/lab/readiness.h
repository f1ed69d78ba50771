#pragma once

#include <netinet/in.h>

#include <span>
#include <string>

#include "base/address.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "netns/process.h"

namespace hnbemu::lab {

// A server of the lab that has just been started: whether it is ready shows when it answers a question over UDP.
struct Newcomer {
  const std::string& label;  // of the server: its log is directory/label.log
  const std::string& directory;
  const char* program;
  const IpAddress& address;
  std::uint16_t port;
};

// Asks again and again. Errors: timeout, system (it has ended).
Result<> wait_until_answering(const Newcomer& server, const UniqueFd& socket, std::span<const char> question,
                              const netns::Process& process, Deadline deadline);

}  // namespace hnbemu::lab
