#include "fleet/home.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace hnbemu::fleet {
namespace {

namespace fs = std::filesystem;

std::string lock_file(const Layout& layout) {
  return layout.directory + "/lock";
}

tl::unexpected<Error> cannot_make(const std::string& path, int error) {
  return fail_errno(fmt::format("cannot make {} (another --state-dir helps if the disk is full or read-only)", path),
                    error);
}

}  // namespace

Result<Home> Home::claim(const std::string& state_directory, const std::string& name) {
  std::error_code error;
  Layout layout(fs::absolute(state_directory, error).string(), name);  // daemons and --detach work elsewhere
  if (error) return cannot_make(state_directory, error.value());
  fs::create_directories(layout.directory + "/trace", error);
  if (error) return cannot_make(layout.directory, error.value());
  UniqueFd lock(::open(lock_file(layout).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.get() < 0) return cannot_make(lock_file(layout), errno);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(Cause::configuration,
                fmt::format("fleet '{}' is running already: end it with 'hnbemu down --fleet {}', or give this one "
                            "another name",
                            name, name));
  }
  fs::permissions(layout.directory, fs::perms::owner_all, error);
  if (!error) fs::remove_all(layout.run(), error);
  if (!error) fs::create_directories(layout.run(), error);
  if (error) return cannot_make(layout.run(), error.value());
  return Home(std::move(layout), std::move(lock));
}

void Home::purge() {
  std::error_code ignored;
  fs::remove_all(layout_.directory, ignored);
}

bool is_running(const Layout& layout) {
  const UniqueFd lock(::open(lock_file(layout).c_str(), O_RDWR | O_CLOEXEC));
  return lock.get() >= 0 && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
}

std::vector<std::string> fleets_in(const std::string& state_directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(state_directory, error)) {
    std::error_code ignored;
    if (fs::exists(entry.path() / "lock", ignored)) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace hnbemu::fleet
