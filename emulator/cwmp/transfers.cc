#include "cwmp/transfers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;
using State = Transfer::State;

constexpr int kOutsideWindows = 9020;
constexpr std::size_t kMaxFaultString = 256;  // the schema's
constexpr WallTime kNoEnd = WallTime::max();
constexpr std::array<std::string_view, 4> kModes{"1 At Any Time", "2 Immediately", "3 When Idle",
                                                 "4 Confirmation Needed"};

// What the three requests have in common.
template <class Request>
Transfer transfer_of(const Request& request, Transfer::Method method) {
  Transfer transfer;
  transfer.method = method;
  transfer.command_key = request.command_key;
  transfer.file_type = request.file_type;
  transfer.url = request.url;
  transfer.username = request.username;
  transfer.password = request.password;
  return transfer;
}

bool in_order(const std::vector<Transfer::Window>& windows) {
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (windows[i].end <= windows[i].start) return false;
    if (i > 0 && windows[i].start < windows[i - 1].end) return false;
  }
  return !windows.empty() && windows.size() <= Transfers::kMaxWindows;
}

bool is_startable(const Transfer& transfer) {
  return transfer.state == State::not_started && !transfer.windows[transfer.window].needs_confirmation;
}

// A server's words may be in it.
std::string made_plain(std::string text) {
  text.resize(std::min(text.size(), kMaxFaultString));
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
  return text;
}

template <class Message>
void fill(Message& message, const Transfer& transfer, Version version) {
  const bool well = transfer.fault_code == 0;
  message.fault_code = fault_code_in(version, transfer.fault_code, !transfer.is_download());
  message.fault_string = transfer.fault_string;
  message.start_time = well ? to_date_time(transfer.start) : std::string(unknown_time);
  message.complete_time = well ? to_date_time(transfer.complete) : std::string(unknown_time);
}

}  // namespace

Transfers::Added Transfers::add(const Download& request, WallTime now) {
  auto transfer = transfer_of(request, Transfer::Method::download);
  transfer.file_size = request.file_size;
  transfer.target_file_name = request.target_file_name;
  transfer.windows = {{now + Seconds{request.delay_seconds}, kNoEnd}};
  return add(std::move(transfer));
}

Transfers::Added Transfers::add(const Upload& request, WallTime now) {
  auto transfer = transfer_of(request, Transfer::Method::upload);
  transfer.windows = {{now + Seconds{request.delay_seconds}, kNoEnd}};
  return add(std::move(transfer));
}

Transfers::Added Transfers::add(const ScheduleDownload& request, WallTime now) {
  auto transfer = transfer_of(request, Transfer::Method::schedule_download);
  transfer.file_size = request.file_size;
  transfer.target_file_name = request.target_file_name;
  for (const auto& window : request.windows) {
    if (std::ranges::find(kModes, window.mode) == kModes.end() || window.max_retries < -1) {
      return tl::unexpected(FaultCode::invalid_arguments);
    }
    transfer.windows.push_back(
        {now + Seconds{window.start}, now + Seconds{window.end}, window.mode == kModes.back(), window.max_retries});
  }
  if (!in_order(transfer.windows)) return tl::unexpected(FaultCode::invalid_arguments);
  return add(std::move(transfer));
}

Transfers::Added Transfers::add_autonomous(Transfer transfer, WallTime now) {
  transfer.autonomous = true;
  transfer.windows = {{now, kNoEnd}};
  return add(std::move(transfer));
}

Transfers::Added Transfers::add(Transfer transfer) {
  if (transfers_.size() == kMaxTransfers) return tl::unexpected(FaultCode::resources_exceeded);
  transfer.id = ++last_id_;
  transfer.next_try = transfer.windows.front().start;
  transfers_.push_back(std::move(transfer));
  return last_id_;
}

const Transfer* Transfers::find(std::uint32_t id) const {
  const auto found = std::ranges::find(transfers_, id, &Transfer::id);
  return found == transfers_.end() ? nullptr : &*found;
}

Transfer* Transfers::edit(std::uint32_t id) {
  return const_cast<Transfer*>(find(id));
}

bool Transfers::busy() const {
  return std::ranges::find(transfers_, State::in_progress, &Transfer::state) != transfers_.end();
}

bool Transfers::awaits_boot() const {
  return std::ranges::find(transfers_, true, &Transfer::awaits_boot) != transfers_.end();
}

std::optional<WallTime> Transfers::next_due() const {
  std::optional<WallTime> next;
  for (const auto& transfer : transfers_) {
    if (transfer.state != State::not_started) continue;
    const auto at = is_startable(transfer) ? std::min(transfer.next_try, transfer.end()) : transfer.end();
    next = std::min(next.value_or(at), at);
  }
  return next;
}

std::optional<std::uint32_t> Transfers::due(WallTime now) const {
  for (const auto& transfer : transfers_) {
    if (is_startable(transfer) && transfer.next_try <= now) return transfer.id;
  }
  return std::nullopt;
}

std::vector<std::uint32_t> Transfers::expire(WallTime now) {
  std::vector<std::uint32_t> failed;
  for (auto& transfer : transfers_) {
    while (transfer.state == State::not_started && transfer.end() <= now) {
      const bool confirmation = transfer.windows[transfer.window].needs_confirmation;
      next_window(transfer, confirmation ? "nobody confirmed it" : "the device was not in service, or busy", now);
      if (transfer.state == State::completed) failed.push_back(transfer.id);
    }
  }
  return failed;
}

void Transfers::begin(std::uint32_t id, WallTime now) {
  auto* const transfer = edit(id);
  if (transfer == nullptr) return;
  transfer->state = State::in_progress;
  transfer->start = now;
}

void Transfers::begin_at_once(std::uint32_t id, WallTime now) {
  begin(id, now);
  if (auto* const transfer = edit(id)) transfer->at_once = true;
}

void Transfers::complete(Transfer& transfer, int fault_code, std::string fault_string, WallTime now) {
  transfer.state = State::completed;
  transfer.awaits_boot = false;
  transfer.fault_code = fault_code;
  transfer.fault_string = made_plain(std::move(fault_string));
  transfer.complete = now;
}

void Transfers::next_window(Transfer& transfer, std::string_view why, WallTime now) {
  transfer.tries = 0;
  transfer.state = State::not_started;
  if (transfer.window + 1 == transfer.windows.size()) {
    return complete(transfer, kOutsideWindows, fmt::format("not completed in its time windows: {}", why), now);
  }
  ++transfer.window;
  transfer.next_try = std::max(now, transfer.windows[transfer.window].start);
}

bool Transfers::end(std::uint32_t id, int fault_code, std::string fault_string, WallTime now) {
  auto* const transfer = edit(id);
  if (transfer == nullptr) return false;
  if (fault_code == 0 || transfer->method != Transfer::Method::schedule_download) {
    complete(*transfer, fault_code, std::move(fault_string), now);
    return true;
  }
  // A.4.1.8: again in this window as often as it allows, then in the next one.
  const auto& window = transfer->windows[transfer->window];
  ++transfer->tries;
  const bool may_retry = window.max_retries < 0 || transfer->tries <= static_cast<std::uint32_t>(window.max_retries);
  transfer->state = State::not_started;
  transfer->next_try = now + kBetweenTries;
  if (!may_retry || transfer->next_try >= window.end) next_window(*transfer, fault_string, now);
  return transfer->state == State::completed;
}

void Transfers::keep(std::uint32_t id) {
  if (auto* const transfer = edit(id)) transfer->at_once = false;
}

void Transfers::put_back(std::uint32_t id) {
  auto* const transfer = edit(id);
  if (transfer != nullptr && transfer->state == State::in_progress) transfer->state = State::not_started;
}

void Transfers::await_boot(std::uint32_t id) {
  if (auto* const transfer = edit(id)) transfer->awaits_boot = true;
}

void Transfers::power_up(WallTime now) {
  std::erase_if(transfers_, [](const Transfer& transfer) { return transfer.at_once; });
  for (auto& transfer : transfers_) {
    if (transfer.awaits_boot) {
      complete(transfer, 0, "", now);
    } else {
      put_back(transfer.id);
    }
  }
}

tl::expected<void, FaultCode> Transfers::cancel(std::string_view command_key) {
  const auto is_it = [&](const Transfer& transfer) {
    return !transfer.autonomous && transfer.command_key == command_key;
  };
  for (const auto& transfer : transfers_) {
    if (is_it(transfer) && transfer.state != State::not_started) return tl::unexpected(FaultCode::cancel_not_permitted);
  }
  std::erase_if(transfers_, is_it);
  return {};
}

std::optional<Transfer> Transfers::take(std::uint32_t id) {
  auto* const found = edit(id);
  if (found == nullptr) return std::nullopt;
  std::optional<Transfer> transfer(std::move(*found));
  transfers_.erase(transfers_.begin() + (found - transfers_.data()));
  return transfer;
}

std::vector<std::uint32_t> Transfers::untold() const {
  std::vector<std::uint32_t> ids;
  for (const auto& transfer : transfers_) {
    if (transfer.state == State::completed) ids.push_back(transfer.id);
  }
  return ids;
}

Body Transfers::message(std::uint32_t id, Version version) const {
  const auto* const transfer = find(id);
  if (transfer == nullptr || (transfer->autonomous && version == Version::v1_0)) return {};
  if (!transfer->autonomous) {
    TransferComplete message;
    message.command_key = transfer->command_key;
    fill(message, *transfer, version);
    return message;
  }
  AutonomousTransferComplete message;
  message.transfer_url = transfer->url;
  message.is_download = transfer->is_download();
  message.file_type = transfer->file_type;
  message.file_size = transfer->file_size;
  message.target_file_name = transfer->target_file_name;
  fill(message, *transfer, version);
  return message;
}

std::vector<EventStruct> Transfers::events_of(std::uint32_t id) const {
  const auto* const transfer = find(id);
  if (transfer == nullptr) return {};
  if (transfer->autonomous) return {{"10 AUTONOMOUS TRANSFER COMPLETE", ""}};
  constexpr std::array methods{"M Download", "M Upload", "M ScheduleDownload"};  // by Method
  return {{"7 TRANSFER COMPLETE", ""}, {methods[static_cast<std::size_t>(transfer->method)], transfer->command_key}};
}

std::vector<EventStruct> Transfers::events() const {
  std::vector<EventStruct> all;
  for (const auto id : untold()) {
    for (auto& event : events_of(id)) all.push_back(std::move(event));
  }
  return all;
}

void Transfers::restore(std::vector<Transfer> transfers) {
  transfers_ = std::move(transfers);
  for (const auto& transfer : transfers_) last_id_ = std::max(last_id_, transfer.id);
}

int fault_code_in(Version version, int code, bool upload) {
  constexpr std::array first{0, 9001, 9002, 9010, 9011, 9012};
  const bool known = std::ranges::find(first, code) != first.end() ||
                     (version >= Version::v1_1 && code >= 9014 && code <= 9019) ||
                     (version >= Version::v1_2 && code == kOutsideWindows);
  return known ? code : upload ? 9011 : 9010;
}

}  // namespace hnbemu::cwmp
