#include "adapters/trace/ring.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include "base/unique_fd.h"

namespace hnbemu::trace {
namespace {

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

// Without a last line that was not written wholly.
void read_into(std::vector<std::string>& records, const std::string& file) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line) && !in.eof()) records.push_back(unescaped(line));
}

}  // namespace

void Ring::append(std::string_view record) {
  const auto line = escaped(record);
  const std::lock_guard lock(mutex_);
  UniqueFd out(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  struct stat now {};
  if (out.get() >= 0 && ::fstat(out.get(), &now) == 0 && static_cast<std::size_t>(now.st_size) + line.size() > half_ &&
      now.st_size > 0) {
    ::rename(file_.c_str(), (file_ + ".1").c_str());
    out = UniqueFd(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  }
  if (out.get() < 0 || ::write(out.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) ++lost_;
}

std::vector<std::string> Ring::read() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> records;
  read_into(records, file_ + ".1");
  read_into(records, file_);
  return records;
}

std::uint64_t Ring::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace hnbemu::trace
