#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ports/store.h"

namespace hnbemu::store {

inline constexpr std::size_t kMaxQueuedCommits = 50'000;  // more are refused: the disk does not keep up
inline constexpr std::size_t kMaxQueuedBytes = std::size_t{256} << 20;
inline constexpr std::size_t kMaxGroup = 1'000;  // commits in one transaction of the database
inline constexpr std::size_t kMaxKeyBytes = 1'024;
inline constexpr std::size_t kMaxStoredBytes = std::size_t{4} << 20;  // of a value

// One commit on its way from a device's thread to the store's and back. Either side may go first.
class Commit : public std::enable_shared_from_this<Commit> {
 public:
  // `wakened` is cancelled on its own executor when there is an outcome, unless leave() was called before.
  Commit(std::string device, std::vector<StoreWrite> writes, boost::asio::steady_timer& wakened);

  const std::string& device() const { return device_; }
  const std::vector<StoreWrite>& writes() const { return writes_; }
  std::size_t bytes() const { return bytes_; }
  Result<> check() const;  // that it can be stored at all

  // Any thread, once. A waiter that has left is not touched, nor its executor.
  void complete(Result<> outcome);
  // The waiter's thread.
  std::optional<Result<>> outcome() const;
  void leave();

 private:
  void wake();

  std::string device_;
  std::vector<StoreWrite> writes_;
  std::size_t bytes_ = 0;
  mutable std::mutex mutex_;  // for what follows
  boost::asio::steady_timer* wakened_;
  std::optional<Result<>> outcome_;
};

// The commits that wait for the disk, bounded in number and bytes. Used under its owner's lock.
class CommitQueue {
 public:
  using Group = std::vector<std::shared_ptr<Commit>>;

  Result<> push(std::shared_ptr<Commit> commit);
  Group take_group();  // the oldest, kMaxGroup at most
  bool empty() const { return commits_.empty(); }

 private:
  std::deque<std::shared_ptr<Commit>> commits_;
  std::size_t bytes_ = 0;
};

}  // namespace hnbemu::store
