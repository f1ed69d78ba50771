#include "pm/spool.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/number.h"

namespace hnbemu::pm {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPrefix = "pm-";
constexpr std::string_view kZipped = ".gz";
constexpr std::size_t kPiece = std::size_t{64} * 1024;

// In pieces; nothing is left of `target` if it fails.
Result<> compress(const std::string& source, const std::string& target) {
  std::ifstream in(source, std::ios::binary);
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> out(gzopen(target.c_str(), "wb"), gzclose_w);
  if (!in || !out) return fail_errno("cannot compress " + source, errno);
  std::string piece(kPiece, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto size = static_cast<unsigned>(in.gcount());
    if (size > 0 && gzwrite(out.get(), piece.data(), size) != static_cast<int>(size)) {
      return fail(Cause::resources, "cannot write " + target);
    }
  }
  return gzflush(out.get(), Z_FINISH) == Z_OK ? Result<>{} : fail(Cause::resources, "cannot write " + target);
}

// The way back, of a file that was complete, but that was not remembered.
Result<> unpack(const std::string& source, const std::string& target) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(source.c_str(), "rb"), gzclose_r);
  std::ofstream out(target, std::ios::binary);
  if (!in || !out) return fail_errno("cannot unpack " + source, errno);
  std::string piece(kPiece, '\0');
  int size = 0;
  while ((size = gzread(in.get(), piece.data(), static_cast<unsigned>(piece.size()))) > 0)
    out.write(piece.data(), size);
  out.close();
  return size == 0 && out ? Result<>{} : fail(Cause::resources, "cannot unpack " + source);
}

void remove_file(const std::string& path) {
  std::error_code none;
  fs::remove(path, none);
}

}  // namespace

std::string Spool::path(std::uint32_t number) const {
  return fmt::format("{}/{}{}", directory_, kPrefix, number);
}

Result<std::uint64_t> Spool::append(std::uint32_t number, std::uint64_t at, std::string_view text) {
  const auto file = path(number);
  std::error_code error;
  if (at == 0) fs::remove(file, error);
  const auto zipped = file + std::string(kZipped);
  if (at > 0 && !fs::exists(file, error) && fs::exists(zipped, error)) {
    if (const auto done = unpack(zipped, file); !done) return tl::unexpected(done.error());
  }
  if (at > 0) fs::resize_file(file, at, error);
  if (error) return fail_errno("cannot go on with " + file, error.value());
  std::ofstream stream(file, std::ios::binary | std::ios::app);
  stream << text;
  stream.close();
  if (!stream) return fail_errno("cannot write " + file, errno);
  return at + text.size();
}

Result<std::size_t> Spool::finish(Waiting file, bool gzip) {
  file.path = path(file.number);
  if (gzip) {
    const auto zipped = file.path + std::string(kZipped);
    if (const auto done = compress(file.path, zipped); !done) {
      remove_file(zipped);
      return tl::unexpected(done.error());
    }
    remove_file(file.path);
    file.path = zipped;
    file.name += kZipped;
  }
  std::error_code error;
  file.bytes = fs::file_size(file.path, error);
  if (error) return fail_errno("cannot read " + file.path, error.value());
  waiting_.push_back(std::move(file));
  return make_room();
}

std::size_t Spool::make_room() {
  std::uint64_t bytes = 0;
  for (const auto& one : waiting_) bytes += one.bytes;
  std::size_t gone = 0;
  while (waiting_.size() > kMaxWaiting || (bytes > kMaxBytes && waiting_.size() > 1)) {
    bytes -= waiting_.front().bytes;
    remove(waiting_.front().number);
    ++gone;
  }
  return gone;
}

void Spool::remove(std::uint32_t number) {
  std::erase_if(waiting_, [&](const auto& one) { return one.number == number; });
  remove_file(path(number));
  remove_file(path(number) + std::string(kZipped));
}

void Spool::keep_rows(const std::set<std::string>& rows) {
  std::vector<std::uint32_t> gone;
  for (const auto& one : waiting_) {
    if (!rows.contains(one.row)) gone.push_back(one.number);
  }
  for (const auto number : gone) remove(number);
}

void Spool::restore(std::uint32_t last, std::deque<Waiting> waiting, const std::set<std::uint32_t>& open) {
  last_ = last;
  waiting_.clear();
  std::set<std::string> known;
  for (const auto number : open) known.insert({path(number), path(number) + std::string(kZipped)});
  std::error_code error;
  for (auto& one : waiting) {
    one.path = path(one.number) + std::string(one.name.ends_with(kZipped) ? kZipped : "");
    if (!fs::exists(one.path, error)) continue;
    known.insert(one.path);
    waiting_.push_back(std::move(one));
  }
  std::vector<std::string> strange;
  for (const auto& entry : fs::directory_iterator(directory_, error)) {
    const auto file = entry.path().string();
    if (entry.path().filename().string().starts_with(kPrefix) && !known.contains(file)) strange.push_back(file);
  }
  for (const auto& file : strange) remove_file(file);
}

}  // namespace hnbemu::pm
