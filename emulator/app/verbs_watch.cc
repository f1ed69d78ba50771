#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <thread>

#include "adapters/trace/ring.h"
#include "app/command_line.h"
#include "app/verbs.h"
#include "base/table.h"
#include "control/client.h"
#include "fleet/fleet.h"
#include "procedures/sequence_diagram.h"

namespace hnbemu::app {
namespace {

using boost::json::object;

constexpr Millis kPoll{200};

struct ListOptions {
  Where where;
  bool json = false;
};

struct ShowOptions {
  Where where;
  std::string id;
  bool json = false;
};

struct TraceOptions {
  Where where;
  std::string id;
  bool json = false;
  std::string format = "text";
};

struct WaitOptions {
  Where where;
  std::string state = "in-service";
  std::size_t count = 0;  // 0: all
  unsigned timeout_s = 120;
};

struct LogsOptions {
  Where where;
  std::string id;  // "": all
  bool follow = false;
};

std::string text(const object& from, std::string_view key) {
  const auto& value = from.at(key);
  return value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value);
}

std::string or_dash(const std::string& value) {
  return value.empty() ? "-" : value;
}

std::string reason(const object& device) {
  const auto held = text(device, "held_at");
  const auto& error = device.at("error");
  std::string why = held.empty() ? text(device, "off_air") : "held before " + held;
  if (error.is_object()) {
    if (!why.empty()) why += "; ";
    why += fmt::format("{}: {}", text(error.as_object(), "cause"), text(error.as_object(), "detail"));
    if (const auto step = text(error.as_object(), "step"); !step.empty()) why += " (" + step + ")";
  }
  return why;
}

int print_json(const object& document) {
  fmt::print("{}\n", boost::json::serialize(document));
  return kDone;
}

int ls(const ListOptions& options) {
  const auto reply = ask(options.where, "GET", "/devices");
  if (!reply) return complain(reply.error());
  if (options.json) return print_json(*reply);
  Table table({"DEVICE", "PROFILE", "OUTER", "INNER", "SERVING HMS", "STATE", "REASON"});
  const auto& devices = reply->at("devices").as_array();
  for (const auto& each : devices) {
    const auto& device = each.as_object();
    table.add({text(device, "id"), text(device, "profile"), or_dash(text(device, "outer_address")),
               or_dash(text(device, "inner_address")), or_dash(text(device, "serving_hms")), text(device, "state"),
               reason(device)});
  }
  fmt::print("{}\n{} of {} devices in service\n", table.to_string(), text(*reply, "in_service"), devices.size());
  return kDone;
}

int show_device(const ShowOptions& options) {
  const auto reply = ask(options.where, "GET", "/devices/" + control::encoded(options.id));
  if (!reply) return complain(reply.error());
  if (options.json) return print_json(*reply);
  for (const auto& [key, value] : *reply) {
    if (key == "steps" || key == "error" || key == "held_at" || key == "off_air") continue;
    const auto shown = value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value);
    fmt::print("{:<16} {}\n", std::string(key), or_dash(shown));
  }
  if (const auto why = reason(*reply); !why.empty()) fmt::print("{:<16} {}\n", "reason", why);
  Table table({"STARTED", "STEP", "", "NAME", "ms", "RESULT"});
  for (const auto& each : reply->at("steps").as_array()) {
    const auto& step = each.as_object();
    table.add({text(step, "started"), text(step, "clause"), text(step, "id"), text(step, "name"), text(step, "ms"),
               text(step, "result")});
  }
  fmt::print("\n{}", table.to_string());
  return kDone;
}

int wait(const WaitOptions& options) {
  const auto deadline = std::chrono::steady_clock::now() + Seconds{options.timeout_s};
  while (true) {
    const auto reply = ask(options.where, "GET", "/devices");
    if (!reply) return complain(reply.error());
    const auto& devices = reply->at("devices").as_array();
    const auto there = static_cast<std::size_t>(std::count_if(devices.begin(), devices.end(), [&](const auto& device) {
      return text(device.as_object(), "state") == options.state;
    }));
    const auto wanted = options.count == 0 ? devices.size() : options.count;
    if (there >= wanted) return kDone;
    if (std::chrono::steady_clock::now() >= deadline) {
      fmt::print(stderr, "{} of {} devices are {} after {} s\n", there, wanted, options.state, options.timeout_s);
      return kFailed;
    }
    std::this_thread::sleep_for(kPoll);
  }
}

// Read from disk, so that it can be read after the emulator has gone.
int logs(const LogsOptions& options) {
  const auto layout = find_fleet(options.where);
  if (!layout) return complain(layout.error());
  const trace::Ring log(layout->log(), fleet::kLogBytes);
  std::string last;
  do {
    auto lines = log.read();
    auto from = std::find(lines.rbegin(), lines.rend(), last).base();
    if (from == lines.begin() && !last.empty()) from = lines.begin();  // the log has turned over
    for (auto line = from == lines.end() && last.empty() ? lines.begin() : from; line != lines.end(); ++line) {
      if (options.id.empty() || line->find(" " + options.id + " ") != std::string::npos) fmt::print("{}\n", *line);
    }
    std::fflush(stdout);
    if (!lines.empty()) last = lines.back();
    if (options.follow) std::this_thread::sleep_for(kPoll);
  } while (options.follow && std::ferror(stdout) == 0);
  return kDone;
}

// Laid beside the specification's figure.
int draw(const std::string& device, const boost::json::array& records) {
  std::vector<procedures::TracedStep> steps;
  for (const auto& each : records) {
    const auto& record = each.as_object();
    if (text(record, "kind") != "step") continue;
    if (auto step = procedures::parse_traced_step(text(record, "text"))) steps.push_back(std::move(*step));
  }
  fmt::print("{}", procedures::sequence_diagram(device, procedures::last_bring_up(steps)));
  return kDone;
}

int trace(const TraceOptions& options) {
  const auto reply = ask(options.where, "GET", "/devices/" + control::encoded(options.id) + "/trace");
  if (!reply) return complain(reply.error());
  if (options.json || options.format == "json") return print_json(*reply);
  const auto& records = reply->at("records").as_array();
  if (options.format == "mermaid") return draw(options.id, records);
  for (const auto& each : records) {
    const auto& record = each.as_object();
    fmt::print("{}  {:<8}  {}\n", text(record, "time"), text(record, "kind"), text(record, "text"));
  }
  return kDone;
}

}  // namespace

void add_watch_verbs(CLI::App& app, Action& chosen) {
  CLI::App* verb = nullptr;
  const auto ls_options = add_verb(app, "ls", "The devices of a fleet that runs", "ls --json", chosen, ls, &verb);
  add_json(*verb, ls_options->json);
  add_where(*verb, ls_options->where);

  const auto show_options =
      add_verb(app, "show", "One device with its steps", "show hnb-0001", chosen, show_device, &verb);
  verb->add_option("ID", show_options->id, "The device")->required();
  add_json(*verb, show_options->json);
  add_where(*verb, show_options->where);

  const auto trace_options = add_verb(
      app, "trace", "What a device has said and heard so far: steps, DNS, IKE, SOAP; or a diagram of its steps",
      "trace hnb-0001 --format mermaid", chosen, trace, &verb);
  verb->add_option("ID", trace_options->id, "The device")->required();
  verb->add_option("--format", trace_options->format, "mermaid: a sequence diagram of the last way into service")
      ->check(CLI::IsMember({"text", "json", "mermaid"}))
      ->capture_default_str();
  add_json(*verb, trace_options->json);
  add_where(*verb, trace_options->where);

  const auto wait_options = add_verb(app, "wait", "Wait until devices are in a state; 1 if they are not in time",
                                     "wait --state in-service --count 10 --timeout 60", chosen, wait, &verb);
  const std::vector<std::string> states{"off",        "discovering",      "registering", "registered",
                                        "in-service", "waiting-to-retry", "rebooting",   "silent"};
  verb->add_option("--state", wait_options->state, "The state")->check(CLI::IsMember(states))->capture_default_str();
  verb->add_option("--count", wait_options->count, "How many devices; without it, all")->check(CLI::PositiveNumber);
  verb->add_option("--timeout", wait_options->timeout_s, "Seconds")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  add_where(*verb, wait_options->where);

  const auto logs_options =
      add_verb(app, "logs", "What happened, a line each", "logs hnb-0001 --follow", chosen, logs, &verb);
  verb->add_option("ID", logs_options->id, "Of this device alone");
  verb->add_flag("-f,--follow", logs_options->follow, "Go on as more happens, until Ctrl-C");
  add_where(*verb, logs_options->where);
}

}  // namespace hnbemu::app
