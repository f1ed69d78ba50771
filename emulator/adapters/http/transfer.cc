#include "adapters/http/transfer.h"

#include <strings.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "netns/device_socket.h"

namespace hnbemu::http {
namespace {

namespace asio = boost::asio;

bool initialise_library() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

void add_header(curl_slist*& list, const char* line) {
  list = curl_slist_append(list, line);
}

void set_blob(CURL* easy, CURLoption option, const std::string& text) {
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};  // outlives the handle
  curl_easy_setopt(easy, option, &blob);
}

}  // namespace

CurlAcsHttp::Transfer::Transfer(asio::any_io_executor executor, const netns::Namespace& home, TlsConfig tls)
    : executor_(executor), home_(home), tls_(std::move(tls)), timer_(executor), done_(executor, Deadline::max()) {}

CurlAcsHttp::Transfer::~Transfer() {
  close_all();
}

Result<> CurlAcsHttp::Transfer::open() {
  if (multi_ != nullptr) return {};
  if (initialise_library()) multi_ = curl_multi_init();
  if (multi_ != nullptr) easy_ = curl_easy_init();
  if (easy_ == nullptr) return fail(Cause::resources, "libcurl cannot be started: out of memory or descriptors");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Transfer::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Transfer::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  set_constant_options();
  return {};
}

void CurlAcsHttp::Transfer::set_constant_options() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_USERAGENT, "hnbemu");
  set(CURLOPT_COOKIEFILE, "");  // keeps cookies in memory
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_CLOSESOCKETFUNCTION, &Transfer::on_close);
  set(CURLOPT_CLOSESOCKETDATA, this);
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
  if (!tls_.ca.empty()) set_blob(easy_, CURLOPT_CAINFO_BLOB, tls_.ca);
  if (!tls_.certificate.empty()) {
    set_blob(easy_, CURLOPT_SSLCERT_BLOB, tls_.certificate);
    set_blob(easy_, CURLOPT_SSLKEY_BLOB, tls_.private_key);
  }
}

void CurlAcsHttp::Transfer::set_request_options() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  const auto& url = request_.url;
  set(CURLOPT_URL, url.to_string().c_str());
  curl_slist_free_all(std::exchange(connect_to_, nullptr));
  const auto target = fmt::format("{}:{}:{}:{}", url.host, url.port, request_.address.to_string(), url.port);
  connect_to_ = curl_slist_append(nullptr, target.c_str());
  set(CURLOPT_CONNECT_TO, connect_to_);

  // TR-069 3.4.1: an envelope has an empty SOAPAction, an empty POST neither that nor a Content-Type.
  curl_slist_free_all(std::exchange(headers_, nullptr));
  add_header(headers_, "Expect:");
  add_header(headers_, "Accept:");
  add_header(headers_, request_.body.empty() ? "Content-Type:" : "Content-Type: text/xml; charset=utf-8");
  if (!request_.body.empty()) add_header(headers_, "SOAPAction;");  // curl's way to say an empty value
  set(CURLOPT_HTTPHEADER, headers_);
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDS, request_.body.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));

  const bool named = !request_.username.empty();
  set(CURLOPT_USERNAME, named ? request_.username.c_str() : nullptr);
  set(CURLOPT_PASSWORD, named ? request_.password.c_str() : nullptr);
  set(CURLOPT_HTTPAUTH, named ? authentication_ : static_cast<long>(CURLAUTH_NONE));
}

Result<> CurlAcsHttp::Transfer::begin(AcsRequest request, Path path) {
  if (auto opened = open(); !opened) return opened;
  request_ = std::move(request);
  path_ = std::move(path);
  body_.clear();
  result_.reset();
  socket_error_.reset();
  over_limit_.clear();
  header_bytes_ = 0;
  answers_ = 0;
  error_text_[0] = '\0';
  set_request_options();
  if (curl_multi_add_handle(multi_, easy_) != CURLM_OK) return fail(Cause::resources, "libcurl takes no transfer");
  active_ = true;
  return {};
}

Task<Result<AcsResponse>> CurlAcsHttp::Transfer::finish(Deadline deadline) {
  const auto self = shared_from_this();
  if (!result_) {
    done_.expires_at(deadline);
    co_await done_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  stop_transfer();
  if (!result_ && std::chrono::steady_clock::now() >= deadline) {
    result_ = fail(Cause::timeout, fmt::format("{} did not answer in time", request_.url.to_string()));
  }
  if (!result_) result_ = fail(Cause::cancelled, "the device was stopped");
  co_return std::move(*result_);
}

void CurlAcsHttp::Transfer::stop_transfer() {
  if (std::exchange(active_, false)) curl_multi_remove_handle(multi_, easy_);
}

void CurlAcsHttp::Transfer::close_all() {
  if (active_) {
    stop_transfer();
    result_ = fail(Cause::network, "the connection was closed: the network under it changed");
    done_.cancel();
  }
  timer_.cancel();
  if (easy_ != nullptr) curl_easy_cleanup(std::exchange(easy_, nullptr));
  if (multi_ != nullptr) curl_multi_cleanup(std::exchange(multi_, nullptr));  // closes the sockets
  curl_slist_free_all(std::exchange(headers_, nullptr));
  curl_slist_free_all(std::exchange(connect_to_, nullptr));
  authentication_ = CURLAUTH_BASIC | CURLAUTH_DIGEST;
  cookies_set_ = 0;
}

curl_socket_t CurlAcsHttp::Transfer::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto& path = transfer.path_;
  auto fd = netns::device_socket(transfer.home_, path.plane == Plane::outer, path.source, address->socktype,
                                 address->protocol);
  if (fd) return fd->release();
  transfer.socket_error_ = fd.error();
  return CURL_SOCKET_BAD;
}

int CurlAcsHttp::Transfer::on_close(void* self, curl_socket_t socket) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (const auto found = transfer.watches_.find(socket); found != transfer.watches_.end()) {
    found->second->descriptor.release();
    transfer.watches_.erase(found);
  }
  return ::close(socket);
}

int CurlAcsHttp::Transfer::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (what == CURL_POLL_REMOVE) {
    const auto found = transfer.watches_.find(socket);
    if (found == transfer.watches_.end()) return 0;
    found->second->descriptor.release();
    transfer.watches_.erase(found);
    return 0;
  }
  auto& place = transfer.watches_[socket];
  if (!place) place = std::make_shared<Watch>(asio::posix::stream_descriptor(transfer.executor_, socket));
  place->wanted = what;
  transfer.watch(socket);
  return 0;
}

void CurlAcsHttp::Transfer::watch(curl_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  const auto place = found->second;
  using Wait = asio::posix::stream_descriptor;
  const auto weak = weak_from_this();
  if ((place->wanted & CURL_POLL_IN) != 0 && !place->reading) {
    place->reading = true;
    place->descriptor.async_wait(Wait::wait_read, [weak, place, socket](auto error) {
      place->reading = false;
      if (const auto self = weak.lock(); self && !error) self->act(socket, CURL_CSELECT_IN);
    });
  }
  if ((place->wanted & CURL_POLL_OUT) != 0 && !place->writing) {
    place->writing = true;
    place->descriptor.async_wait(Wait::wait_write, [weak, place, socket](auto error) {
      place->writing = false;
      if (const auto self = weak.lock(); self && !error) self->act(socket, CURL_CSELECT_OUT);
    });
  }
}

int CurlAcsHttp::Transfer::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.timer_.cancel();
  if (timeout_ms < 0) return 0;
  const auto weak = transfer.weak_from_this();
  if (timeout_ms == 0) {  // at once, but not from in here: without a system call
    asio::post(transfer.executor_, [weak] {
      if (const auto self_again = weak.lock()) self_again->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }
  transfer.timer_.expires_after(Millis{timeout_ms});
  transfer.timer_.async_wait([weak](auto error) {
    if (const auto self_again = weak.lock(); self_again && !error) self_again->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void CurlAcsHttp::Transfer::act(curl_socket_t socket, int events) {
  if (multi_ == nullptr) return;
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE || !active_) continue;
    const CURLcode code = message->data.result;  // the message dies with the transfer
    if (code == CURLE_OK && cookies_within_limit()) {
      result_ = take_response();
    } else {
      result_ = tl::unexpected(error_of(code));
    }
    done_.cancel();
  }
  watch(socket);
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
  if (socket_error_) return *socket_error_;
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
