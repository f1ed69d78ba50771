#include "adapters/file_transfer/exchange.h"

#include <algorithm>
#include <cstdio>

namespace hnbemu::file_transfer {
namespace {

bool initialise_library() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char byte) { return byte < ' ' || byte == 0x7f; });
}

bool ends_with_any_case(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && std::ranges::equal(text.substr(text.size() - end.size()), end, {},
                                                         [](unsigned char byte) { return std::tolower(byte); });
}

}  // namespace

Exchange::Exchange(FileRequest request, std::shared_ptr<const http::TlsConfig> tls, Patience patience,
                   std::string validator)
    : request_(std::move(request)), tls_(std::move(tls)), patience_(patience), validator_(std::move(validator)) {}

std::string Exchange::at() const {
  return fmt::format("{} ({})", request_.url.to_string(), request_.address.to_string());
}

Result<> Exchange::check() const {
  const auto& url = request_.url;
  if (!url.is_for_files()) {
    return fail(Cause::unsupported, fmt::format("{}: the device has no scheme {}", at(), url.scheme));
  }
  if (!http() && (url.target.ends_with('/') || ends_with_any_case(url.target, ";type=d"))) {
    return fail(Cause::not_found, fmt::format("{}: a directory is no file", at()));
  }
  if (has_control(request_.username) || has_control(request_.password) || has_control(request_.content_type)) {
    return fail(Cause::configuration, fmt::format("{}: user or password have control characters", at()));
  }
  return {};
}

Result<> Exchange::open() {
  if (auto checked = check(); !checked) return checked;
  auto opened =
      get() ? file_.open_to_write(request_.file, request_.resume, request_.limit) : file_.open_to_read(request_.file);
  if (!opened) return opened;
  request_.resume = get() ? file_.size() : 0;
  if (initialise_library()) easy_ = curl_easy_init();
  if (easy_ == nullptr) return fail(Cause::resources, "libcurl cannot be started: out of memory");
  set_options();
  return {};
}

void Exchange::close() {
  if (easy_ != nullptr) curl_easy_cleanup(std::exchange(easy_, nullptr));
  curl_slist_free_all(std::exchange(headers_, nullptr));
  curl_slist_free_all(std::exchange(connect_to_, nullptr));
}

bool Exchange::fail_with(Cause cause, std::string detail) {
  error_ = Error{cause, fmt::format("{}: {}", at(), detail)};
  return false;
}

long Exchange::response() const {
  long code = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

std::string Exchange::header(const char* name) const {
  curl_header* found = nullptr;
  const bool there = curl_easy_header(easy_, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK;
  return there ? std::string(found->value) : std::string();
}

bool Exchange::accept_range() {
  const auto range = header("Content-Range");
  if (request_.resume > 0 && range.starts_with(fmt::format("bytes {}-", request_.resume))) return true;
  return fail_with(Cause::protocol,
                   fmt::format("the server sent '{}' of the file instead of {}-", range, request_.resume));
}

bool Exchange::accept_file() {
  if (std::exchange(accepted_, true) || !http()) return true;
  if (response() == 206) {
    if (!accept_range()) return false;
  } else if (!file_.empty()) {
    return false;
  }
  // A weak validator is none for ranges (RFC 9110 13.1.5).
  const auto tag = header("ETag");
  validator_ = !tag.empty() && !tag.starts_with("W/") ? tag : header("Last-Modified");
  curl_off_t length = -1;
  curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  const auto room = request_.limit - std::min(request_.limit, file_.size());
  if (length <= 0 || static_cast<std::uint64_t>(length) <= room) return true;
  return fail_with(Cause::resources, fmt::format("the file is larger than {} bytes", request_.limit));
}

bool Exchange::sink(const char* data, std::size_t bytes) {
  if (!accept_file()) return false;
  if (!file_.append(data, bytes)) {
    broken_();
    return false;
  }
  moved_ += bytes;
  return true;
}

std::size_t Exchange::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  const std::size_t bytes = size * count;
  if (exchange.http() && exchange.response() / 100 != 2) return bytes;  // words for people; on_progress() has the limit
  return exchange.sink(data, bytes) ? bytes : static_cast<std::size_t>(CURL_WRITEFUNC_ERROR);
}

std::size_t Exchange::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  const auto bytes = exchange.file_.read(buffer, size * count);
  if (!bytes) {
    exchange.broken_();
    return CURL_READFUNC_ABORT;
  }
  exchange.moved_ += *bytes;
  return *bytes;
}

int Exchange::on_seek(void* self, curl_off_t offset, int origin) {
  auto& exchange = *static_cast<Exchange*>(self);
  if (origin != SEEK_SET || !exchange.file_.rewind(static_cast<std::uint64_t>(offset))) return CURL_SEEKFUNC_FAIL;
  exchange.moved_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

// libcurl keeps every line of HTTP's headers until the transfer ends.
std::size_t Exchange::on_header(char*, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  exchange.header_bytes_ += size * count;
  if (exchange.header_bytes_ <= kMaxHeaderBytes) return size * count;
  exchange.fail_with(Cause::resources, fmt::format("the headers are larger than {} bytes", kMaxHeaderBytes));
  return 0;
}

int Exchange::on_progress(void* self, curl_off_t, curl_off_t come, curl_off_t, curl_off_t) {
  const auto& exchange = *static_cast<const Exchange*>(self);
  return exchange.http() && come > kMaxErrorBodyBytes && exchange.response() / 100 != 2 ? 1 : 0;
}

Outcome Exchange::conclude(CURLcode code) {
  const bool good = code == CURLE_OK && (!http() || response() / 100 == 2);
  if (good && get() && !error_) accept_file();
  file_.close();
  if (file_.error()) return {tl::unexpected(*file_.error())};
  if (error_) return {tl::unexpected(*error_)};
  if (good) return {FileReply{http() ? static_cast<int>(response()) : 200, "", get() ? file_.size() : moved_}};

  const auto where = at();
  if (http() && response() >= 300) {
    const bool begin_again = response() == 416 && request_.resume > 0;
    if (begin_again && header("Content-Range") == fmt::format("bytes */{}", request_.resume)) {
      return {FileReply{200, "", request_.resume}};  // there was nothing left to come
    }
    return {reply_of(static_cast<int>(response()), header("Location"), where), begin_again};
  }
  curl_off_t connect_us = 0;
  curl_off_t secure_us = 0;
  curl_easy_getinfo(easy_, CURLINFO_CONNECT_TIME_T, &connect_us);
  curl_easy_getinfo(easy_, CURLINFO_APPCONNECT_TIME_T, &secure_us);
  const bool secure = request_.url.scheme == "https" || request_.url.scheme == "sftp";
  const Progress progress{secure ? secure_us > 0 : connect_us > 0, moved_ > 0, response(), where,
                          error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code)};
  const bool begin_again = request_.resume > 0 && (code == CURLE_FTP_COULDNT_USE_REST ||
                                                   code == CURLE_BAD_DOWNLOAD_RESUME || code == CURLE_RANGE_ERROR);
  return {tl::unexpected(error_of(code, progress)), begin_again};
}

}  // namespace hnbemu::file_transfer
