#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "netns/namespace.h"

namespace hnbemu::netns {

struct Command {
  std::vector<std::string> argv;         // argv[0] is an absolute path
  std::vector<std::string> environment;  // "NAME=value", the whole of it
  std::string output_file;               // stdout and stderr are appended here; empty: /dev/null
};

// A child process in a namespace, in a process group of its own. It is killed when this object is destroyed, and by the
// kernel (PR_SET_PDEATHSIG) when the emulator dies in any way: the thread that forks lives as long as the process.
class Process {
 public:
  static Result<Process> spawn(const Namespace& target, const Command& command);
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), pid_fd_(std::move(other.pid_fd_)) {}
  Process& operator=(Process&& other) noexcept;
  ~Process();

  pid_t pid() const { return pid_; }
  int pid_fd() const { return pid_fd_.get(); }  // readable when the process has ended
  bool running() const;
  void terminate();  // SIGTERM, without waiting: to stop many, tell all of them first
  // SIGTERM, then SIGKILL at the deadline to it and to what it started; reaped on return.
  void stop(std::chrono::steady_clock::time_point deadline);
  void stop(std::chrono::milliseconds grace) { stop(std::chrono::steady_clock::now() + grace); }

 private:
  Process(pid_t pid, UniqueFd pid_fd) : pid_(pid), pid_fd_(std::move(pid_fd)) {}
  void kill_and_reap();
  pid_t pid_ = -1;
  UniqueFd pid_fd_;
};

}  // namespace hnbemu::netns
