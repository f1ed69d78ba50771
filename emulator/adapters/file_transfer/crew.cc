#include "adapters/file_transfer/crew.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

#include "netns/device_socket.h"

namespace hnbemu::file_transfer {
namespace {

namespace asio = boost::asio;

constexpr Seconds kGraceAtExit{5};

// The device's side: lives on its executor alone.
struct Waiting {
  Waiting(const asio::any_io_executor& executor, Deadline deadline) : done(executor, deadline) {}
  asio::steady_timer done;
  std::optional<Outcome> outcome;
};

class Job {
 public:
  Job(const netns::Namespace& home, std::unique_ptr<Exchange> exchange, Path path, std::shared_ptr<Waiting> waiting)
      : home_(home), path_(std::move(path)), exchange_(std::move(exchange)), waiting_(std::move(waiting)) {}

  void run();
  void abandon();  // from the device's thread: nothing of the device is used any more

 private:
  static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t socket);
  Result<UniqueFd> open(const curl_sockaddr& address);
  void finish(Outcome outcome);
  void shut(int how);

  const netns::Namespace& home_;
  const Path path_;
  const std::unique_ptr<Exchange> exchange_;
  std::mutex mutex_;                  // of the rest
  std::shared_ptr<Waiting> waiting_;  // nobody: abandoned, or told already
  std::set<int> sockets_;
  std::optional<Error> socket_error_;
};

void Job::run() {
  CURL* const easy = exchange_->easy();
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Job::on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Job::on_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
  // Without it libcurl waits for the server's word on a transfer that the device has given up.
  exchange_->when_broken([this] { shut(SHUT_RDWR); });
  const CURLcode code = curl_easy_perform(easy);
  auto outcome = exchange_->conclude(code);
  // libcurl says goodbye (QUIT) and waits for the answer: an end of file will do.
  shut(code == CURLE_OK ? SHUT_RD : SHUT_RDWR);
  finish(std::move(outcome));
  exchange_->close();
}

void Job::finish(Outcome outcome) {
  const std::lock_guard lock(mutex_);
  if (!waiting_) return;
  if (socket_error_) outcome = {tl::unexpected(*socket_error_)};
  const auto executor = waiting_->done.get_executor();
  asio::post(executor, [waiting = std::move(waiting_), outcome = std::move(outcome)]() mutable {
    waiting->outcome = std::move(outcome);
    waiting->done.cancel();
  });
}

void Job::shut(int how) {
  const std::lock_guard lock(mutex_);
  for (const int socket : sockets_) ::shutdown(socket, how);
}

void Job::abandon() {
  {
    const std::lock_guard lock(mutex_);
    waiting_.reset();
  }
  exchange_->abandon();
  shut(SHUT_RDWR);
}

Result<UniqueFd> Job::open(const curl_sockaddr& address) {
  const auto& to = reinterpret_cast<const sockaddr_in&>(address.addr);
  const auto peer = to.sin_family == AF_INET ? IpAddress::v4(ntohl(to.sin_addr.s_addr)) : IpAddress();
  if (peer != exchange_->peer()) {
    return fail(Cause::protocol,
                fmt::format("{} names {} for the data; that is refused", exchange_->at(), peer.to_string()));
  }
  return netns::device_socket(home_, path_.plane == Plane::outer, path_.source, address.socktype, address.protocol);
}

curl_socket_t Job::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  auto& job = *static_cast<Job*>(self);
  const std::lock_guard lock(job.mutex_);
  if (!job.waiting_) return CURL_SOCKET_BAD;
  auto socket = job.open(*address);
  if (socket) {
    job.sockets_.insert(socket->get());
    return socket->release();
  }
  job.socket_error_ = socket.error();
  return CURL_SOCKET_BAD;
}

int Job::on_close(void* self, curl_socket_t socket) {
  auto& job = *static_cast<Job*>(self);
  const std::lock_guard lock(job.mutex_);
  job.sockets_.erase(socket);
  return ::close(socket);
}

class Crew {
 public:
  static Crew& the() {
    static Crew crew;
    return crew;
  }
  ~Crew() {
    std::unique_lock lock(mutex_);
    idle_.wait_for(lock, kGraceAtExit, [this] { return threads_ == 0; });
  }

  Result<> take(std::shared_ptr<Job> job) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) return fail(Cause::resources, "too many files wait for FTP or SFTP");
    waiting_.push_back(std::move(job));
    if (threads_ == kMaxThreads) return {};
    try {
      std::thread([this] { work(); }).detach();
      ++threads_;
    } catch (const std::system_error& error) {
      if (threads_ > 0) return {};  // the others will come to it
      waiting_.pop_back();
      return fail(Cause::resources, fmt::format("starting a thread: {}", error.what()), error.code().value());
    }
    return {};
  }
  void forget(const std::shared_ptr<Job>& job) {
    const std::lock_guard lock(mutex_);
    std::erase(waiting_, job);
  }

 private:
  Crew() = default;

  void work() {
    std::unique_lock lock(mutex_);
    while (!waiting_.empty()) {
      auto job = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      job->run();
      job.reset();
      lock.lock();
    }
    --threads_;
    idle_.notify_all();
  }

  std::mutex mutex_;
  std::deque<std::shared_ptr<Job>> waiting_;
  unsigned threads_ = 0;
  std::condition_variable idle_;
};

// Ends the job with the coroutine that waits for it, however that ends.
class Hold {
 public:
  explicit Hold(std::shared_ptr<Job> job) : job_(std::move(job)) {}
  ~Hold() {
    Crew::the().forget(job_);
    job_->abandon();
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  const std::shared_ptr<Job> job_;
};

}  // namespace

Task<Outcome> perform_on_thread(asio::any_io_executor executor, const netns::Namespace& home,
                                std::unique_ptr<Exchange> exchange, Path path, Deadline deadline) {
  const auto at = exchange->at();
  const auto waiting = std::make_shared<Waiting>(std::move(executor), deadline);
  const auto job = std::make_shared<Job>(home, std::move(exchange), std::move(path), waiting);
  const Hold hold(job);
  if (auto taken = Crew::the().take(job); !taken) co_return Outcome{tl::unexpected(taken.error())};
  const auto [waited] = co_await waiting->done.async_wait(asio::as_tuple(asio::use_awaitable));
  if (waiting->outcome) co_return std::move(*waiting->outcome);
  if (!waited) co_return Outcome{fail(Cause::timeout, at + ": not done in time")};
  co_return Outcome{fail(Cause::cancelled, "the device was stopped")};
}

}  // namespace hnbemu::file_transfer
