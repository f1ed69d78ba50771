#include "device/transfers.h"

#include <algorithm>

#include "base/url.h"
#include "procedures/device_files.h"
#include "procedures/file_transfer.h"
#include "procedures/transfer.h"

namespace hnbemu::device {
namespace {

constexpr std::size_t kMaxUrl = 1024;  // AutonomousTransferComplete has no room for more
constexpr Seconds kAskAgain{60};       // for a boot, of a device that is far behind

}  // namespace

Transfers::Transfers(boost::asio::any_io_executor executor, procedures::Context& context)
    : context_(context), clock_(context.ports.clock), wake_(executor), work_(executor) {
  context_.on_session_end = [this] { wake_.push({}); };
}

void Transfers::observe(std::function<void()> completed, std::function<bool()> reboot) {
  completed_ = std::move(completed);
  reboot_ = std::move(reboot);
}

std::optional<std::string> Transfers::start(cwmp::Transfer transfer) {
  const auto url = Url::parse(transfer.url);
  if (!url) return url.error().detail;
  if (transfer.url.size() > kMaxUrl) return fmt::format("a URL of more than {} characters", kMaxUrl);
  const bool known = transfer.is_download() ? procedures::can_download(context_, transfer.file_type)
                                            : procedures::can_upload(context_, transfer.file_type);
  if (!known) return fmt::format("the device has no file of the type '{}'", transfer.file_type);
  const auto added = context_.transfers.add_autonomous(std::move(transfer), clock_.wall_now());
  if (!added) return fmt::format("{} transfers wait already", cwmp::Transfers::kMaxTransfers);
  wake_.push({});
  return std::nullopt;
}

Task<void> Transfers::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  while (!stopping()) {
    const auto next = co_await work();
    if (!stopping()) co_await wake_.pop(clock_, next);
  }
}

void Transfers::power_up() {
  powered_ = true;
  booting_ = false;
  context_.transfers.power_up(clock_.wall_now());
  for (const auto id : context_.transfers.untold()) procedures::announce_transfer(context_, id);
  wake_.push({});
}

void Transfers::power_down() {
  powered_ = false;
  work_.abort();
}

void Transfers::serve(const procedures::Service& service) {
  const bool moved = way_ && way_->source != service.path.source;
  way_ = service.path;
  if (moved) work_.abort();
  wake_.push({});
}

void Transfers::leave() {
  way_.reset();
  work_.abort();
}

Task<Deadline> Transfers::work() {
  auto& transfers = context_.transfers;
  while (powered_ && way_ && !context_.in_session && !stopping()) {
    const auto now = clock_.wall_now();
    bool told = false;
    for (const auto id : transfers.expire(now)) told = procedures::announce_transfer(context_, id) || told;
    if (told) co_await remember(context_);
    if (told) completed_();
    if (transfers.awaits_boot()) {
      co_return ask_for_boot() ? Deadline::max() : clock_.now() + kAskAgain;
    }
    const auto due = transfers.due(now);
    if (!due) {
      const auto next = transfers.next_due();
      co_return next ? at(*next) : Deadline::max();
    }
    co_await perform(*due);
  }
  co_return Deadline::max();
}

bool Transfers::ask_for_boot() {
  if (!booting_) booting_ = reboot_();
  return booting_;
}

Task<void> Transfers::perform(std::uint32_t id) {
  const auto* const transfer = context_.transfers.find(id);
  const auto deadline = std::min(clock_.now() + procedures::kMaxFileTime, at(transfer->end()));
  const auto way = *way_;
  auto transferring = procedures::perform_transfer(context_, id, way, deadline);
  co_await work_.finish(std::move(transferring));
  if (!powered_) co_return;  // what was begun is begun again after the boot
  co_await remember(context_);
  const auto untold = context_.transfers.untold();
  if (std::ranges::find(untold, id) != untold.end()) completed_();
}

Deadline Transfers::at(WallTime when) const {
  constexpr std::chrono::hours far(24 * 366);  // what is later is looked at again
  const auto left = when - clock_.wall_now();
  return clock_.after(std::min<WallTime::duration>(left, far));
}

}  // namespace hnbemu::device
