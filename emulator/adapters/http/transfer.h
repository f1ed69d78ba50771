#pragma once

#include <curl/curl.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>

#include "adapters/http/curl_acs_http.h"

namespace hnbemu::http {

// libcurl's side: one easy handle, one multi handle, and the sockets that they have open. Shared with the handlers of
// its operations, so that it outlives them all.
class CurlAcsHttp::Transfer : public std::enable_shared_from_this<Transfer> {
 public:
  Transfer(boost::asio::any_io_executor executor, const netns::Namespace& home, TlsConfig tls);
  ~Transfer();

  Result<> begin(AcsRequest request, Path path);
  Task<Result<AcsResponse>> finish(Deadline deadline);
  void close_all();  // connections, cookies, what is known of authentication; a transfer under way ends

 private:
  struct Watch {
    explicit Watch(boost::asio::posix::stream_descriptor made) : descriptor(std::move(made)) {}
    boost::asio::posix::stream_descriptor descriptor;
    int wanted = CURL_POLL_NONE;
    bool reading = false;
    bool writing = false;
  };

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long timeout_ms, void* self);
  static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t socket);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);

  Result<> open();
  void set_constant_options();
  void set_request_options();
  void watch(curl_socket_t socket);
  void act(curl_socket_t socket, int events);
  void stop_transfer();
  AcsResponse take_response();
  std::string header(const char* name);  // of the last answer; "" if it is not there
  bool cookies_within_limit();
  Error error_of(CURLcode code) const;

  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  const TlsConfig tls_;
  CURLM* multi_ = nullptr;
  CURL* easy_ = nullptr;
  boost::asio::steady_timer timer_;  // libcurl's own
  boost::asio::steady_timer done_;   // cancelled when the transfer has ended
  std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;

  AcsRequest request_;
  Path path_;
  std::string body_;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  char error_text_[CURL_ERROR_SIZE] = {};
  std::optional<Error> socket_error_;
  bool active_ = false;
  std::size_t header_bytes_ = 0;  // of this post
  unsigned answers_ = 0;          // to this post
  std::size_t cookies_set_ = 0;   // by the ACS, since they were last counted
  std::string over_limit_;        // which limit the ACS has passed; "": none
  long authentication_ = CURLAUTH_BASIC | CURLAUTH_DIGEST;
  std::optional<Result<AcsResponse>> result_;
};

}  // namespace hnbemu::http
