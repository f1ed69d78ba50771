#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace hnbemu::file_transfer {

// The file of a transfer, on this machine. One thread may close it while another uses it: then nothing more is written.
class LocalFile {
 public:
  // What stands behind `keep` bytes is cut off; a file that has less keeps all. Over `limit` bytes it takes none.
  Result<> open_to_write(const std::string& path, std::uint64_t keep, std::uint64_t limit);
  Result<> open_to_read(const std::string& path);
  void close();

  std::uint64_t size() const { return size_; }
  // All three are false once anything has failed; error() tells what. Errors: resources, system, cancelled (closed).
  bool empty();
  bool append(const char* data, std::size_t bytes);
  bool rewind(std::uint64_t to);
  std::optional<std::size_t> read(char* buffer, std::size_t bytes);  // 0: the end
  const std::optional<Error>& error() const { return error_; }

 private:
  bool is_open();
  bool failed(const char* what);

  std::mutex mutex_;
  UniqueFd fd_;
  std::string path_;
  std::uint64_t size_ = 0;  // written: what the file has now; read: what it had when it was opened
  std::uint64_t limit_ = 0;
  std::optional<Error> error_;
};

}  // namespace hnbemu::file_transfer
