#include "adapters/http/curl_engine.h"

#include <unistd.h>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>

namespace hnbemu::http {
namespace {

namespace asio = boost::asio;

bool initialise_library() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

// Where those of one execution context find each other's engine.
class Meeting : public asio::execution_context::service {
 public:
  static inline asio::execution_context::id id;
  explicit Meeting(asio::execution_context& context) : service(context) {}
  std::weak_ptr<CurlEngine> engine;

 private:
  void shutdown() override {}
};

}  // namespace

std::shared_ptr<CurlEngine> CurlEngine::of(const asio::any_io_executor& executor) {
  auto& meeting = asio::use_service<Meeting>(asio::query(executor, asio::execution::context));
  auto engine = meeting.engine.lock();
  if (!engine) meeting.engine = engine = std::make_shared<CurlEngine>(executor);
  return engine;
}

CurlEngine::CurlEngine(asio::any_io_executor executor) : executor_(executor), timer_(std::move(executor)) {}

CurlEngine::~CurlEngine() {
  if (multi_ != nullptr) curl_multi_cleanup(multi_);
}

Result<> CurlEngine::open() {
  if (multi_ != nullptr) return {};
  if (initialise_library()) multi_ = curl_multi_init();
  if (multi_ == nullptr) return fail(Cause::resources, "libcurl cannot be started: out of memory or descriptors");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlEngine::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlEngine::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  return {};
}

Result<> CurlEngine::add(CURL* easy, Transfer& transfer) {
  if (auto opened = open(); !opened) return opened;
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  if (curl_multi_add_handle(multi_, easy) == CURLM_OK) return {};
  return fail(Cause::resources, "libcurl takes no transfer");
}

void CurlEngine::remove(CURL* easy) {
  curl_multi_remove_handle(multi_, easy);
}

std::shared_ptr<CurlEngine::Watch> CurlEngine::register_socket(curl_socket_t socket) {
  auto place = std::make_shared<Watch>(executor_);
  boost::system::error_code error;
  place->descriptor.assign(socket, error);
  if (error) return nullptr;
  watches_.insert_or_assign(socket, place);
  return place;
}

bool CurlEngine::adopt(curl_socket_t socket) {
  const auto place = register_socket(socket);
  if (place) place->adopted = true;
  return place != nullptr;
}

// A socket of libcurl's own making it closes by itself, once it has taken it back.
int CurlEngine::on_socket(CURL*, curl_socket_t socket, int what, void* engine, void*) {
  auto& self = *static_cast<CurlEngine*>(engine);
  const auto found = self.watches_.find(socket);
  if (what == CURL_POLL_REMOVE) {
    if (found == self.watches_.end()) return 0;
    found->second->wanted = CURL_POLL_NONE;
    if (found->second->adopted) return 0;
    found->second->descriptor.release();
    self.watches_.erase(found);
    return 0;
  }
  const auto place = found != self.watches_.end() ? found->second : self.register_socket(socket);
  if (!place) return -1;
  place->wanted = what;
  self.watch(place, socket);
  return 0;
}

int CurlEngine::on_close(void* engine, curl_socket_t socket) {
  auto& watches = static_cast<CurlEngine*>(engine)->watches_;
  const auto found = watches.find(socket);
  if (found == watches.end()) return ::close(socket);
  found->second->wanted = CURL_POLL_NONE;
  boost::system::error_code error;
  found->second->descriptor.close(error);
  watches.erase(found);
  return error.value();
}

void CurlEngine::watch(const std::shared_ptr<Watch>& place, curl_socket_t socket) {
  using Wait = asio::posix::stream_descriptor;
  const auto wait = [&](Wait::wait_type type, bool& waiting, int poll, int event) {
    if ((place->wanted & poll) == 0 || waiting) return;
    waiting = true;
    place->descriptor.async_wait(type, [weak = weak_from_this(), place, &waiting, socket, poll, event](auto error) {
      waiting = false;
      const auto self = weak.lock();
      if (!self || error) return;
      if ((place->wanted & poll) != 0) self->act(socket, event);
      self->watch(place, socket);
    });
  };
  wait(Wait::wait_read, place->reading, CURL_POLL_IN, CURL_CSELECT_IN);
  wait(Wait::wait_write, place->writing, CURL_POLL_OUT, CURL_CSELECT_OUT);
}

int CurlEngine::on_timer(CURLM*, long timeout_ms, void* engine) {
  auto& self = *static_cast<CurlEngine*>(engine);
  self.due_ = timeout_ms <= 0 ? Deadline::max() : std::chrono::steady_clock::now() + Millis{timeout_ms};
  if (timeout_ms == 0) {  // at once, but not from in here
    asio::post(self.executor_, [weak = self.weak_from_this()] {
      if (const auto again = weak.lock()) again->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }
  if (self.due_ < self.armed_) self.wait_until(self.due_);
  if (timeout_ms < 0) {
    self.timer_.cancel();
    self.armed_ = Deadline::max();
  }
  return 0;
}

void CurlEngine::wait_until(Deadline when) {
  armed_ = when;
  timer_.expires_at(when);
  timer_.async_wait([weak = weak_from_this()](auto error) {
    const auto self = weak.lock();
    if (!self || error) return;
    self->armed_ = Deadline::max();
    const auto due = std::exchange(self->due_, Deadline::max());
    if (due == Deadline::max()) return;
    if (due <= std::chrono::steady_clock::now()) return self->act(CURL_SOCKET_TIMEOUT, 0);
    self->due_ = due;
    self->wait_until(due);
  });
}

void CurlEngine::act(curl_socket_t socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    if (transfer != nullptr) transfer->ended(message->data.result);
  }
}

}  // namespace hnbemu::http
