#include "app/background.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "app/command_line.h"

namespace hnbemu::app {
namespace {

int status_of(pid_t child, const UniqueFd& news) {
  char byte = 0;
  ssize_t got = 0;
  do {
    got = ::read(news.get(), &byte, 1);
  } while (got < 0 && errno == EINTR);
  if (got == 1) return kDone;
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return kFailed;
  return WEXITSTATUS(status);
}

}  // namespace

Result<std::variant<int, Background>> Background::enter() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("pipe", errno);
  UniqueFd news(ends[0]);
  UniqueFd parent(ends[1]);
  const auto child = ::fork();
  if (child < 0) return fail_errno("fork", errno);
  if (child > 0) {
    parent = UniqueFd();
    return status_of(child, news);
  }
  ::setsid();
  return Background(std::move(parent));
}

void Background::ready() {
  std::fflush(nullptr);
  const UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing.get(), stream);
  const char byte = 1;
  static_cast<void>(::write(parent_.get(), &byte, 1) == 1);  // nobody there any more: nobody waits
  parent_ = UniqueFd();
}

}  // namespace hnbemu::app
