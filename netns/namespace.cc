#include "netns/namespace.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace hnbemu::netns {
namespace {

Result<UniqueFd> open_thread_namespace() {
  UniqueFd fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open /proc/thread-self/ns/net", errno);
  return fd;
}

Result<> set_loopback_up() {
  UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("socket", errno);
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (::ioctl(fd.get(), SIOCSIFFLAGS, &request) != 0) return fail_errno("setting lo up", errno);
  return {};
}

// Best effort: where /proc/sys is read-only or the kernel has no IPv6 there is nothing to switch off by this way.
void write_sysctl(const char* path, const char* value) {
  UniqueFd fd(::open(path, O_WRONLY | O_CLOEXEC));
  if (fd && ::write(fd.get(), value, std::strlen(value)) < 0) return;
}

Result<UniqueFd> unshare_this_thread() {
  if (::unshare(CLONE_NEWNET) != 0) {
    if (errno == EPERM) {
      return fail(Cause::system, "making a network namespace needs root or CAP_SYS_ADMIN; run hnbemu as root", errno);
    }
    return fail_errno("unshare(CLONE_NEWNET)", errno);
  }
  // Router solicitations and MLD would break "nothing but DNS, IKE and ESP leaves a device".
  write_sysctl("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
  write_sysctl("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  if (auto up = set_loopback_up(); !up) return tl::unexpected(up.error());
  return open_thread_namespace();
}

// Where this thread is: at home, or in what it has entered (a descriptor). Nothing but Enter moves a thread, so that
// its home need not be looked up each time.
thread_local UniqueFd t_home;
thread_local int t_entered = -1;

}  // namespace

Result<Namespace> Namespace::create() {
  // A thread of its own, so that a failure half-way can never leave the caller in the new namespace.
  Result<UniqueFd> made = fail(Cause::system, "not run");
  std::thread([&] { made = unshare_this_thread(); }).join();
  if (!made) return tl::unexpected(made.error());
  return Namespace(std::move(*made));
}

Result<Namespace> Namespace::current() {
  auto fd = open_thread_namespace();
  if (!fd) return tl::unexpected(fd.error());
  return Namespace(std::move(*fd));
}

Enter::Enter(const Namespace& target) {
  if (!t_home) {
    auto home = open_thread_namespace();
    if (!home) {
      entered_ = tl::unexpected(home.error());
      return;
    }
    t_home = std::move(*home);
  }
  if (::setns(target.fd(), CLONE_NEWNET) != 0) {
    entered_ = fail_errno("setns", errno);
    return;
  }
  back_ = std::exchange(t_entered, target.fd());
}

Enter::~Enter() {
  if (!entered_) return;
  t_entered = back_;
  if (::setns(back_ < 0 ? t_home.get() : back_, CLONE_NEWNET) != 0) {
    std::perror("hnbemu: cannot return to the own network namespace");
    std::abort();
  }
}

Result<UniqueFd> socket_in(const Namespace& target, int domain, int type, int protocol) {
  const Enter scope(target);
  if (!scope.entered()) return tl::unexpected(scope.entered().error());
  UniqueFd fd(::socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  if (!fd) return fail_errno("socket", errno);
  return fd;
}

}  // namespace hnbemu::netns
