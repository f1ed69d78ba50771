#include "netns/process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <pthread.h>
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

using std::chrono::steady_clock;

constexpr std::int64_t kLongestPoll = 60'000;  // ms

// PR_SET_PDEATHSIG follows the thread that forked, not the process: so all children come from this one thread, which
// ends only with the process. It takes no signal, so that no handler of ours can run in a child that shares our memory.
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
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
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
  std::deque<std::packaged_task<Result<pid_t>()>> jobs_;  // at most one for each calling thread: run() waits
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (const auto& text : strings) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

// What the child needs, made ready before vfork.
struct Exec {
  std::vector<char*> argv;
  std::vector<char*> environment;
  int input = -1;
  int output = -1;
  int failure = -1;  // a pipe: errno if exec fails, nothing if it does not
  pid_t parent = -1;
};

// AppArmor may bind a program by its path, as Ubuntu binds charon-systemd: that profile is for the system's service and
// its files. What an unbound emulator starts is unbound too. Without AppArmor there is no such file; an emulator that
// is bound itself is refused, and its policy says what becomes of its children.
void leave_apparmor_profile() {
  constexpr std::string_view kUnconfined = "exec unconfined";
  const int fd = ::open("/proc/self/attr/apparmor/exec", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  static_cast<void>(!::write(fd, kUnconfined.data(), kUnconfined.size()));
  ::close(fd);
}

// Between vfork and exec the child shares the parent's memory: only system calls are allowed, and no signal handler may
// run, so dispositions go back to default (ignored ones would survive exec) before the mask is opened.
[[noreturn]] void become(const Exec& exec) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != exec.parent) ::_exit(127);
  struct sigaction fresh {};
  fresh.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &fresh, nullptr);
  ::setpgid(0, 0);  // a Ctrl-C at the terminal is for the emulator, which stops its children in order
  if (::dup2(exec.input, STDIN_FILENO) >= 0 && ::dup2(exec.output, STDOUT_FILENO) >= 0 &&
      ::dup2(exec.output, STDERR_FILENO) >= 0) {
    // A namespace descriptor that some library forgot to mark would keep the namespace alive in the child.
    ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    leave_apparmor_profile();
    ::execve(exec.argv[0], exec.argv.data(), exec.environment.data());
  }
  const int error = errno;
  static_cast<void>(!::write(exec.failure, &error, sizeof error));
  ::_exit(127);
}

// Above the standard streams, because dup2 onto itself would keep the close-on-exec flag.
Result<UniqueFd> above_standard(const char* what, const UniqueFd& opened) {
  UniqueFd fd(opened ? ::fcntl(opened.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1);
  if (!fd) return fail_errno(fmt::format("open {}", what), errno);
  return fd;
}

Result<UniqueFd> open_above_standard(const char* path, int flags) {
  return above_standard(path, UniqueFd(::open(path, flags | O_CLOEXEC, 0640)));
}

Result<pid_t> fork_and_exec(const Namespace& target, const Command& command) {
  const auto input = open_above_standard("/dev/null", O_RDONLY);
  if (!input) return tl::unexpected(input.error());
  const char* const output_path = command.output_file.empty() ? "/dev/null" : command.output_file.c_str();
  const auto output = open_above_standard(output_path, O_WRONLY | O_CREAT | O_APPEND);
  if (!output) return tl::unexpected(output.error());

  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno("pipe", errno);
  const UniqueFd failure(ends[0]);
  auto failed = above_standard("pipe", UniqueFd(ends[1]));
  if (!failed) return tl::unexpected(failed.error());

  Exec exec;
  exec.argv = pointers(command.argv);
  exec.environment = pointers(command.environment);
  exec.input = input->get();
  exec.output = output->get();
  exec.failure = failed->get();
  exec.parent = ::getpid();
  const Enter scope(target);
  if (!scope.entered()) return tl::unexpected(scope.entered().error());
  // posix_spawn cannot set PR_SET_PDEATHSIG, and fork would copy the page tables of thousands of devices.
  const pid_t pid = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (pid == 0) become(exec);   // NOLINT(clang-analyzer-unix.Vfork)
  if (pid < 0) return fail_errno("vfork", errno);
  failed->reset();
  int error = 0;
  if (::read(failure.get(), &error, sizeof error) != sizeof error) return pid;
  ::waitpid(pid, nullptr, 0);
  return fail_errno(fmt::format("starting {}", command.argv[0]), error);
}

// True if the process ended before the deadline.
bool wait_for_end(int pid_fd, steady_clock::time_point deadline) {
  pollfd waiting{pid_fd, POLLIN, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, kLongestPoll)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (ready == 0 && left <= kLongestPoll) return false;
  }
}

}  // namespace

Result<Process> Process::spawn(const Namespace& target, const Command& command) {
  if (command.argv.empty()) return fail(Cause::system, "a command without a program");
  const auto pid = Spawner::instance().run([&] { return fork_and_exec(target, command); });
  if (!pid) return tl::unexpected(pid.error());
  UniqueFd pid_fd(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  const int pid_fd_error = errno;
  Process process(*pid, std::move(pid_fd));
  if (!process.pid_fd_) return fail_errno("pidfd_open", pid_fd_error);
  return process;
}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    kill_and_reap();
    pid_ = std::exchange(other.pid_, -1);
    pid_fd_ = std::move(other.pid_fd_);
  }
  return *this;
}

Process::~Process() {
  kill_and_reap();
}

bool Process::running() const {
  return pid_ >= 0 && !wait_for_end(pid_fd_.get(), steady_clock::time_point{});
}

void Process::terminate() {
  if (pid_ >= 0) ::kill(pid_, SIGTERM);
}

void Process::stop(steady_clock::time_point deadline) {
  if (pid_ < 0) return;
  terminate();
  wait_for_end(pid_fd_.get(), deadline);
  kill_and_reap();
}

void Process::kill_and_reap() {
  if (pid_ < 0) return;
  const bool killed = ::kill(pid_, SIGKILL) == 0;
  ::kill(-pid_, SIGKILL);  // the group: what it had started itself must not outlive it
  // A security module may forbid the signal; then nobody can say when it ends.
  while (::waitpid(pid_, nullptr, killed ? 0 : WNOHANG) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  pid_fd_.reset();
}

}  // namespace hnbemu::netns
