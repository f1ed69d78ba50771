#include "app/exec.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/unique_fd.h"
#include "control/client.h"

namespace hnbemu::app {
namespace {

constexpr const char* kResolvConf = "/etc/resolv.conf";
constexpr const char* kSysfs = "/sys";

// sysfs shows the network namespace in which it was mounted.
Result<> mount_sysfs() {
  if (::unshare(CLONE_NEWNS) != 0) return fail_errno("unshare", errno);
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return fail_errno("mount /", errno);
  if (::mount("hnbemu", kSysfs, "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) {
    return fail_errno("mount /sys", errno);
  }
  return {};
}

// Over the file that resolv.conf really is; the text lives in a file that has no name any more.
Result<> mount_resolv_conf(const std::vector<std::string>& servers) {
  std::error_code error;
  const auto target = std::filesystem::canonical(kResolvConf, error);
  if (error) return {};  // a host without one: the command finds none either
  std::string text;
  for (const auto& server : servers) text += fmt::format("nameserver {}\n", server);
  std::string path = "/run/hnbemu-resolv-XXXXXX";
  const UniqueFd file(::mkostemp(path.data(), O_CLOEXEC));
  if (file.get() < 0) return fail_errno("cannot make " + path, errno);
  Result<> done;
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fchmod(file.get(), 0644) != 0 || ::mount(path.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    done = fail_errno(fmt::format("cannot put {} over {}", path, target.string()), errno);
  }
  ::unlink(path.c_str());
  return done;
}

}  // namespace

Result<DeviceView> find_network(const Where& where, const std::string& id) {
  const auto view = ask(where, "GET", "/namespaces/" + control::encoded(id));
  if (!view) return tl::unexpected(view.error());
  DeviceView device;
  device.pid = static_cast<pid_t>(view->at("pid").as_int64());
  device.fd = static_cast<int>(view->at("fd").as_int64());
  for (const auto& server : view->at("dns").as_array()) device.dns_servers.emplace_back(server.as_string());
  return device;
}

Result<> enter_network(const DeviceView& view) {
  const auto path = fmt::format("/proc/{}/fd/{}", view.pid, view.fd);
  const UniqueFd home(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (home.get() < 0 || ::setns(home.get(), CLONE_NEWNET) != 0) {
    return fail_errno(fmt::format("cannot enter the device's namespace {} (root is needed)", path), errno);
  }
  return {};
}

Error exec_in(const DeviceView& view, const std::vector<std::string>& command) {
  auto ready = enter_network(view).and_then(mount_sysfs).and_then([&] { return mount_resolv_conf(view.dns_servers); });
  if (!ready) return ready.error();
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv.front(), argv.data());
  return {Cause::system, fmt::format("cannot run '{}': {}", command.front(), std::generic_category().message(errno)),
          errno};
}

}  // namespace hnbemu::app
