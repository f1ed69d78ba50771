#include "adapters/store/commit.h"

#include <boost/asio/post.hpp>

namespace hnbemu::store {

Commit::Commit(std::string device, std::vector<StoreWrite> writes, boost::asio::steady_timer& wakened)
    : device_(std::move(device)), writes_(std::move(writes)), wakened_(&wakened) {
  for (const auto& write : writes_) bytes_ += write.key.size() + (write.value ? write.value->size() : 0);
}

Result<> Commit::check() const {
  for (const auto& write : writes_) {
    if (write.key.size() > kMaxKeyBytes) {
      return fail(Cause::resources,
                  fmt::format("{}: '{:.80}…' is too long a key to be remembered ({} bytes, at most {})", device_,
                              write.key, write.key.size(), kMaxKeyBytes));
    }
    if (write.value && write.value->size() > kMaxStoredBytes) {
      return fail(Cause::resources, fmt::format("{}: '{}' has too long a value to be remembered ({} bytes, at most {})",
                                                device_, write.key, write.value->size(), kMaxStoredBytes));
    }
  }
  return {};
}

void Commit::complete(Result<> outcome) {
  const std::lock_guard lock(mutex_);
  outcome_ = std::move(outcome);
  // Under the lock: leave() waits for it, and with it the destruction of the waiter and its executor.
  if (wakened_ != nullptr) boost::asio::post(wakened_->get_executor(), [self = shared_from_this()] { self->wake(); });
}

void Commit::wake() {
  const std::lock_guard lock(mutex_);
  if (wakened_ != nullptr) wakened_->cancel();
}

std::optional<Result<>> Commit::outcome() const {
  const std::lock_guard lock(mutex_);
  return outcome_;
}

void Commit::leave() {
  const std::lock_guard lock(mutex_);
  wakened_ = nullptr;
}

Result<> CommitQueue::push(std::shared_ptr<Commit> commit) {
  if (commits_.size() == kMaxQueuedCommits || bytes_ + commit->bytes() > kMaxQueuedBytes) {
    return fail(Cause::resources,
                fmt::format("the disk does not keep up with what the devices must remember: {} commits of {} MiB wait",
                            commits_.size(), bytes_ >> 20));
  }
  bytes_ += commit->bytes();
  commits_.push_back(std::move(commit));
  return {};
}

CommitQueue::Group CommitQueue::take_group() {
  Group group;
  while (!commits_.empty() && group.size() < kMaxGroup) {
    bytes_ -= commits_.front()->bytes();
    group.push_back(std::move(commits_.front()));
    commits_.pop_front();
  }
  return group;
}

}  // namespace hnbemu::store
