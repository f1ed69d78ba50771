#include "fleet/daemon_logs.h"

#include <filesystem>

namespace hnbemu::fleet {

void trim_daemon_logs(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::recursive_directory_iterator file(directory, error), end; !error && file != end; file.increment(error)) {
    std::error_code gone;
    if (file->path().extension() != ".log" || file->file_size(gone) <= kMaxDaemonLogBytes || gone) continue;
    fs::resize_file(file->path(), 0, gone);
  }
}

}  // namespace hnbemu::fleet
