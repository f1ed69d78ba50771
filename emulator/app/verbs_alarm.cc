#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/command_line.h"
#include "app/verbs.h"
#include "base/table.h"
#include "control/client.h"

namespace hnbemu::app {
namespace {

using boost::json::array;
using boost::json::object;

struct OrderOptions {
  Where where;
  std::string id;
  std::string alarm;
  std::string object;
  std::optional<std::string> text;
  std::string severity;
};

struct AlarmListOptions {
  Where where;
  std::string id;
  bool supported = false;
  bool recent = false;
  bool json = false;
};

std::string target_of(const std::string& id) {
  return "/devices/" + control::encoded(id) + "/alarms";
}

int order(const OrderOptions& options, const char* kind) {
  object body{{"order", kind}, {"alarm", options.alarm}};
  if (!options.object.empty()) body["object"] = options.object;
  if (options.text) body["text"] = *options.text;
  if (!options.severity.empty()) body["severity"] = options.severity;
  const auto done = ask(options.where, "POST", target_of(options.id), body);
  return done ? kDone : complain(done.error());
}

int raise(const OrderOptions& options) {
  return order(options, "raise");
}
int change(const OrderOptions& options) {
  return order(options, "change");
}
int clear(const OrderOptions& options) {
  return order(options, "clear");
}

std::string cell(const object& row, std::string_view key) {
  const auto& value = row.at(key);
  if (!value.is_string() || value.as_string().empty()) return "-";
  return std::string(value.as_string());
}

void print(const array& rows, const std::vector<std::pair<const char*, const char*>>& columns) {
  std::vector<std::string> header;
  header.reserve(columns.size());
  for (const auto& [title, key] : columns) header.emplace_back(title);
  Table table(std::move(header));
  for (const auto& each : rows) {
    std::vector<std::string> row;
    row.reserve(columns.size());
    for (const auto& [title, key] : columns) row.push_back(cell(each.as_object(), key));
    table.add(std::move(row));
  }
  fmt::print("{}", table.to_string());
}

// What was dropped is said, and nothing if all is well.
std::string dropped(const object& counts) {
  std::string text;
  for (const auto& [key, what] : {std::pair("lost", "events replaced before the HMS heard of them"),
                                  std::pair("overridden", "alarms that CurrentAlarm had no room for"),
                                  std::pair("refused", "alarms not raised: too many"),
                                  std::pair("generator_dropped", "alarms not generated: too many")}) {
    const auto* const count = counts.if_contains(key);
    const auto number = count == nullptr ? 0 : count->to_number<std::uint64_t>();
    if (number > 0) text += fmt::format("{} {}\n", number, what);
  }
  return text;
}

int list_alarms(const AlarmListOptions& options) {
  const auto reply = ask(options.where, "GET", target_of(options.id));
  if (!reply) return complain(reply.error());
  if (options.json) {
    fmt::print("{}\n", boost::json::serialize(*reply));
    return kDone;
  }
  if (options.supported) {
    print(reply->at("supported").as_array(), {{"ALARM", "alarm"},
                                              {"SEVERITY", "severity"},
                                              {"REPORTED BY", "mechanism"},
                                              {"RAISED BY", "raised_by"},
                                              {"TYPE", "type"},
                                              {"PROBLEM", "problem"}});
    return kDone;
  }
  if (options.recent) {
    print(reply->at("recent").as_array(), {{"ALARM", "alarm"},
                                           {"SEVERITY", "severity"},
                                           {"MECHANISM", "mechanism"},
                                           {"RAISED", "raised"},
                                           {"REPORTED", "reported"},
                                           {"CLEARED", "cleared"},
                                           {"REPORTED", "clear_reported"},
                                           {"PROBLEM", "problem"}});
    return kDone;
  }
  const auto& current = reply->at("alarms").as_array();
  print(current, {{"ALARM", "alarm"},
                  {"SEVERITY", "severity"},
                  {"RAISED", "raised"},
                  {"PROBLEM", "problem"},
                  {"OBJECT", "object"},
                  {"TEXT", "text"}});
  const auto& counts = reply->at("counts").as_object();
  fmt::print("\n{} raised now; {} raised, {} changed, {} cleared since the start\n{}", current.size(),
             boost::json::serialize(counts.at("raised")), boost::json::serialize(counts.at("changed")),
             boost::json::serialize(counts.at("cleared")), dropped(counts));
  return kDone;
}

void add_order(CLI::App& app, const std::string& name, const std::string& help, const std::string& example,
               Action& chosen, int (*run)(const OrderOptions&)) {
  CLI::App* verb = nullptr;
  const auto options = add_verb(app, name, help, example, chosen, run, &verb);
  const bool raises = name == "raise";
  verb->add_option("ID", options->id, "The device")->required();
  verb->add_option("ALARM", options->alarm, raises ? "Of the device's catalogue" : "AlarmIdentifier, as listed")
      ->required();
  if (raises)
    verb->add_option("--object", options->object, "What it is about, in the data model; without it, the device's cell");
  if (name != "clear") {
    verb->add_option("--text", options->text, "AdditionalText");
    verb->add_option("--severity", options->severity, "Instead of the catalogue's")
        ->check(CLI::IsMember({"critical", "major", "minor", "warning", "indeterminate"}));
  }
  add_where(*verb, options->where);
}

}  // namespace

void add_alarm_verbs(CLI::App& app, Action& chosen) {
  auto* const alarm = app.add_subcommand("alarm", "Alarms of a device");
  alarm->require_subcommand(1);
  add_order(*alarm, "raise", "Raise an alarm", "alarm raise hnb-0001 11403 --text 'too hot'", chosen, raise);
  add_order(*alarm, "change", "Change the text or severity of an alarm that is raised",
            "alarm change hnb-0001 11403 --severity critical", chosen, change);
  add_order(*alarm, "clear", "Clear an alarm", "alarm clear hnb-0001 11403", chosen, clear);
  CLI::App* verb = nullptr;
  const auto options = add_verb(*alarm, "list", "The alarms that a device has now, and what was dropped",
                                "alarm list hnb-0001 --json", chosen, list_alarms, &verb);
  verb->add_option("ID", options->id, "The device")->required();
  auto* const supported = verb->add_flag("--supported", options->supported, "Those that it can have instead");
  verb->add_flag("--recent", options->recent, "The last ones instead, and what the HMS has heard of them")
      ->excludes(supported);
  add_json(*verb, options->json);
  add_where(*verb, options->where);
}

}  // namespace hnbemu::app
