#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>

#include "adapters/throughput/tcp_bytes.h"
#include "ports/throughput.h"

namespace hnbemu::throughput {

inline constexpr long kConnectTimeout = 30;  // s
inline constexpr long kSilence = 30;         // s without a byte: the server does not answer any more

// One transfer of a test: libcurl's handle for it, and what was measured. TR-143 says what each time means.
class Connection {
 public:
  explicit Connection(const ThroughputRequest& request);  // which outlives it
  Connection(const Connection&) = delete;
  ~Connection();

  Result<> open();
  CURL* easy() const { return easy_; }
  // Called when the first and after the last byte of the file has moved.
  std::function<void()> on_begin;
  void finish_upload() { upload_left_ = 0; }  // a time-based one: the file ends here
  void time_up() { time_up_ = true; }         // a time-based download is cut off
  void ended(const Result<CURLcode>& end);
  bool is_over() const { return over_; }

  const diagnostics::ThroughputConnection& measured() const { return measured_; }
  const std::optional<diagnostics::Failure>& failure() const { return failure_; }
  const std::string& detail() const { return detail_; }
  std::optional<Error> error;  // of the device itself

 private:
  static int on_socket(void* self, curl_socket_t socket, curlsocktype);
  static int on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* self);
  static std::size_t on_read(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_write(char*, std::size_t size, std::size_t count, void*) { return size * count; }

  void set_options();
  void said(std::string_view command);
  void heard(std::string_view line);
  void moved(std::size_t bytes);
  void begin();
  void count();
  diagnostics::Failure failure_of(CURLcode code) const;
  bool is_ftp() const { return request_.url.scheme == "ftp"; }

  const ThroughputRequest& request_;
  CURL* easy_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  curl_slist* headers_ = nullptr;
  char error_text_[CURL_ERROR_SIZE] = {};
  std::uint64_t upload_left_ = 0;
  bool time_up_ = false;
  bool over_ = false;
  curl_socket_t socket_ = CURL_SOCKET_BAD;  // of the file: FTP's data connection
  TcpBytes before_;                         // its bytes when the request was sent
  std::uint64_t file_bytes_ = 0;
  std::string command_;  // FTP's last one
  diagnostics::ThroughputConnection measured_;
  std::optional<diagnostics::Failure> failure_;
  std::string detail_;
};

}  // namespace hnbemu::throughput
