#include "adapters/store/database.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "adapters/store/sqlite.h"

namespace hnbemu::store {
namespace {

namespace asio = boost::asio;

// One commit on its way. Its caller may have gone; whoever is last frees it.
struct Commit {
  std::string device;
  std::vector<StoreWrite> writes;
  asio::steady_timer done;  // on the caller's executor: cancelled when there is an outcome
  std::optional<Result<>> outcome;

  Commit(const asio::any_io_executor& executor, std::string of, std::vector<StoreWrite> what)
      : device(std::move(of)), writes(std::move(what)), done(executor, asio::steady_timer::time_point::max()) {}

  void complete(Result<> result, const std::shared_ptr<Commit>& self) {
    asio::post(done.get_executor(), [self, result = std::move(result)] {
      self->outcome = result;
      self->done.cancel();
    });
  }
};

Result<> check(const std::vector<StoreWrite>& writes) {
  for (const auto& write : writes) {
    if (write.key.size() > kMaxKeyBytes || (write.value && write.value->size() > kMaxStoredBytes)) {
      return fail(Cause::resources, fmt::format("'{:.80}' is too long to be remembered", write.key));
    }
  }
  return {};
}

}  // namespace

// The thread that owns the database.
class Database::Writer {
 public:
  explicit Writer(Sqlite database) : database_(std::move(database)), thread_([this] { run(); }) {}
  ~Writer() {
    {
      const std::lock_guard lock(mutex_);
      close_at_ = Deadline::clock::now() + kCloseLimit;
    }
    arrival_.notify_all();
    thread_.join();
  }

  Result<> push(std::shared_ptr<Commit> commit) {
    const std::lock_guard lock(mutex_);
    if (queue_.size() == kMaxQueuedCommits) {
      return fail(Cause::resources, "the disk does not keep up: too many commits wait");
    }
    queue_.push_back(std::move(commit));
    arrival_.notify_all();
    return {};
  }

  Result<Memory> load(const std::string& device) {
    const std::lock_guard lock(using_);
    return database_.load(device);
  }

 private:
  using Group = std::vector<std::shared_ptr<Commit>>;

  void run() {
    while (true) {
      auto group = next();
      if (group.empty()) return;
      const std::lock_guard lock(using_);
      auto written = write(group);
      // One that the database will not take must not fail the others: each again, alone.
      if (!written && group.size() > 1) {
        for (const auto& commit : group) commit->complete(write({commit}), commit);
      } else {
        for (const auto& commit : group) commit->complete(written, commit);
      }
    }
  }

  Group next() {
    std::unique_lock lock(mutex_);
    arrival_.wait(lock, [this] { return !queue_.empty() || close_at_; });
    Group group;
    if (close_at_ && Deadline::clock::now() >= *close_at_) return group;
    while (!queue_.empty() && group.size() < kMaxGroup) {
      group.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    return group;
  }

  Result<> write(const Group& group) {
    auto done = database_.begin();
    for (const auto& commit : group) {
      for (const auto& one : commit->writes) {
        if (done) done = database_.write(commit->device, one);
      }
    }
    if (done) done = database_.commit();
    if (!done) database_.rollback();
    return done;
  }

  Sqlite database_;
  std::mutex using_;  // for database_
  std::mutex mutex_;  // for what follows
  std::condition_variable arrival_;
  std::deque<std::shared_ptr<Commit>> queue_;
  std::optional<Deadline> close_at_;
  std::thread thread_;
};

class Database::DeviceStore : public Store {
 public:
  DeviceStore(Writer& writer, asio::any_io_executor executor, std::string device)
      : writer_(writer), executor_(std::move(executor)), device_(std::move(device)) {}

  Task<Result<>> commit(std::vector<StoreWrite> writes, Deadline deadline) override {
    if (auto fits = check(writes); !fits) co_return fits;
    const auto commit = std::make_shared<Commit>(executor_, device_, std::move(writes));
    commit->done.expires_at(deadline);
    if (auto queued = writer_.push(commit); !queued) co_return queued;
    const auto state = co_await asio::this_coro::cancellation_state;
    co_await commit->done.async_wait(asio::as_tuple(asio::use_awaitable));
    if (commit->outcome) co_return *commit->outcome;
    if (state.cancelled() != asio::cancellation_type::none) co_return fail(Cause::cancelled, "the device was stopped");
    co_return fail(Cause::timeout, "the disk has not taken what the device must remember");
  }

 private:
  Writer& writer_;
  asio::any_io_executor executor_;
  std::string device_;
};

Database::Database(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::string& file, Durability durability) {
  auto database = Sqlite::open(file, durability == Durability::power_loss);
  if (!database) return tl::unexpected(database.error());
  return std::unique_ptr<Database>(new Database(std::make_unique<Writer>(std::move(*database))));
}

Result<Memory> Database::load(const std::string& device) {
  return writer_->load(device);
}

std::unique_ptr<Store> Database::store_of(asio::any_io_executor executor, std::string device) {
  return std::make_unique<DeviceStore>(*writer_, std::move(executor), std::move(device));
}

}  // namespace hnbemu::store
