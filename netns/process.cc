#include "netns/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace hnbemu::netns {
namespace {

constexpr std::chrono::milliseconds kDestructorGrace{0};

// PR_SET_PDEATHSIG follows the thread that forked, not the process: so all children come from this one thread, which
// ends only with the process.
class Spawner {
 public:
  static Spawner& instance() {
    static auto* const spawner = new Spawner;  // never destroyed: its thread must outlive every child
    return *spawner;
  }

  Result<pid_t> run(std::function<Result<pid_t>()> job) {
    std::packaged_task<Result<pid_t>()> task(std::move(job));
    auto done = task.get_future();
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(task));
    }
    wake_.notify_one();
    return done.get();
  }

 private:
  Spawner() {
    std::thread([this] { loop(); }).detach();
  }

  [[noreturn]] void loop() {
    for (;;) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !jobs_.empty(); });
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::packaged_task<Result<pid_t>()>> jobs_;
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (const auto& text : strings) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

// In the child between vfork and exec only async-signal-safe calls are allowed, and nothing of the parent may change.
[[noreturn]] void become(char* const* argv, char* const* environment, int output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0);  // a Ctrl-C at the terminal is for the emulator, which stops its children in order
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execve(argv[0], argv, environment);
  ::_exit(127);
}

Result<pid_t> fork_and_exec(const Namespace& target, const Command& command) {
  const char* const output_path = command.output_file.empty() ? "/dev/null" : command.output_file.c_str();
  const UniqueFd output(::open(output_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
  if (!output) return fail_errno(fmt::format("open {}", output_path), errno);
  if (::access(command.argv.at(0).c_str(), X_OK) != 0) return fail_errno(command.argv[0], errno);

  const auto argv = pointers(command.argv);
  const auto environment = pointers(command.environment);
  const Enter scope(target);
  if (!scope.entered()) return tl::unexpected(scope.entered().error());
  const pid_t parent = ::getpid();
  const pid_t pid = ::vfork();
  if (pid == 0) become(argv.data(), environment.data(), output.get(), parent);
  if (pid < 0) return fail_errno("vfork", errno);
  return pid;
}

}  // namespace

Result<Process> Process::spawn(const Namespace& target, const Command& command) {
  const auto pid = Spawner::instance().run([&] { return fork_and_exec(target, command); });
  if (!pid) return tl::unexpected(pid.error());
  UniqueFd pid_fd(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  Process process(*pid, std::move(pid_fd));
  if (!process.pid_fd_) return fail_errno("pidfd_open", errno);
  return process;
}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    stop(kDestructorGrace);
    pid_ = std::exchange(other.pid_, -1);
    pid_fd_ = std::move(other.pid_fd_);
  }
  return *this;
}

Process::~Process() {
  stop(kDestructorGrace);
}

bool Process::running() const {
  if (pid_ < 0) return false;
  pollfd waiting{pid_fd_.get(), POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 0;
}

void Process::stop(std::chrono::milliseconds grace) {
  if (pid_ < 0) return;
  if (grace.count() > 0 && running()) {
    ::kill(pid_, SIGTERM);
    pollfd waiting{pid_fd_.get(), POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(grace.count()));
  }
  if (running()) ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  pid_fd_.reset();
}

}  // namespace hnbemu::netns
