#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hnbemu::trace {

inline constexpr std::size_t kMaxRecordBytes = std::size_t{64} << 10;  // more of a record is cut off, and it says so

// Records of text in a bounded place on disk: the newest stay. They are in FILE and FILE.1, at most half of the bound
// each; when FILE is full, it takes the other's place. Written through, so that SIGKILL of the emulator loses none; no
// descriptor is kept, since thousands of devices have one each. One Ring appends; any process may read at any time.
class Ring {
 public:
  Ring(std::string file, std::size_t max_bytes) : file_(std::move(file)), half_(max_bytes / 2) {}

  // Thread-safe. A newline in a record is read back as one. Where the disk is full or read-only, the record is lost.
  void append(std::string_view record);
  std::vector<std::string> read() const;  // the oldest first
  std::uint64_t lost() const;             // records that could not be written

 private:
  bool write_line(const std::string& line);

  std::string file_;
  std::size_t half_;
  mutable std::mutex mutex_;  // for what follows
  bool ends_whole_ = false;   // FILE is known to end with a whole line
  std::uint64_t lost_ = 0;
};

}  // namespace hnbemu::trace
