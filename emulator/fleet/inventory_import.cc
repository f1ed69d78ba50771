#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <map>

#include "config/suggest.h"
#include "fleet/inventory.h"

namespace hnbemu::fleet {
namespace {

constexpr std::array<std::string_view, 4> kMoreColumns{"key", "ca", "latitude", "longitude"};

// A device as the list has it, and where.
struct Entry {
  std::map<std::string, std::string, std::less<>> fields;
  std::string place;

  const std::string& at(std::string_view column) const {
    static const std::string none;
    const auto found = fields.find(column);
    return found == fields.end() ? none : found->second;
  }
};

tl::unexpected<Error> wrong(const std::string& place, const std::string& what) {
  return fail(Cause::configuration, fmt::format("{}: {}", place, what));
}

Result<> check_column(const std::string& column, const std::string& place) {
  std::vector<std::string> known(kInventoryColumns.begin(), kInventoryColumns.end());
  known.insert(known.end(), kMoreColumns.begin(), kMoreColumns.end());
  if (std::ranges::find(known, column) != known.end()) return {};
  return wrong(place, fmt::format("unknown column '{}'{}; known: {}", column, config::suggestion(column, known),
                                  fmt::join(known, " ")));
}

// RFC 4180, field by field, with the place of each.
class Csv {
 public:
  struct Field {
    std::string text;
    std::string place;
  };

  Csv(std::string_view text, const std::string& name) : rest_(text), name_(name) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);  // spreadsheets write a byte order mark
    const auto header = rest_.substr(0, rest_.find('\n'));
    separator_ = header.find(';') != std::string_view::npos && header.find(',') == std::string_view::npos ? ';' : ',';
  }
  bool at_end() const { return rest_.empty(); }

  // An empty line gives one empty field.
  Result<std::vector<Field>> line() {
    std::vector<Field> fields;
    do {
      auto next = field();
      if (!next) return tl::unexpected(next.error());
      fields.push_back(std::move(*next));
    } while (take(separator_));
    take('\r');
    if (!take('\n') && !at_end()) return wrong(place(), "a quoted field ends here, and the line goes on");
    return fields;
  }

 private:
  std::string place() const { return fmt::format("{}:{}:{}", name_, line_, column_); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    step();
    return true;
  }
  char step() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    line_ += c == '\n' ? 1 : 0;
    column_ = c == '\n' ? 1 : column_ + 1;
    return c;
  }
  Result<Field> field() {
    Field field{{}, place()};
    if (!take('"')) {
      while (!rest_.empty() && rest_.front() != separator_ && rest_.front() != '\n' && rest_.front() != '\r')
        field.text += step();
      return field;
    }
    while (!rest_.empty()) {
      const char c = step();
      if (c != '"') {
        field.text += c;
      } else if (!take('"')) {
        return field;
      } else {
        field.text += '"';
      }
    }
    return wrong(field.place, "a quote that is not closed");
  }

  std::string_view rest_;
  std::string name_;
  char separator_ = ',';
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

Result<std::vector<Entry>> read_csv(std::string_view text, const std::string& name) {
  Csv csv(text, name);
  const auto header = csv.line();
  if (!header) return tl::unexpected(header.error());
  for (const auto& column : *header) {
    if (auto good = check_column(column.text, column.place); !good) return tl::unexpected(good.error());
  }
  std::vector<Entry> entries;
  while (!csv.at_end()) {
    const auto line = csv.line();
    if (!line) return tl::unexpected(line.error());
    if (line->size() == 1 && line->front().text.empty()) continue;
    if (line->size() != header->size()) {
      return wrong(line->front().place, fmt::format("{} fields, the header has {}", line->size(), header->size()));
    }
    Entry entry{{}, line->front().place};
    for (std::size_t i = 0; i < line->size(); ++i) entry.fields[(*header)[i].text] = (*line)[i].text;
    entries.push_back(std::move(entry));
    if (entries.size() > config::kMaxDevices)
      return wrong(name, fmt::format("more than {} devices", config::kMaxDevices));
  }
  return entries;
}

Result<std::vector<Entry>> read_json(std::string_view text, const std::string& name) {
  boost::system::error_code error;
  const auto json = boost::json::parse({text.data(), text.size()}, error);
  if (error) return wrong(name, "no JSON: " + error.message());
  const auto* const list = json.is_object() ? json.as_object().if_contains("devices") : &json;
  if (list == nullptr || !list->is_array()) return wrong(name, R"({"devices": [{"serial": "…"}]} is wanted)");
  if (list->as_array().size() > config::kMaxDevices)
    return wrong(name, fmt::format("more than {} devices", config::kMaxDevices));
  std::vector<Entry> entries;
  for (const auto& each : list->as_array()) {
    Entry entry{{}, fmt::format("{}: devices[{}]", name, entries.size())};
    if (!each.is_object()) return wrong(entry.place, "no object");
    for (const auto& [key, value] : each.as_object()) {
      if (auto good = check_column(std::string(key), entry.place); !good) return tl::unexpected(good.error());
      if (!value.is_string()) return wrong(entry.place, fmt::format("the value of '{}' is no text", std::string(key)));
      entry.fields[std::string(key)] = value.as_string();
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<> check(const std::vector<Entry>& entries, const ImportOptions& options) {
  std::map<std::string, std::string> serials;
  for (const auto& entry : entries) {
    const auto& serial = entry.at("serial");
    if (serial.empty()) return wrong(entry.place, "no serial");
    const auto [first, is_new] = serials.try_emplace(serial, entry.place);
    if (!is_new) return wrong(entry.place, fmt::format("serial '{}' is at {} already", serial, first->second));
    for (const auto& [column, text] : entry.fields) {
      if (text.find_first_of("{}") != std::string::npos) {
        return wrong(entry.place, fmt::format("{} '{}': a fleet file takes braces for a template", column, text));
      }
    }
    if (!entry.at("psk").empty() && options.segw.empty()) {
      return wrong(entry.place, "a psk is for a SeGW of your own: say which, with --segw");
    }
    if (entry.at("profile").empty() && options.profile.empty())
      return wrong(entry.place, "no profile: say which, with --profile");
  }
  return {};
}

std::string quoted(const std::string& text) {
  return boost::json::serialize(boost::json::string(text));  // a JSON text is a YAML text
}

std::string login(const Entry& entry, const std::string& what) {
  return fmt::format("{{username: {}, password: {}}}", quoted(entry.at(what + "_username")),
                     quoted(entry.at(what + "_password")));
}

std::string device_line(const Entry& entry, std::size_t index, const ImportOptions& options) {
  auto line = fmt::format("      - {{index: {}, serial: {}", index, quoted(entry.at("serial")));
  for (const auto* const key : {"mac", "oui"}) {
    if (!entry.at(key).empty()) line += fmt::format(", {}: {}", key, quoted(entry.at(key)));
  }
  if (!entry.at("cwmp_username").empty()) line += ", acs: " + login(entry, "cwmp");
  if (!entry.at("connection_request_username").empty())
    line += ", connection_request: " + login(entry, "connection_request");
  if (const auto& file = entry.at("certificate"); !file.empty() && file != "factory") {
    line += fmt::format(", certificate: {}, key: {}, ca: {}", quoted(file), quoted(entry.at("key")),
                        quoted(entry.at("ca")));
  }
  if (!options.segw.empty()) {
    line += fmt::format(", ipsec: {{segw: {}", quoted(options.segw));
    if (!entry.at("ike_identity").empty()) line += ", local_id: " + quoted(entry.at("ike_identity"));
    if (!entry.at("psk").empty()) line += ", psk: " + quoted(entry.at("psk"));
    line += "}";
  }
  if (!entry.at("latitude").empty()) {
    line += fmt::format(", location: {{latitude: {}, longitude: {}}}", quoted(entry.at("latitude")),
                        quoted(entry.at("longitude")));
  }
  return line + "}\n";
}

}  // namespace

Result<std::string> import_inventory(std::string_view text, const std::string& name, const ImportOptions& options) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  const auto entries = json ? read_json(text, name) : read_csv(text, name);
  if (!entries) return tl::unexpected(entries.error());
  if (entries->empty()) return wrong(name, "no device is in it");
  if (auto good = check(*entries, options); !good) return tl::unexpected(good.error());

  std::vector<std::pair<std::string, std::vector<const Entry*>>> groups;  // by profile, in the list's order
  for (const auto& entry : *entries) {
    const auto& profile = entry.at("profile").empty() ? options.profile : entry.at("profile");
    const auto same = [&](const auto& group) { return group.first == profile; };
    auto group = std::ranges::find_if(groups, same);
    if (group == groups.end()) group = groups.insert(groups.end(), {profile, {}});
    group->second.push_back(&entry);
  }
  std::string file = fmt::format("# Made from {}.\nfleet: {{name: {}}}\n{}groups:\n", name, quoted(options.group),
                                 options.segw.empty() ? "" : "uplink: true\n");
  for (const auto& [profile, members] : groups) {
    const auto group_name = groups.size() == 1 ? options.group : fmt::format("{}-{}", options.group, profile);
    file += fmt::format("  - name: {}\n    profile: {}\n    count: {}\n    devices:\n", quoted(group_name),
                        quoted(profile), members.size());
    for (std::size_t i = 0; i < members.size(); ++i) file += device_line(*members[i], i + 1, options);
  }
  return file;
}

}  // namespace hnbemu::fleet
