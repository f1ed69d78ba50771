#include "adapters/throughput/connection.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>

namespace hnbemu::throughput {
namespace {

using diagnostics::Failure;

WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

Connection::Connection(const ThroughputRequest& request) : request_(request) {
  const bool endless = request.duration.count() > 0;
  upload_left_ = endless ? UINT64_MAX : request.upload_bytes;
}

Connection::~Connection() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
  curl_slist_free_all(connect_to_);
  curl_slist_free_all(headers_);
}

Result<> Connection::open() {
  easy_ = curl_easy_init();
  if (easy_ == nullptr) return fail(Cause::resources, "libcurl cannot be started: out of memory");
  set_options();
  return {};
}

void Connection::set_options() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  const auto& url = request_.url;
  const auto target = fmt::format("{}:{}:{}:{}", url.host, url.port, request_.address.to_string(), url.port);
  connect_to_ = curl_slist_append(nullptr, target.c_str());
  headers_ = curl_slist_append(nullptr, "Expect:");
  set(CURLOPT_URL, url.to_string().c_str());
  set(CURLOPT_CONNECT_TO, connect_to_);
  set(CURLOPT_HTTPHEADER, headers_);
  set(CURLOPT_PROTOCOLS_STR, "http,ftp");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_USERAGENT, "hnbemu");
  set(CURLOPT_FTP_USE_EPSV, 0L);  // TR-143 speaks of PASV
  set(CURLOPT_SOCKOPTFUNCTION, &Connection::on_socket);
  set(CURLOPT_SOCKOPTDATA, this);
  set(CURLOPT_VERBOSE, 1L);
  set(CURLOPT_DEBUGFUNCTION, &Connection::on_debug);
  set(CURLOPT_DEBUGDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Connection::on_write);
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_CONNECTTIMEOUT, kConnectTimeout);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, kSilence);
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, kSilence);
  if (!request_.upload) return;
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &Connection::on_read);
  set(CURLOPT_READDATA, this);
  const bool endless = upload_left_ == UINT64_MAX;
  set(CURLOPT_INFILESIZE_LARGE, endless ? curl_off_t{-1} : static_cast<curl_off_t>(upload_left_));
}

// Of FTP the control connection comes first.
int Connection::on_socket(void* self, curl_socket_t socket, curlsocktype) {
  auto& connection = *static_cast<Connection*>(self);
  const int tos = connection.request_.dscp << 2;  // RFC 2474: the six upper bits
  if (::setsockopt(socket, IPPROTO_IP, IP_TOS, &tos, sizeof tos) != 0) return CURL_SOCKOPT_ERROR;
  connection.socket_ = socket;
  connection.measured_.tcp_open_request = wall_now();
  connection.measured_.tcp_open_response.reset();
  return CURL_SOCKOPT_OK;
}

int Connection::on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
  auto& connection = *static_cast<Connection*>(self);
  const std::string_view text(data, size);
  switch (type) {
    case CURLINFO_HEADER_OUT:
      connection.said(text);
      break;
    case CURLINFO_HEADER_IN:
      connection.heard(text);
      break;
    case CURLINFO_DATA_IN:
    case CURLINFO_DATA_OUT:
      if ((type == CURLINFO_DATA_OUT) == connection.request_.upload) connection.moved(size);
      break;
    default:
      break;
  }
  return 0;
}

std::size_t Connection::on_read(char* data, std::size_t size, std::size_t count, void* self) {
  auto& left = static_cast<Connection*>(self)->upload_left_;
  const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(size * count, left));
  std::fill_n(data, bytes, '\0');
  if (left != UINT64_MAX) left -= bytes;
  return bytes;
}

// A command goes when the connection that it needs is there.
void Connection::said(std::string_view command) {
  if (!measured_.tcp_open_response && socket_ != CURL_SOCKET_BAD) measured_.tcp_open_response = wall_now();
  if (is_ftp()) {
    command_ = command.substr(0, command.find_first_of(" \r\n"));
    if (command_ != "RETR" && command_ != "STOR") return;
  }
  if (measured_.request) return;
  measured_.request = wall_now();
  before_ = tcp_bytes(socket_);
  before_.received = before_.overhead;  // the SYN-ACK's: an answer may be quicker than this is counted
  if (request_.upload && !is_ftp()) measured_.test_bytes += command.size();
}

void Connection::heard(std::string_view line) {
  if (!is_ftp()) {
    if (!request_.upload) {
      begin();
      measured_.test_bytes += line.size();
    } else if (line.starts_with("HTTP/1.1 2") || line.starts_with("HTTP/1.0 2")) {
      count();
      measured_.end = wall_now();
    }
    return;
  }
  if (!request_.upload || command_ != "STOR") return;
  if (line.starts_with("1")) begin();
  if (line.starts_with("2")) measured_.end = wall_now();
}

void Connection::moved(std::size_t bytes) {
  begin();
  measured_.test_bytes += bytes;
  file_bytes_ += bytes;
  count();
  if (!request_.upload) measured_.end = wall_now();
}

void Connection::begin() {
  if (measured_.begin) return;
  measured_.begin = wall_now();
  if (!request_.upload) before_.sent = tcp_bytes(socket_).sent;
  if (on_begin) on_begin();
}

// What is written but has not left yet will be: in full segments.
void Connection::count() {
  const auto now = tcp_bytes(socket_);
  measured_.ip_bytes_received = now.received - std::min(now.received, before_.received);
  measured_.ip_bytes_sent = now.sent - std::min(now.sent, before_.sent);
  if (!request_.upload) return;
  const auto gone = now.data_sent - std::min(now.data_sent, before_.data_sent);
  const auto waiting = measured_.test_bytes - std::min(measured_.test_bytes, gone);
  measured_.ip_bytes_sent += waiting + waiting / now.segment * now.overhead;
}

void Connection::ended(const Result<CURLcode>& end) {
  over_ = true;
  if (measured_.begin && !measured_.end) measured_.end = wall_now();
  if (time_up_) return;
  if (!end) {
    if (end.error().cause == Cause::system || end.error().cause == Cause::resources) error = end.error();
    failure_ = end.error().cause == Cause::network ? Failure::init_connection_failed : Failure::timeout;
    detail_ = end.error().detail;
    return;
  }
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  const bool good = is_ftp() || status / 100 == 2;
  if (*end == CURLE_OK && good) return;
  failure_ = *end == CURLE_OK ? (request_.upload ? Failure::no_transfer_complete : Failure::transfer_failed)
                              : failure_of(*end);
  detail_ = *end == CURLE_OK ? fmt::format("HTTP status {}", status) : std::string(error_text_);
}

Failure Connection::failure_of(CURLcode code) const {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return Failure::init_connection_failed;
    case CURLE_LOGIN_DENIED:
    case CURLE_FTP_WEIRD_PASS_REPLY:
      return command_ == "USER" ? Failure::password_request_failed : Failure::login_failed;
    case CURLE_FTP_COULDNT_SET_TYPE:
      return Failure::no_transfer_mode;
    case CURLE_FTP_WEIRD_PASV_REPLY:
    case CURLE_FTP_WEIRD_227_FORMAT:
    case CURLE_FTP_CANT_GET_HOST:
      return Failure::no_pasv;
    case CURLE_REMOTE_ACCESS_DENIED:
      return Failure::no_cwd;
    case CURLE_REMOTE_FILE_NOT_FOUND:
    case CURLE_FTP_COULDNT_RETR_FILE:
      return Failure::transfer_failed;
    case CURLE_UPLOAD_FAILED:
      return Failure::no_stor;
    case CURLE_PARTIAL_FILE:
      return request_.upload ? Failure::no_transfer_complete : Failure::incorrect_size;
    case CURLE_OPERATION_TIMEDOUT:
      if (!measured_.tcp_open_response) return Failure::init_connection_failed;
      return measured_.begin ? Failure::timeout : Failure::no_response;
    default:
      break;
  }
  if (!measured_.begin && code == CURLE_GOT_NOTHING) return Failure::no_response;
  if (!measured_.request && is_ftp()) return command_.empty() ? Failure::no_response : Failure::init_connection_failed;
  return request_.upload ? Failure::no_transfer_complete : Failure::transfer_failed;
}

}  // namespace hnbemu::throughput
