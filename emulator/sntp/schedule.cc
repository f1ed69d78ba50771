#include "sntp/schedule.h"

#include <algorithm>

namespace hnbemu::sntp {

void Schedule::begin(std::vector<std::string> servers, Deadline now) {
  servers_ = std::move(servers);
  denied_.assign(servers_.size(), false);
  current_ = 0;
  asked_ = 0;
  due_ = servers_.empty() ? Deadline::max() : now;
  poll_ = kMinPoll;
  retry_ = kFirstRetry;
  ever_answered_ = false;
  failed_ = false;
}

void Schedule::answered(Deadline now) {
  answered_at_ = now;
  ever_answered_ = true;
  asked_ = 0;
  retry_ = kFirstRetry;
  due_ = now + with_jitter(poll_);
  poll_ = std::min(2 * poll_, kMaxPoll);
}

void Schedule::refused(Refusal why, Deadline now) {
  if (why == Refusal::denied) denied_[current_] = true;
  if (why == Refusal::rate) retry_ = std::min(std::max(2 * retry_, kMinPoll), kMaxRetry);
  if (next_server()) {
    due_ = now;
    return;
  }
  failed_ = true;
  asked_ = 0;
  poll_ = kMinPoll;
  due_ = std::ranges::count(denied_, false) == 0 ? Deadline::max() : now + with_jitter(retry_);
  retry_ = std::min(2 * retry_, kMaxRetry);
}

bool Schedule::next_server() {
  ++asked_;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    current_ = (current_ + 1) % servers_.size();
    if (!denied_[current_]) break;
  }
  return asked_ < servers_.size() && !denied_[current_];
}

// Up to a quarter more: thousands of devices that were switched on together drift apart.
Seconds Schedule::with_jitter(Seconds wait) {
  return wait + Seconds{static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(wait.count() / 4 + 1))};
}

Status Schedule::status(Deadline now) const {
  if (ever_answered_ && now < answered_at_ + kHoldover) return Status::synchronised;
  return ever_answered_ || failed_ ? Status::failed : Status::unsynchronised;
}

}  // namespace hnbemu::sntp
