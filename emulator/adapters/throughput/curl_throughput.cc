#include "adapters/throughput/curl_throughput.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "adapters/http/curl_multi.h"
#include "adapters/throughput/connection.h"

namespace hnbemu::throughput {
namespace {

namespace asio = boost::asio;
using Interval = diagnostics::ThroughputInterval;

WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

// A test that runs. Its connections' coroutines share it.
class Run : public std::enable_shared_from_this<Run> {
 public:
  Run(const asio::any_io_executor& executor, const netns::Namespace& home, ThroughputRequest request)
      : executor_(executor), multi_(executor, home), tick_(executor), request_(std::move(request)) {}

  Result<> open();
  Task<Result<ThroughputOutcome>> finish(Path path, Deadline deadline);

 private:
  void begun();
  void ended(Connection& connection, const Result<CURLcode>& end);
  void start(Connection& connection, Path path, Deadline deadline);
  Deadline next_tick() const;
  void on_tick();
  Interval totals() const;
  static Interval since(const Interval& before, const Interval& now);
  ThroughputOutcome outcome() const;

  asio::any_io_executor executor_;
  http::CurlMulti multi_;
  asio::steady_timer tick_;
  ThroughputRequest request_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t running_ = 0;
  std::size_t begun_ = 0;
  std::optional<Deadline> first_byte_;
  bool time_up_ = false;
  std::optional<Interval> full_from_;  // totals at the latest BOMTime
  std::optional<Interval> full_loading_;
  Interval increment_from_;
  std::vector<Interval> increments_;
  unsigned increments_begun_ = 0;
};

Result<> Run::open() {
  for (unsigned i = 0; i < request_.connections; ++i) {
    connections_.push_back(std::make_unique<Connection>(request_));
    connections_.back()->on_begin = [this] { begun(); };
    if (auto opened = connections_.back()->open(); !opened) return opened;
  }
  return {};
}

void Run::start(Connection& connection, Path path, Deadline deadline) {
  ++running_;
  auto transfer = multi_.perform(connection.easy(), std::move(path), deadline);
  asio::co_spawn(executor_, std::move(transfer),
                 [self = shared_from_this(), &connection](const std::exception_ptr& bug, const Result<CURLcode>& end) {
                   if (bug) std::rethrow_exception(bug);
                   self->ended(connection, end);
                 });
}

void Run::begun() {
  if (!first_byte_) first_byte_ = std::chrono::steady_clock::now();
  if (++begun_ == connections_.size() && running_ == connections_.size()) full_from_ = totals();
  tick_.cancel();
}

void Run::ended(Connection& connection, const Result<CURLcode>& end) {
  connection.ended(end);
  if (full_from_ && !full_loading_) full_loading_ = since(*full_from_, totals());
  --running_;
  tick_.cancel();
}

Interval Run::totals() const {
  Interval sum{{}, wall_now(), 0, 0, 0};
  for (const auto& connection : connections_) {
    const auto& measured = connection->measured();
    sum.test_bytes += measured.test_bytes;
    sum.ip_bytes_received += measured.ip_bytes_received;
    sum.ip_bytes_sent += measured.ip_bytes_sent;
  }
  return sum;
}

Interval Run::since(const Interval& before, const Interval& now) {
  return {before.end, now.end, now.test_bytes - before.test_bytes, now.ip_bytes_received - before.ip_bytes_received,
          now.ip_bytes_sent - before.ip_bytes_sent};
}

// Of a time-based test: its end, and its increments'.
Deadline Run::next_tick() const {
  if (!first_byte_ || request_.duration.count() == 0 || time_up_) return Deadline::max();
  const auto end = *first_byte_ + request_.duration;
  if (request_.increment.count() == 0) return end;
  return std::min(end,
                  *first_byte_ + request_.increment_offset + request_.increment * static_cast<int>(increments_begun_));
}

void Run::on_tick() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_tick()) return;
  if (request_.increment.count() > 0 && increments_.size() < diagnostics::kMaxIncrementalResults) {
    const auto all = totals();
    if (increments_begun_ > 0) increments_.push_back(since(increment_from_, all));
    increment_from_ = all;
    ++increments_begun_;
  }
  if (now < *first_byte_ + request_.duration) return;
  time_up_ = true;
  for (const auto& connection : connections_) {
    if (request_.upload) connection->finish_upload();
    if (!request_.upload) connection->time_up();
  }
  if (!request_.upload) multi_.close_all();
}

Task<Result<ThroughputOutcome>> Run::finish(Path path, Deadline deadline) {
  const auto self = shared_from_this();
  for (const auto& connection : connections_) start(*connection, path, deadline);
  bool stopped = false;
  while (running_ > 0) {
    tick_.expires_at(next_tick());
    co_await tick_.async_wait(asio::as_tuple(asio::use_awaitable));
    const bool cancelled = co_await is_cancelled();
    if (cancelled && !stopped) {
      stopped = true;
      multi_.close_all();
    }
    if (!stopped) on_tick();
  }
  if (stopped) co_return fail(Cause::cancelled, "the test was cancelled");
  for (const auto& connection : connections_) {
    if (connection->error) co_return tl::unexpected(*connection->error);
  }
  co_return outcome();
}

ThroughputOutcome Run::outcome() const {
  ThroughputOutcome outcome;
  for (const auto& connection : connections_) {
    outcome.measured.connections.push_back(connection->measured());
    if (!connection->failure() || outcome.failure) continue;
    outcome.failure = connection->failure();
    outcome.detail = connection->detail();
  }
  outcome.measured.full_loading = full_loading_;
  outcome.measured.increments = increments_;
  return outcome;
}

}  // namespace

Task<Result<ThroughputOutcome>> CurlThroughput::run(ThroughputRequest request, Path path, Deadline deadline) {
  const auto run = std::make_shared<Run>(executor_, home_, std::move(request));
  if (auto opened = run->open(); !opened) co_return tl::unexpected(opened.error());
  co_return co_await run->finish(std::move(path), deadline);
}

}  // namespace hnbemu::throughput
