#include "device/pm_uploads.h"

#include <algorithm>
#include <tuple>

#include "procedures/causes.h"

namespace hnbemu::device {
namespace {

constexpr const char* kCause = "pm_upload_failed";  // of config::kAlarmCauses
constexpr unsigned kMaxDoublings = 7;

const procedures::PmTarget* target_of(const Measurements& measurements, const std::string& row) {
  const auto& all = measurements.targets();
  const auto found = std::ranges::find_if(all, [&](const auto& one) { return one.job.row == row; });
  return found == all.end() || !found->enabled ? nullptr : &*found;
}

// The same server, and as the same user.
bool is_same(const procedures::PmTarget& one, const procedures::PmTarget& other) {
  return std::tie(one.url, one.username, one.password) == std::tie(other.url, other.username, other.password);
}

}  // namespace

PmUploads::PmUploads(boost::asio::any_io_executor executor, procedures::Context& context, Measurements& measurements,
                     bool post)
    : context_(context), measurements_(measurements), post_(post), wake_(executor), work_(executor) {}

Task<void> PmUploads::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  while (!stopping()) {
    const auto next = co_await work();
    if (!stopping()) co_await wake_.pop(context_.ports.clock, next);
  }
}

void PmUploads::power_up() {
  powered_ = true;
  failing_ = false;
  retry_.clear();
}

void PmUploads::power_down() {
  powered_ = false;
  work_.abort();
}

void PmUploads::serve(const procedures::Service& service) {
  if (way_ && way_->source != service.path.source) work_.abort();
  way_ = service.path;
  wake_.push({});
}

void PmUploads::leave() {
  way_.reset();
  work_.abort();
}

void PmUploads::look_at_once() {
  for (auto& [row, one] : retry_) one.next = {};
  wake_.push({});
}

// All that is due; when to look again.
Task<Deadline> PmUploads::work() {
  auto& clock = context_.ports.clock;
  while (powered_ && way_ && !stopping()) {
    auto* const spool = measurements_.spool();
    if (spool == nullptr) break;
    settle();
    auto next = Deadline::max();
    const pm::Waiting* due = nullptr;
    std::set<std::string> seen;
    for (const auto& file : spool->waiting()) {
      const auto* const target = target_of(measurements_, file.row);
      if (!seen.insert(file.row).second || target == nullptr) continue;
      auto& retry = retry_[file.row];
      if (!is_same(retry.tried, *target)) retry = {retry.failures, {}, *target};
      const auto at = retry.next;
      if (at <= clock.now()) {
        due = &file;
        break;
      }
      next = std::min(next, at);
    }
    if (due == nullptr) co_return next;
    auto file = *due;
    auto target = *target_of(measurements_, file.row);
    co_await send(std::move(file), std::move(target));
  }
  co_return Deadline::max();
}

Task<void> PmUploads::send(pm::Waiting file, procedures::PmTarget target) {
  procedures::FileJob job;
  job.method = post_ ? FileRequest::Method::post : FileRequest::Method::put;
  job.url = procedures::pm_file_url(target.url, file.name);
  job.username = target.username;
  job.password = target.password;
  job.file = file.path;
  job.content_type = file.path.ends_with(".gz") ? "application/gzip" : "application/xml";
  std::optional<Result<std::uint64_t>> sent;
  auto uploading = upload(std::move(job), sent);
  co_await work_.finish(std::move(uploading));
  if (!powered_ || !sent || (!*sent && sent->error().cause == Cause::cancelled)) co_return;
  note(file, *sent);
  co_await remember(context_);
}

Task<void> PmUploads::upload(procedures::FileJob job, std::optional<Result<std::uint64_t>>& sent) {
  const auto way = *way_;
  const auto deadline = context_.ports.clock.now() + kUploadLimit;
  auto moving = procedures::move_file(context_, std::move(job), way, deadline);
  sent = co_await std::move(moving);
}

// What is not to be sent any more does not fail any more.
void PmUploads::settle() {
  std::erase_if(retry_, [this](const auto& one) { return target_of(measurements_, one.first) == nullptr; });
  const bool fails = std::ranges::any_of(retry_, [](const auto& one) { return one.second.failures > 0; });
  if (failing_ && !fails) procedures::clear_cause(context_, kCause);
  failing_ = fails;
}

void PmUploads::note(const pm::Waiting& file, const Result<std::uint64_t>& sent) {
  auto& retry = retry_[file.row];
  if (sent) {
    retry.failures = 0;
    retry.next = {};
    measurements_.sent(file.number);
    context_.log.add(procedures::LogLevel::info, fmt::format("measurement file {} sent", file.name));
    return;
  }
  const auto wait = std::min(kLongestWait, kFirstWait * (1U << std::min(retry.failures, kMaxDoublings)));
  ++retry.failures;
  retry.next = context_.ports.clock.now() + wait;
  context_.log.add(procedures::LogLevel::warning,
                   fmt::format("measurement file {} not sent: {}", file.name, sent.error().detail));
  failing_ = true;
  procedures::raise_cause(context_, kCause, sent.error().detail);
}

}  // namespace hnbemu::device
