#include "adapters/http/transfer.h"

#include <strings.h>

namespace hnbemu::http {
namespace {

// libcurl would start a second connection beside a slow one; there is one address only, and its timer costs.
constexpr long kNoRaceMs = 3'600'000;

void add_header(curl_slist*& list, const char* line) {
  list = curl_slist_append(list, line);
}

void set_blob(CURL* easy, CURLoption option, const std::string& text) {
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};  // outlives the handle
  curl_easy_setopt(easy, option, &blob);
}

}  // namespace

CurlAcsHttp::Transfer::Transfer(boost::asio::any_io_executor executor, const netns::Namespace& home, TlsConfig tls)
    : tls_(std::move(tls)), curl_(std::move(executor), home) {}

CurlAcsHttp::Transfer::~Transfer() {
  close_all();
}

Result<> CurlAcsHttp::Transfer::open() {
  if (easy_ != nullptr) return {};
  easy_ = curl_easy_init();
  if (easy_ == nullptr) return fail(Cause::resources, "libcurl cannot be started: out of memory");
  set_constant_options();
  return {};
}

void CurlAcsHttp::Transfer::set_constant_options() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_USERAGENT, "hnbemu");
  set(CURLOPT_COOKIEFILE, "");  // keeps cookies in memory
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // the host's own roots are none of the device's
  set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
  set(CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, kNoRaceMs);
  if (!tls_.ca.empty()) set_blob(easy_, CURLOPT_CAINFO_BLOB, tls_.ca);
  if (!tls_.certificate.empty()) {
    set_blob(easy_, CURLOPT_SSLCERT_BLOB, tls_.certificate);
    set_blob(easy_, CURLOPT_SSLKEY_BLOB, tls_.private_key);
  }
  // TR-069 3.4.1: an envelope has an empty SOAPAction, an empty POST neither that nor a Content-Type.
  for (auto* const list : {&of_envelope_, &of_empty_}) {
    add_header(*list, "Expect:");
    add_header(*list, "Accept:");
  }
  add_header(of_empty_, "Content-Type:");
  add_header(of_envelope_, "Content-Type: text/xml; charset=utf-8");
  add_header(of_envelope_, "SOAPAction;");  // curl's way to say an empty value
}

void CurlAcsHttp::Transfer::set_target() {
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.to_string().c_str());
  curl_slist_free_all(std::exchange(connect_to_, nullptr));
  // For any host: whatever libcurl reads in the URL, it has no name to resolve.
  const auto target = fmt::format("::{}:{}", request_.address.to_string(), request_.url.port);
  connect_to_ = curl_slist_append(nullptr, target.c_str());
  curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
}

void CurlAcsHttp::Transfer::set_request_options() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  set(CURLOPT_HTTPHEADER, request_.body.empty() ? of_empty_ : of_envelope_);
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDS, request_.body.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));

  const bool named = !request_.username.empty();
  set(CURLOPT_USERNAME, named ? request_.username.c_str() : nullptr);
  set(CURLOPT_PASSWORD, named ? request_.password.c_str() : nullptr);
  set(CURLOPT_HTTPAUTH, named ? authentication_ : static_cast<long>(CURLAUTH_NONE));
}

Task<Result<AcsResponse>> CurlAcsHttp::Transfer::post(AcsRequest request, Path path, Deadline deadline) {
  const auto self = shared_from_this();
  if (auto opened = open(); !opened) co_return tl::unexpected(opened.error());
  const bool elsewhere = connect_to_ == nullptr || request.url != request_.url || request.address != request_.address;
  request_ = std::move(request);
  body_.clear();
  over_limit_.clear();
  header_bytes_ = 0;
  answers_ = 0;
  error_text_[0] = '\0';
  if (elsewhere) set_target();
  set_request_options();
  auto code = co_await curl_.perform(easy_, std::move(path), deadline);
  if (!code && code.error().cause == Cause::timeout) {
    co_return fail(Cause::timeout, fmt::format("{} did not answer in time", request_.url.to_string()));
  }
  if (!code) co_return tl::unexpected(std::move(code).error());
  if (*code == CURLE_OK && cookies_within_limit()) co_return take_response();
  co_return tl::unexpected(error_of(*code));
}

void CurlAcsHttp::Transfer::close_all() {
  curl_.close_all();
  if (easy_ != nullptr) curl_easy_cleanup(std::exchange(easy_, nullptr));
  curl_slist_free_all(std::exchange(of_envelope_, nullptr));
  curl_slist_free_all(std::exchange(of_empty_, nullptr));
  curl_slist_free_all(std::exchange(connect_to_, nullptr));
  authentication_ = CURLAUTH_BASIC | CURLAUTH_DIGEST;
  cookies_set_ = 0;
}

std::size_t CurlAcsHttp::Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  if (transfer.body_.size() + bytes > kMaxBodyBytes) {
    transfer.over_limit_ = fmt::format("the body is larger than {} bytes", kMaxBodyBytes);
    return 0;
  }
  transfer.body_.append(data, bytes);
  return bytes;
}

// libcurl keeps every line of every header and trailer until the transfer ends.
std::size_t CurlAcsHttp::Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view line(data, size * count);
  transfer.header_bytes_ += line.size();
  if (transfer.header_bytes_ > kMaxHeaderBytes) {
    transfer.over_limit_ = fmt::format("the headers are larger than {} bytes", kMaxHeaderBytes);
    return 0;
  }
  if (line.starts_with("HTTP/") && ++transfer.answers_ > kMaxAnswers) {
    transfer.over_limit_ = fmt::format("more than {} answers to one request", kMaxAnswers);
    return 0;
  }
  constexpr std::string_view kSetCookie = "Set-Cookie:";
  if (::strncasecmp(data, kSetCookie.data(), std::min(line.size(), kSetCookie.size())) == 0) ++transfer.cookies_set_;
  return line.size();
}

// Counted only when it may be needed: most of what is set replaces what was.
bool CurlAcsHttp::Transfer::cookies_within_limit() {
  if (cookies_set_ <= kMaxCookies) return true;
  curl_slist* cookies = nullptr;
  curl_easy_getinfo(easy_, CURLINFO_COOKIELIST, &cookies);
  cookies_set_ = 0;
  for (const auto* cookie = cookies; cookie != nullptr; cookie = cookie->next) ++cookies_set_;
  curl_slist_free_all(cookies);
  if (cookies_set_ > kMaxCookies) over_limit_ = fmt::format("more than {} cookies", kMaxCookies);
  return over_limit_.empty();
}

std::string CurlAcsHttp::Transfer::header(const char* name) {
  curl_header* found = nullptr;
  const bool there = curl_easy_header(easy_, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK;
  return there ? std::string(found->value) : std::string();
}

AcsResponse CurlAcsHttp::Transfer::take_response() {
  AcsResponse response;
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  response.content_type = header("Content-Type");
  response.location = header("Location");
  response.retry_after = header("Retry-After");
  response.body = std::move(body_);

  long connections = 0;
  curl_off_t plain_us = 0;
  curl_off_t tls_us = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &connections);
  curl_easy_getinfo(easy_, CURLINFO_CONNECT_TIME_T, &plain_us);
  curl_easy_getinfo(easy_, CURLINFO_APPCONNECT_TIME_T, &tls_us);
  if (connections > 0) {
    response.connect = std::chrono::duration_cast<Millis>(std::chrono::microseconds{std::max(plain_us, tls_us)});
  }
  // Having been asked once, the device answers of itself: one round trip less for each later request.
  long offered = 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTPAUTH_AVAIL, &offered);
  if ((offered & CURLAUTH_DIGEST) != 0) {
    authentication_ = CURLAUTH_DIGEST;
  } else if ((offered & CURLAUTH_BASIC) != 0) {
    authentication_ = CURLAUTH_BASIC;
  }
  return response;
}

Error CurlAcsHttp::Transfer::error_of(CURLcode code) const {
  const std::string words = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
  const auto detail = fmt::format("{} ({}): {}", request_.url.to_string(), request_.address.to_string(), words);
  if (!over_limit_.empty()) {
    return Error{Cause::resources, fmt::format("{}: {}", request_.url.to_string(), over_limit_), code};
  }
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return Error{Cause::tls_certificate, detail, code};
    case CURLE_SSL_CONNECT_ERROR:
      return Error{Cause::tls_handshake, detail, code};
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return Error{Cause::configuration, detail, code};
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
      return Error{Cause::network, detail, code};
    case CURLE_OUT_OF_MEMORY:  // also what libcurl says of a header line beyond its own limit
      return Error{Cause::resources, detail + ", or a header line too long", code};
    default:
      return Error{Cause::protocol, detail, code};
  }
}

}  // namespace hnbemu::http
