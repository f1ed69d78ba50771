#pragma once

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "base/result.h"
#include "base/time.h"

namespace hnbemu::http {

// libcurl's multi interface, driven by Asio: one for all who share an execution context, since each has descriptors and
// tables of its own. It opens no sockets itself. Runs on one thread; it lives as long as somebody holds it.
class CurlEngine : public std::enable_shared_from_this<CurlEngine> {
 public:
  // That of the executor's context.
  static std::shared_ptr<CurlEngine> of(const boost::asio::any_io_executor& executor);
  explicit CurlEngine(boost::asio::any_io_executor executor);
  ~CurlEngine();
  CurlEngine(const CurlEngine&) = delete;
  CurlEngine& operator=(const CurlEngine&) = delete;

  // Told once of the end of a transfer; it must not remove the handle from inside.
  class Transfer {
   public:
    virtual void ended(CURLcode code) = 0;

   protected:
    ~Transfer() = default;
  };
  // Begins the transfer; `transfer` lives until it has ended or remove(), which every added handle comes to.
  Result<> add(CURL* easy, Transfer& transfer);
  void remove(CURL* easy);
  // For each handle's CURLOPT_OPENSOCKETFUNCTION: the socket stays registered until on_close(), its
  // CURLOPT_CLOSESOCKETFUNCTION. False if it cannot be.
  bool adopt(curl_socket_t socket);
  static int on_close(void* engine, curl_socket_t socket);

 private:
  struct Watch {
    explicit Watch(const boost::asio::any_io_executor& executor) : descriptor(executor) {}
    boost::asio::posix::stream_descriptor descriptor;
    int wanted = CURL_POLL_NONE;
    bool adopted = false;
    bool reading = false;
    bool writing = false;
  };

  static int on_socket(CURL*, curl_socket_t socket, int what, void* engine, void*);
  static int on_timer(CURLM*, long timeout_ms, void* engine);
  Result<> open();
  std::shared_ptr<Watch> register_socket(curl_socket_t socket);  // nullptr if the reactor does not take it
  void watch(const std::shared_ptr<Watch>& place, curl_socket_t socket);
  void wait_until(Deadline when);
  void act(curl_socket_t socket, int events);

  boost::asio::any_io_executor executor_;
  CURLM* multi_ = nullptr;
  boost::asio::steady_timer timer_;
  Deadline due_ = Deadline::max();    // when libcurl wants to be called
  Deadline armed_ = Deadline::max();  // when the timer ends: then or before, since much of what is due is put off
  std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
};

}  // namespace hnbemu::http
