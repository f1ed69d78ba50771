#include "lab/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "base/unique_fd.h"

namespace hnbemu::lab {

Result<> write_file(const std::string& path, const std::string& text, mode_t mode) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!fd) return fail_errno(path, errno);
  for (std::size_t done = 0; done < text.size();) {
    const auto written = ::write(fd.get(), text.data() + done, text.size() - done);
    if (written < 0) return fail_errno(path, errno);
    done += static_cast<std::size_t>(written);
  }
  return {};
}

Result<> replace_file(const std::string& path, const std::string& text, mode_t mode) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);  // of what a link points to
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return write_file(path, text, mode);
  const auto target = std::filesystem::exists(status) ? std::filesystem::canonical(path, error).string() : path;
  if (error && std::filesystem::exists(status)) return fail_errno(path, error.value());
  const auto beside = fmt::format("{}.{}.new", target, ::getpid());
  auto written = write_file(beside, text, mode);
  if (written && ::rename(beside.c_str(), target.c_str()) != 0) written = fail_errno(path, errno);
  if (!written) ::unlink(beside.c_str());
  return written;
}

Result<std::string> read_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("cannot read " + path, errno);
  std::string text;
  std::array<char, std::size_t{16} * 1024> part{};
  while (true) {
    const auto size = ::read(fd.get(), part.data(), part.size());
    if (size < 0) return fail_errno("cannot read " + path, errno);
    if (size == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(size));
    if (text.size() > kMaxTextBytes) {
      return fail(Cause::configuration, fmt::format("{} is longer than {} bytes", path, kMaxTextBytes));
    }
  }
}

}  // namespace hnbemu::lab
