#include "integration/cwmp/ledger.h"

#include <algorithm>
#include <charconv>

#include "cwmp/codec.h"

namespace hnbemu {
namespace {

constexpr const char* kValue = "Device.FAP.PerfMgmt.Config.1.URL";
constexpr const char* kTwin = "Device.FAP.PerfMgmt.Config.1.Username";
constexpr const char* kParameterKey = "Device.ManagementServer.ParameterKey";
constexpr const char* kTable = "Device.DNS.Client.Server.";
constexpr const char* kRowCount = "Device.DNS.Client.ServerNumberOfEntries";
constexpr unsigned kQuestions = 3;  // values, rows, attributes
constexpr unsigned kMaxRequests = 6;
constexpr std::size_t kMaxRows = 5;
constexpr std::size_t kMaxScheduled = 4;

}  // namespace

void Ledger::expect(bool holds, const std::string& what) {
  if (!holds) complaints_.push_back(fmt::format("after {} losses of power: {}", restarts_, what));
}

void Ledger::power_lost() {
  ++restarts_;
  owed_.emplace("1 BOOT", "");
  unverified_ = kQuestions;
  delivering_.clear();
  under_way_ = {};
}

void Ledger::committed(const std::string& event_code) {
  if (!delivered_.contains(event_code)) owed_.emplace(event_code, "");
}

void Ledger::on_inform(const cwmp::Inform& inform) {
  ++sessions_;
  delivering_.clear();
  for (const auto& event : inform.events) delivering_.emplace(event.event_code, event.command_key);
  for (const auto& [code, command_key] : owed_) {
    expect(delivering_.contains({code, command_key}), fmt::format("the Inform lacks '{}' '{}'", code, command_key));
  }
  for (const auto& [code, command_key] : delivering_) {
    if (code != "M ScheduleInform") continue;
    expect(delivering_.contains({"3 SCHEDULED", ""}), "M ScheduleInform without 3 SCHEDULED");
  }
  left_ = std::uniform_int_distribution(0u, kMaxRequests)(random_);
}

std::optional<cwmp::Body> Ledger::next_request() {
  if (unverified_ > 0) return under_way_ = verification();
  if (left_ > 0) {
    --left_;
    return under_way_ = change();
  }
  for (const auto& [code, command_key] : delivering_) {
    owed_.erase({code, command_key});
    if (code.starts_with("X ")) delivered_.insert(code);
    if (code == "M ScheduleInform") scheduled_.erase(command_key);
    ++events_;
  }
  return std::nullopt;
}

void Ledger::on_answer(const cwmp::Body& answer) {
  const auto asked = std::exchange(under_way_, {});
  if (const auto* fault = std::get_if<cwmp::Fault>(&answer)) {
    return expect(false, fmt::format("{} got fault {} {}", message_name(asked), fault->code, fault->text));
  }
  if (unverified_ > 0) return verify(answer);
  ++changes_;
  if (const auto* reboot = std::get_if<cwmp::Reboot>(&asked)) {
    owed_.emplace("M Reboot", reboot->command_key);
    owed_.emplace("1 BOOT", "");
    left_ = 0;
  }
  if (const auto* inform = std::get_if<cwmp::ScheduleInform>(&asked)) scheduled_.insert(inform->command_key);
  if (const auto* added = std::get_if<cwmp::AddObjectResponse>(&answer)) {
    expect(added->instance_number > last_row_, fmt::format("row {} was given again", added->instance_number));
    last_row_ = added->instance_number;
    next_->rows = state_.rows;
    next_->rows.insert(last_row_);
  }
  if (next_) state_ = *std::exchange(next_, std::nullopt);
}

cwmp::Body Ledger::verification() {
  switch (unverified_) {
    case 3:
      return cwmp::GetParameterValues{{kValue, kTwin, kParameterKey, kRowCount}};
    case 2:
      return cwmp::GetParameterNames{kTable, true};
    default:
      return cwmp::GetParameterAttributes{{kValue}};
  }
}

void Ledger::verify(const cwmp::Body& answer) {
  if (const auto* values = std::get_if<cwmp::GetParameterValuesResponse>(&answer)) {
    const auto& list = values->parameters;
    if (list.size() != 4) return expect(false, "not the values that were asked for");
    seen_ = {list[0].value, list[2].value, {}, 0};
    twin_ = list[1].value;
    row_count_ = list[3].value;
  } else if (const auto* names = std::get_if<cwmp::GetParameterNamesResponse>(&answer)) {
    for (const auto& info : names->parameters) {
      std::uint32_t row = 0;
      std::from_chars(info.name.data() + std::string_view(kTable).size(), info.name.data() + info.name.size(), row);
      seen_.rows.insert(row);
    }
  } else if (const auto* attributes = std::get_if<cwmp::GetParameterAttributesResponse>(&answer)) {
    if (attributes->parameters.size() == 1) seen_.notification = attributes->parameters[0].notification;
  } else {
    return expect(false, fmt::format("a {} was not asked for", message_name(answer)));
  }
  if (--unverified_ == 0) compare();
}

void Ledger::compare() {
  expect(twin_ == seen_.value, fmt::format("half of '{}' and '{}' was set", seen_.value, twin_));
  expect(row_count_ == std::to_string(seen_.rows.size()), "NumberOfEntries is " + row_count_);
  const bool as_before = seen_ == state_;
  const bool as_after = next_ && seen_ == *next_;
  expect(as_before || as_after, fmt::format("{} instead of {}{}", describe(seen_), describe(state_),
                                            next_ ? " or " + describe(*next_) : std::string()));
  state_ = seen_;
  if (!state_.rows.empty()) last_row_ = std::max(last_row_, *state_.rows.rbegin());
  next_.reset();
}

cwmp::Body Ledger::change() {
  const auto kind = std::uniform_int_distribution(0, 99)(random_);
  if (kind >= 97) {
    next_.reset();
    return cwmp::Reboot{key("r")};
  }
  if (kind >= 92 && scheduled_.size() < kMaxScheduled) return cwmp::ScheduleInform{1, key("s")};
  State to = state_;
  cwmp::Body request;
  if (kind >= 80) {
    request = set_notification(to);
  } else if (kind >= 65 && !to.rows.empty()) {
    request = delete_row(to);
  } else if (kind >= 45 && to.rows.size() < kMaxRows) {
    request = add_row(to);
  } else {
    request = set_values(to);
  }
  next_ = std::move(to);
  return request;
}

cwmp::Body Ledger::set_values(State& to) {
  to.value = key("v");
  to.parameter_key = to.value;
  return cwmp::SetParameterValues{{{kValue, to.value, "xsd:string"}, {kTwin, to.value, "xsd:string"}},
                                  to.parameter_key};
}

cwmp::Body Ledger::add_row(State& to) {
  to.parameter_key = key("a");
  to.rows.insert(last_row_ + 1);
  return cwmp::AddObject{kTable, to.parameter_key};
}

cwmp::Body Ledger::delete_row(State& to) {
  to.parameter_key = key("d");
  const auto row = *to.rows.begin();
  to.rows.erase(row);
  return cwmp::DeleteObject{fmt::format("{}{}.", kTable, row), to.parameter_key};
}

cwmp::Body Ledger::set_notification(State& to) {
  to.notification = (to.notification + 1) % 3;
  return cwmp::SetParameterAttributes{{{kValue, true, to.notification, false, {}}}};
}

std::string Ledger::describe(const State& state) const {
  return fmt::format("(value '{}', key '{}', rows {}, notification {})", state.value, state.parameter_key,
                     fmt::join(state.rows, " "), state.notification);
}

std::string Ledger::summary() const {
  return fmt::format("{} losses of power, {} sessions, {} changes acknowledged, {} events delivered", restarts_,
                     sessions_, changes_, events_);
}

}  // namespace hnbemu
