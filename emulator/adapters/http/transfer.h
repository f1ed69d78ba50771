#pragma once

#include <curl/curl.h>

#include <memory>

#include "adapters/http/curl_acs_http.h"
#include "adapters/http/curl_multi.h"

namespace hnbemu::http {

// libcurl's side of it: the easy handle of one post after the other. A post under way keeps it alive.
class CurlAcsHttp::Transfer : public std::enable_shared_from_this<Transfer> {
 public:
  Transfer(boost::asio::any_io_executor executor, const netns::Namespace& home, TlsConfig tls);
  ~Transfer();

  Task<Result<AcsResponse>> post(AcsRequest request, Path path, Deadline deadline);
  void close_all();  // connections, cookies, what is known of authentication; a transfer under way ends

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);

  Result<> open();
  void set_constant_options();
  void set_target();
  void set_request_options();
  AcsResponse take_response();
  std::string header(const char* name);  // of the last answer; "" if it is not there
  bool cookies_within_limit();
  Error error_of(CURLcode code) const;

  const TlsConfig tls_;
  CurlMulti curl_;
  CURL* easy_ = nullptr;

  AcsRequest request_;
  std::string body_;
  curl_slist* of_envelope_ = nullptr;  // headers
  curl_slist* of_empty_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  char error_text_[CURL_ERROR_SIZE] = {};
  std::size_t header_bytes_ = 0;  // of this post
  unsigned answers_ = 0;          // to this post
  std::size_t cookies_set_ = 0;   // by the ACS, since they were last counted
  std::string over_limit_;        // which limit the ACS has passed; "": none
  long authentication_ = CURLAUTH_BASIC | CURLAUTH_DIGEST;
};

}  // namespace hnbemu::http
