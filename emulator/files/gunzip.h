#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"

using z_stream = struct z_stream_s;

namespace hnbemu::files {

bool is_gzip(std::string_view beginning);

// Unpacks gzip (RFC 1952) piece by piece, in little memory. Errors: configuration (it is damaged or truncated, or what
// is in it has more than `limit` bytes), and those of `sink`.
class Gunzip {
 public:
  using Sink = std::function<Result<>(std::string_view)>;

  Gunzip(std::size_t limit, Sink sink);
  Result<> feed(std::string_view piece);
  Result<> finish();

 private:
  struct Free {
    void operator()(z_stream* stream) const;
  };
  Result<> inflate_some();

  std::size_t left_;  // bytes that may still come out
  Sink sink_;
  std::unique_ptr<z_stream, Free> stream_;
  bool between_members_ = false;  // one is complete, and no other has begun
};

}  // namespace hnbemu::files
