#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hnbemu::pm {

// A measurement file that has not been sent.
struct Waiting {
  std::uint32_t number = 0;
  std::string row;   // of whose period it is: path of the Config object
  std::string name;  // TS 32.432
  std::uint64_t bytes = 0;
  std::string path{};  // on this machine
};

// A device's measurement files on disk: those that are being written, and those that wait to be sent, the oldest first.
// Their numbers are their names on disk.
class Spool {
 public:
  static constexpr std::size_t kMaxWaiting = 200;                      // of one device; the oldest go first
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{16} << 20;  // of all that wait

  explicit Spool(std::string directory) : directory_(std::move(directory)) {}

  std::uint32_t new_number() { return ++last_; }
  // What is behind the first `at` bytes goes. Gives the file's size then.
  Result<std::uint64_t> append(std::uint32_t number, std::uint64_t at, std::string_view text);
  // The file is complete, and waits, compressed (RFC 1952) if that is wanted. Gives how many had to go for it.
  Result<std::size_t> finish(Waiting file, bool gzip);
  void remove(std::uint32_t number);
  // Those whose row is not among these.
  void keep_rows(const std::set<std::string>& rows);
  const std::deque<Waiting>& waiting() const { return waiting_; }

  // The way back: what waits, and that nothing else is on disk but it and those that are being written.
  void restore(std::uint32_t last, std::deque<Waiting> waiting, const std::set<std::uint32_t>& open);
  std::uint32_t last() const { return last_; }

 private:
  std::string path(std::uint32_t number) const;
  std::size_t make_room();

  std::string directory_;
  std::uint32_t last_ = 0;
  std::deque<Waiting> waiting_;
};

}  // namespace hnbemu::pm
