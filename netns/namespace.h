#pragma once

#include <utility>

#include "base/result.h"
#include "base/unique_fd.h"

namespace hnbemu::netns {

// A network namespace without a name: it lives as long as its descriptor or a process in it, so that SIGKILL of the
// emulator leaves none behind.
class Namespace {
 public:
  static Result<Namespace> create();   // loopback up, IPv6 switched off
  static Result<Namespace> current();  // that of the calling thread
  int fd() const { return fd_.get(); }

 private:
  explicit Namespace(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

// Puts the calling thread into a namespace until the end of the scope. setns(2) is a thread's own: no suspension point
// may stand between the two ends.
class Enter {
 public:
  explicit Enter(const Namespace& target);
  ~Enter();  // aborts the process if there is no way back: running on in a wrong namespace would be worse
  Enter(const Enter&) = delete;
  Enter& operator=(const Enter&) = delete;
  const Result<>& entered() const { return entered_; }

 private:
  int back_ = -1;  // what was entered before: a descriptor; -1: nothing
  Result<> entered_;
};

// A socket that belongs to the namespace for its whole life, wherever it is used from. Non-blocking and close-on-exec.
Result<UniqueFd> socket_in(const Namespace& target, int domain, int type, int protocol = 0);

}  // namespace hnbemu::netns
