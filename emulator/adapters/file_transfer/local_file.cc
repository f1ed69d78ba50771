#include "adapters/file_transfer/local_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hnbemu::file_transfer {
namespace {

constexpr mode_t kOwnersAlone = 0600;

Cause cause_of(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return Cause::resources;
    default:
      return Cause::system;
  }
}

Error error_of(const char* what, const std::string& path, int error_number) {
  auto error = fail_errno(fmt::format("{} {}", what, path), error_number).value();
  error.cause = cause_of(error_number);
  return error;
}

}  // namespace

Result<> LocalFile::open_to_write(const std::string& path, std::uint64_t keep, std::uint64_t limit) {
  path_ = path;
  limit_ = limit;
  fd_.reset(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kOwnersAlone));
  struct stat facts {};
  if (!fd_ || ::fstat(fd_.get(), &facts) != 0) return tl::unexpected(error_of("opening", path, errno));
  size_ = std::min(keep, static_cast<std::uint64_t>(facts.st_size));
  const bool cut = !S_ISREG(facts.st_mode) || ::ftruncate(fd_.get(), static_cast<off_t>(size_)) == 0;
  if (!cut || (S_ISREG(facts.st_mode) && ::lseek(fd_.get(), 0, SEEK_END) < 0)) {
    return tl::unexpected(error_of("cutting", path, errno));
  }
  return {};
}

Result<> LocalFile::open_to_read(const std::string& path) {
  path_ = path;
  fd_.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (!fd_ || ::fstat(fd_.get(), &facts) != 0) return tl::unexpected(error_of("opening", path, errno));
  if (!S_ISREG(facts.st_mode)) return fail(Cause::system, fmt::format("{} is not a file", path));
  size_ = static_cast<std::uint64_t>(facts.st_size);
  return {};
}

void LocalFile::close() {
  const std::lock_guard lock(mutex_);
  fd_.reset();
}

bool LocalFile::is_open() {
  if (!fd_ && !error_) error_ = Error{Cause::cancelled, fmt::format("{} was closed", path_)};
  return !error_;
}

bool LocalFile::failed(const char* what) {
  error_ = error_of(what, path_, errno);
  return false;
}

bool LocalFile::empty() {
  const std::lock_guard lock(mutex_);
  if (!is_open()) return false;
  if (size_ == 0) return true;
  if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) < 0) return failed("emptying");
  size_ = 0;
  return true;
}

bool LocalFile::append(const char* data, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!is_open()) return false;
  if (bytes > limit_ || size_ > limit_ - bytes) {
    error_ = Error{Cause::resources, fmt::format("the file is larger than {} bytes", limit_)};
    return false;
  }
  while (bytes > 0) {
    const auto written = ::write(fd_.get(), data, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("writing");
    data += written;
    bytes -= static_cast<std::size_t>(written);
    size_ += static_cast<std::uint64_t>(written);
  }
  return true;
}

bool LocalFile::rewind(std::uint64_t to) {
  const std::lock_guard lock(mutex_);
  if (!is_open()) return false;
  return ::lseek(fd_.get(), static_cast<off_t>(to), SEEK_SET) >= 0 || failed("rewinding");
}

std::optional<std::size_t> LocalFile::read(char* buffer, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!is_open()) return std::nullopt;
  for (;;) {
    const auto got = ::read(fd_.get(), buffer, bytes);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    failed("reading");
    return std::nullopt;
  }
}

}  // namespace hnbemu::file_transfer
