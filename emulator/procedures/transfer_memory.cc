#include "procedures/transfer_memory.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

namespace hnbemu::procedures {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using cwmp::Transfer;

std::int64_t number(WallTime time) {
  return time.time_since_epoch().count();
}
template <class Enum>
std::int64_t number(Enum one) {
  return static_cast<std::int64_t>(one);
}

// What each() visits is the whole of a transfer: one list for both ways.
template <class Each, class One>
void fields(One& transfer, Each each) {
  each("id", transfer.id);
  each("method", transfer.method);
  each("autonomous", transfer.autonomous);
  each("command_key", transfer.command_key);
  each("file_type", transfer.file_type);
  each("url", transfer.url);
  each("username", transfer.username);
  each("password", transfer.password);
  each("file_size", transfer.file_size);
  each("target_file_name", transfer.target_file_name);
  each("state", transfer.state);
  each("awaits_boot", transfer.awaits_boot);
  each("window", transfer.window);
  each("tries", transfer.tries);
  each("next_try", transfer.next_try);
  each("fault_code", transfer.fault_code);
  each("fault_string", transfer.fault_string);
  each("start", transfer.start);
  each("complete", transfer.complete);
}

template <class Each, class One>
void window_fields(One& window, Each each) {
  each("start", window.start);
  each("end", window.end);
  each("needs_confirmation", window.needs_confirmation);
  each("max_retries", window.max_retries);
}

struct Write {
  object& out;
  void operator()(const char* name, const std::string& text) const { out[name] = text; }
  void operator()(const char* name, bool flag) const { out[name] = flag; }
  template <class Number>
  void operator()(const char* name, const Number& one) const {
    if constexpr (std::is_integral_v<Number>) {
      out[name] = std::int64_t{one};
    } else {
      out[name] = number(one);
    }
  }
};

// Throws what boost::json throws of a value that is not there, or of another kind.
struct Read {
  const object& in;
  void operator()(const char* name, std::string& text) const { text = std::string(in.at(name).as_string()); }
  void operator()(const char* name, bool& flag) const { flag = in.at(name).as_bool(); }
  void operator()(const char* name, WallTime& time) const {
    time = WallTime(WallTime::duration(in.at(name).as_int64()));
  }
  template <class Number>
  void operator()(const char* name, Number& one) const {
    one = static_cast<Number>(in.at(name).as_int64());
  }
};

Transfer read(const object& in) {
  Transfer transfer;
  fields(transfer, Read{in});
  for (const auto& one : in.at("windows").as_array()) {
    window_fields(transfer.windows.emplace_back(), Read{one.as_object()});
  }
  const bool sound =
      transfer.window < transfer.windows.size() && transfer.method <= Transfer::Method::schedule_download;
  if (!sound) throw std::out_of_range("a transfer without its window");
  return transfer;
}

}  // namespace

std::string transfers_to_text(const cwmp::Transfers& transfers) {
  array all;
  for (const auto& transfer : transfers.all()) {
    if (transfer.at_once) continue;
    auto& out = all.emplace_back(nullptr).emplace_object();
    fields(transfer, Write{out});
    auto& windows = out["windows"].emplace_array();
    for (const auto& window : transfer.windows)
      window_fields(window, Write{windows.emplace_back(nullptr).emplace_object()});
  }
  return all.empty() ? "" : boost::json::serialize(all);
}

std::vector<Transfer> transfers_from_text(std::string_view text) {
  if (text.empty()) return {};
  std::vector<Transfer> transfers;
  try {
    const auto json = boost::json::parse(text);
    for (const auto& one : json.as_array()) transfers.push_back(read(one.as_object()));
  } catch (const std::exception&) {
    return {};
  }
  return transfers;
}

}  // namespace hnbemu::procedures
