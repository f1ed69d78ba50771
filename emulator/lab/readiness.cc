#include "lab/readiness.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <thread>

namespace hnbemu::lab {
namespace {

constexpr Millis kAskAgain{20};
constexpr Millis kPause{2};

}  // namespace

Result<> wait_until_answering(const Newcomer& server, const UniqueFd& socket, std::span<const char> question,
                              const netns::Process& process, Deadline deadline) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(server.port);
  to.sin_addr.s_addr = htonl(server.address.to_v4());
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    return fail_errno(fmt::format("{}: {}", server.label, server.address.to_string()), errno);
  }
  std::array<char, 512> answer;
  while (process.running()) {
    if (Deadline::clock::now() >= deadline) {
      return fail(Cause::timeout, fmt::format("{}: {} does not answer", server.label, server.program));
    }
    // Refused (ECONNREFUSED, on either call) until it listens.
    static_cast<void>(::send(socket.get(), question.data(), question.size(), 0));
    pollfd waiting{socket.get(), POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(kAskAgain.count()));
    if (::recv(socket.get(), answer.data(), answer.size(), 0) > 0) return {};
    std::this_thread::sleep_for(kPause);
  }
  return fail(Cause::system, fmt::format("{0}: {1} ended at once; {2}/{0}.log says why", server.label, server.program,
                                         server.directory));
}

}  // namespace hnbemu::lab
