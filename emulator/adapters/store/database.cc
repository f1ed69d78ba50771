#include "adapters/store/database.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <thread>

#include "adapters/store/commit.h"
#include "adapters/store/sqlite.h"

namespace hnbemu::store {

namespace asio = boost::asio;

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
    auto queued = queue_.push(std::move(commit));
    arrival_.notify_all();
    return queued;
  }

  Result<Memory> load(const std::string& device) {
    const std::lock_guard lock(using_);
    return database_.load(device);
  }

 private:
  using Group = CommitQueue::Group;

  void run() {
    for (auto group = next(); !group.empty(); group = next()) {
      if (is_late()) {
        for (const auto& commit : group) commit->complete(fail(Cause::timeout, "the disk was too slow at the end"));
        continue;
      }
      const std::lock_guard lock(using_);
      const auto written = write(group);
      // One that the database will not take must not fail the others: each again, alone.
      for (const auto& commit : group) commit->complete(written || group.size() == 1 ? written : write({commit}));
    }
  }

  Group next() {
    std::unique_lock lock(mutex_);
    arrival_.wait(lock, [this] { return !queue_.empty() || close_at_; });
    return queue_.take_group();
  }

  bool is_late() {
    const std::lock_guard lock(mutex_);
    return close_at_ && Deadline::clock::now() >= *close_at_;
  }

  Result<> write(const Group& group) {
    auto done = database_.begin();
    for (const auto& commit : group) {
      for (const auto& one : commit->writes()) {
        if (done) done = database_.write(commit->device(), one);
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
  CommitQueue queue_;
  std::optional<Deadline> close_at_;
  std::thread thread_;
};

class Database::DeviceStore : public Store {
 public:
  DeviceStore(Writer& writer, asio::any_io_executor executor, std::string device)
      : writer_(writer), executor_(std::move(executor)), device_(std::move(device)) {}

  Task<Result<>> commit(std::vector<StoreWrite> writes, Deadline deadline) override {
    asio::steady_timer wakened(executor_, deadline);
    const Waiter waiter{std::make_shared<Commit>(device_, std::move(writes), wakened)};
    if (auto fits = waiter.commit->check(); !fits) co_return fits;
    if (auto queued = writer_.push(waiter.commit); !queued) co_return queued;
    const auto [stopped] = co_await wakened.async_wait(asio::as_tuple(asio::use_awaitable));
    if (const auto outcome = waiter.commit->outcome()) co_return *outcome;
    if (stopped) co_return fail(Cause::cancelled, "the device was stopped");
    co_return fail(Cause::timeout, "the disk has not taken in time what the device must remember");
  }

 private:
  // Also a coroutine that is destroyed while it waits takes its leave.
  struct Waiter {
    std::shared_ptr<Commit> commit;
    ~Waiter() { commit->leave(); }
  };

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
