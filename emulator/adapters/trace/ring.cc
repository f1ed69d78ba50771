#include "adapters/trace/ring.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/unique_fd.h"

namespace hnbemu::trace {
namespace {

constexpr std::size_t kMaxLineBytes = 2 * kMaxRecordBytes + 64;  // escaped, with the note that it was cut
constexpr int kMaxReadTries = 16;                                // the ring turns over meanwhile

// One line a record.
std::string escaped(std::string_view record) {
  std::string line;
  line.reserve(record.size() + 1);
  for (const char c : record.substr(0, kMaxRecordBytes)) {
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\\') {
      line += "\\\\";
    } else {
      line += c;
    }
  }
  if (record.size() > kMaxRecordBytes) line += fmt::format(" [{} bytes more]", record.size() - kMaxRecordBytes);
  line += '\n';
  return line;
}

std::string unescaped(std::string_view line) {
  std::string record;
  record.reserve(line.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      record += line[i];
    } else {
      record += line[++i] == 'n' ? '\n' : line[i];
    }
  }
  return record;
}

UniqueFd open_to_append(const std::string& file) {
  return UniqueFd(::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
}

// A process that was killed while it wrote may have left half a line: the next would become a part of it.
off_t without_torn_line(int fd, off_t size) {
  std::string tail(std::min(static_cast<std::size_t>(size), kMaxLineBytes), '\0');
  const auto got = ::pread(fd, tail.data(), tail.size(), size - static_cast<off_t>(tail.size()));
  if (got != static_cast<ssize_t>(tail.size())) return size;
  const auto end = tail.rfind('\n');
  const auto torn = end == std::string::npos ? tail.size() : tail.size() - end - 1;
  return torn == 0 || ::ftruncate(fd, size - static_cast<off_t>(torn)) != 0 ? size : size - static_cast<off_t>(torn);
}

struct Segments {
  UniqueFd older;
  UniqueFd newer;
};

// FILE.1 and FILE as they were at one moment: FILE is the same before FILE.1 is opened and after.
Segments open_segments(const std::string& file) {
  Segments segments;
  for (int tries = 0; tries < kMaxReadTries; ++tries) {
    segments.newer.reset(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    segments.older.reset(::open((file + ".1").c_str(), O_RDONLY | O_CLOEXEC));
    struct stat opened {};
    struct stat now {};
    const bool was = ::fstat(segments.newer.get(), &opened) == 0;
    const bool is = ::stat(file.c_str(), &now) == 0;
    if (was == is && (!is || (opened.st_ino == now.st_ino && opened.st_dev == now.st_dev))) break;
  }
  return segments;
}

// Without a last line that was not written wholly.
void read_into(std::vector<std::string>& records, int fd) {
  struct stat now {};
  if (::fstat(fd, &now) != 0) return;
  std::string text(static_cast<std::size_t>(now.st_size), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(fd, text.data() + size, text.size() - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  std::string_view rest(text.data(), size);
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    records.push_back(unescaped(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
}

}  // namespace

void Ring::append(std::string_view record) {
  const auto line = escaped(record);
  const std::lock_guard lock(mutex_);
  if (!write_line(line)) ++lost_;
}

bool Ring::write_line(const std::string& line) {
  auto out = open_to_append(file_);
  struct stat now {};
  if (line.size() > half_ || !out || ::fstat(out.get(), &now) != 0) return false;
  const auto size = ends_whole_ ? now.st_size : without_torn_line(out.get(), now.st_size);
  if (size > 0 && static_cast<std::size_t>(size) + line.size() > half_) {
    if (::rename(file_.c_str(), (file_ + ".1").c_str()) != 0) return false;
    out = open_to_append(file_);
  }
  ends_whole_ = ::write(out.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (!ends_whole_ && out) static_cast<void>(without_torn_line(out.get(), ::lseek(out.get(), 0, SEEK_END)));
  return ends_whole_;
}

std::vector<std::string> Ring::read() const {
  const auto segments = open_segments(file_);
  std::vector<std::string> records;
  read_into(records, segments.older.get());
  read_into(records, segments.newer.get());
  return records;
}

std::uint64_t Ring::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace hnbemu::trace
