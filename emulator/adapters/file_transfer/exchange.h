#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/file_transfer/curl_file_transfer.h"
#include "adapters/file_transfer/local_file.h"
#include "adapters/file_transfer/outcome.h"

namespace hnbemu::file_transfer {

// One try of a transfer: libcurl's handle with all that it needs, and what comes of it.
class Exchange {
 public:
  // `validator`: what the server called the file that `resume` bytes are there of; "": not known.
  Exchange(FileRequest request, std::shared_ptr<const http::TlsConfig> tls, Patience patience, std::string validator);
  ~Exchange() { close(); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Errors: resources, system (the local file), and those of a request that no server needs to be asked for.
  Result<> open();
  CURL* easy() { return easy_; }
  // Called from the thread of the transfer when the local file can take or give no more: the peer need not agree.
  void when_broken(std::function<void()> broken) { broken_ = std::move(broken); }
  Outcome conclude(CURLcode code);                   // closes the local file
  tl::unexpected<Error> failed(Error error) const {  // it never came to a conclusion
    error.detail = at() + ": " + error.detail;
    return tl::unexpected<Error>(std::move(error));
  }
  void close();  // the handle, and its connections if they are its own
  // From any thread: the file is the caller's again.
  void abandon() { file_.close(); }

  bool http() const { return request_.url.scheme == "http" || request_.url.scheme == "https"; }
  const IpAddress& peer() const { return request_.address; }
  const std::string& validator() const { return validator_; }  // of what is in the file now
  std::string at() const;                                      // URL and address, for people

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t come, curl_off_t, curl_off_t);

  bool get() const { return request_.method == FileRequest::Method::get; }
  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy_, option, value);
  }
  Result<> check() const;
  void set_options();
  void set_common_options();
  void set_tls_options();
  void set_http_options();
  void set_ftp_options();
  void set_direction();
  void add_header(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }
  bool sink(const char* data, std::size_t bytes);
  bool accept_file();  // the first byte of it is about to come
  bool accept_range();
  bool fail_with(Cause cause, std::string detail);
  long response() const;
  std::string header(const char* name) const;  // of the last answer; "" if it is not there

  FileRequest request_;
  const std::shared_ptr<const http::TlsConfig> tls_;
  const Patience patience_;
  std::string validator_;
  LocalFile file_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  char error_text_[CURL_ERROR_SIZE] = {};
  std::function<void()> broken_ = [] {};
  std::optional<Error> error_;  // found by a callback
  std::uint64_t moved_ = 0;     // bytes of the file, in this try
  std::size_t header_bytes_ = 0;
  bool accepted_ = false;
};

}  // namespace hnbemu::file_transfer
