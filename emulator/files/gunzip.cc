#include "files/gunzip.h"

#define ZLIB_CONST  // input is not written to
#include <zlib.h>

#include <array>
#include <new>

namespace hnbemu::files {
namespace {

constexpr int kGzip = 16 + MAX_WBITS;
constexpr std::size_t kPieceBytes = 16'384;

tl::unexpected<Error> damaged(const char* how) {
  return fail(Cause::configuration, fmt::format("the gzip file is {}", how));
}

}  // namespace

bool is_gzip(std::string_view beginning) {
  return beginning.starts_with("\x1F\x8B");
}

void Gunzip::Free::operator()(z_stream* stream) const {
  inflateEnd(stream);
  delete stream;
}

Gunzip::Gunzip(std::size_t limit, Sink sink) : left_(limit), sink_(std::move(sink)), stream_(new z_stream{}) {
  if (inflateInit2(stream_.get(), kGzip) != Z_OK) throw std::bad_alloc();
}

Result<> Gunzip::feed(std::string_view piece) {
  stream_->next_in = reinterpret_cast<const Bytef*>(piece.data());
  stream_->avail_in = static_cast<uInt>(piece.size());
  while (stream_->avail_in > 0) {
    if (std::exchange(between_members_, false)) inflateReset(stream_.get());
    if (auto done = inflate_some(); !done) return done;
  }
  return {};
}

Result<> Gunzip::inflate_some() {
  std::array<char, kPieceBytes> out;
  do {
    stream_->next_out = reinterpret_cast<Bytef*>(out.data());
    stream_->avail_out = out.size();
    const int status = inflate(stream_.get(), Z_NO_FLUSH);
    const auto size = out.size() - stream_->avail_out;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return damaged("damaged");
    if (size > left_) return damaged("too large when it is unpacked");
    left_ -= size;
    if (auto taken = sink_({out.data(), size}); !taken) return taken;
    if (status == Z_STREAM_END) {
      between_members_ = true;
      return {};
    }
  } while (stream_->avail_out == 0);
  return {};
}

Result<> Gunzip::finish() {
  if (!between_members_) return damaged("truncated");
  return {};
}

}  // namespace hnbemu::files
