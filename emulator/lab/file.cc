#include "lab/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

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

}  // namespace hnbemu::lab
