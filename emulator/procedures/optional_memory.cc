#include "procedures/optional_memory.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

namespace hnbemu::procedures {
namespace {

using boost::json::array;

// What is not as it should be throws what boost::json throws.
std::string text_at(const array& from, std::size_t at) {
  return std::string(from.at(at).as_string());
}
template <class Number>
Number number_at(const array& from, std::size_t at) {
  return static_cast<Number>(from.at(at).as_int64());
}

cwmp::OptionStruct option_from(const array& in) {
  return {text_at(in, 0),
          number_at<std::uint32_t>(in, 1),
          number_at<std::uint32_t>(in, 2),
          number_at<int>(in, 3),
          text_at(in, 4),
          text_at(in, 5),
          in.at(6).as_bool()};
}

cwmp::OpResultStruct result_from(const array& in) {
  return {text_at(in, 0), text_at(in, 1), text_at(in, 2), text_at(in, 3),        in.at(4).as_bool(),
          text_at(in, 5), text_at(in, 6), text_at(in, 7), number_at<int>(in, 8), text_at(in, 9)};
}

template <class List, class Read>
List list_from(std::string_view text, Read read) {
  List list;
  if (text.empty()) return list;
  try {
    const auto json = boost::json::parse({text.data(), text.size()});
    for (const auto& one : json.as_array()) list.push_back(read(one.as_array()));
  } catch (const std::exception&) {
    return {};
  }
  return list;
}

}  // namespace

std::string options_to_text(const cwmp::Options& options) {
  array all;
  for (const auto& option : options.all()) {
    all.push_back(array{option.name, option.voucher_sn, option.state, option.mode, option.start_date,
                        option.expiration_date, option.is_transferable});
  }
  return all.empty() ? "" : boost::json::serialize(all);
}

std::vector<cwmp::OptionStruct> options_from_text(std::string_view text) {
  return list_from<std::vector<cwmp::OptionStruct>>(text, option_from);
}

std::string deployment_units_to_text(const cwmp::DeploymentUnits& units) {
  array all;
  for (const auto& complete : units.untold()) {
    array results;
    for (const auto& result : complete.results) {
      results.push_back(array{result.uuid, result.deployment_unit_ref, result.version, result.current_state,
                              result.resolved, result.execution_unit_ref_list, result.start_time, result.complete_time,
                              result.fault_code, result.fault_string});
    }
    all.push_back(array{complete.command_key, std::move(results)});
  }
  return all.empty() ? "" : boost::json::serialize(all);
}

std::deque<cwmp::DuStateChangeComplete> deployment_units_from_text(std::string_view text) {
  return list_from<std::deque<cwmp::DuStateChangeComplete>>(text, [](const array& in) {
    cwmp::DuStateChangeComplete complete;
    complete.command_key = text_at(in, 0);
    for (const auto& result : in.at(1).as_array()) complete.results.push_back(result_from(result.as_array()));
    return complete;
  });
}

}  // namespace hnbemu::procedures
