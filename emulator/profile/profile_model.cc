#include "profile/profile_model.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/hash.h"
#include "config/suggest.h"
#include "datamodel/model_builder.h"
#include "tr106/specs.h"

namespace hnbemu::profile {
namespace {

// All that is wrong, in the order of the file's parts.
class Mistakes {
 public:
  static constexpr std::size_t kMax = 100;

  void add(std::string line) {
    if (lines_.size() < kMax) lines_.push_back(std::move(line));
  }
  void add(std::string_view place, std::string_view what) { add(fmt::format("{}: {}", place, what)); }
  Result<> result() const {
    if (lines_.empty()) return {};
    return fail(Cause::configuration, fmt::format("{}", fmt::join(lines_, "\n")));
  }

 private:
  std::vector<std::string> lines_;
};

bool is_rolling(std::string_view path) {
  constexpr std::string_view kTables[] = {".FaultMgmt.HistoryEvent.{i}.", ".FaultMgmt.ExpeditedEvent.{i}.",
                                          ".FaultMgmt.QueuedEvent.{i}."};
  return std::ranges::any_of(kTables, [&](std::string_view table) { return path.ends_with(table); });
}

constexpr std::size_t kMaxSuggestions = 20;  // a tree has thousands of names

}  // namespace

std::string as_defined(std::string_view path) {
  std::string defined;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    defined += !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); })
                   ? "{i}"
                   : name;
    if (dot == std::string_view::npos) break;
    defined += '.';
    path.remove_prefix(dot + 1);
  }
  return defined;
}

namespace {

// The document itself has none that is known here: one that is always the same for it (RFC 9562 5.8).
std::string uuid_of(std::string_view document) {
  const auto high = fnv1a(document);
  const auto low = scramble(high);
  return fmt::format("{:08x}-{:04x}-8{:03x}-8{:03x}-{:012x}", high >> 32, high >> 16 & 0xffff, high & 0xfff,
                     low >> 48 & 0xfff, low & 0xffffffffffff);
}

// Puts a profile's parts together.
class Assembly {
 public:
  explicit Assembly(const config::Profile& profile)
      : profile_(profile),
        builder_(profile.quirks.lenient_types ? datamodel::Typing::lenient : datamodel::Typing::strict,
                 profile.quirks.denies_active_notification ? datamodel::ActiveRequests::denied
                                                           : datamodel::ActiveRequests::granted) {}

  Result<std::shared_ptr<const datamodel::Model>> make(ModelParts parts) && {
    const auto documents = std::move(parts.documents);
    add_definitions(std::move(parts));
    add_instances();
    add_supported_models(documents);
    add_fault_management();
    check(profile_.file, builder_.check());
    auto model = builder_.build();
    check_mentions(datamodel::DataModel(model));
    if (auto good = mistakes_.result(); !good) return tl::unexpected(good.error());
    return model;
  }

 private:
  // What the profile says itself comes instead of what its models say.
  void add_definitions(ModelParts parts) {
    auto own = own_parameters();
    for (const auto& mistake : parts.mistakes) mistakes_.add(mistake);
    std::set<std::string> writable;
    for (const auto& entry : profile_.tables) writable.insert(entry.path);
    for (auto& object : parts.objects) {
      if (writable.erase(object.spec.path) > 0) object.spec.writable = true;
      // The rows of a rolling table that nothing is in yet are all alike, whatever TR-196 says of its keys.
      if (is_rolling(object.spec.path)) object.spec.unique_keys.clear();
      if (!object.spec.path.empty()) check(profile_.file, builder_.add_object(object.spec));
      for (auto& spec : object.parameters) {
        auto instead = own.extract(spec.path);
        if (instead) {
          define(instead.mapped().place, std::move(instead.mapped().spec));
        } else {
          define(profile_.file, std::move(spec));
        }
      }
    }
    for (const auto& entry : profile_.parameters) {
      if (auto left = own.extract(entry.path)) define(left.mapped().place, std::move(left.mapped().spec));
    }
    for (const auto& entry : profile_.tables) {
      if (writable.contains(entry.path))
        check(entry.place, builder_.add_object({.path = entry.path, .writable = true}));
    }
  }

  struct Own {
    datamodel::ParameterSpec spec;
    std::string place;
  };
  std::map<std::string, Own> own_parameters() {
    std::map<std::string, Own> own;
    for (const auto& entry : profile_.parameters) {
      auto spec = tr106::parse_spec(entry.path, entry.text);
      if (!spec) {
        mistakes_.add(entry.place, fmt::format("{}: {}", entry.path, spec.error().detail));
        names_.insert(entry.path);
        continue;
      }
      own.emplace(entry.path, Own{std::move(*spec), entry.place});
    }
    return own;
  }

  void define(const std::string& place, datamodel::ParameterSpec spec) {
    if (names_.insert(spec.path).second) check(place, builder_.add_parameter(std::move(spec)));
  }

  void check(const std::string& place, const Result<>& result) {
    if (!result) mistakes_.add(place, result.error().detail);
  }

  void add_instances() {
    for (const auto& entry : profile_.rows) {
      check(entry.place, builder_.add_row(entry.path));
    }
    for (const auto& entry : profile_.values) {
      if (!is_defined(entry.path, entry.place, "value")) continue;
      // One that differs from device to device is checked when it is filled in; here only its path is.
      const auto set = config::is_template(entry.text) ? builder_.check_parameter(entry.path)
                                                       : builder_.set_value(entry.path, entry.text);
      check(entry.place, set);
    }
  }

  // TR-157 SupportedDataModel: the documents of the Broadband Forum that the profile builds on, if it names none
  // itself.
  void add_supported_models(const std::vector<std::string>& documents) {
    const auto table = std::string(profile_.root()) + "DeviceInfo.SupportedDataModel.";
    const bool own = std::ranges::any_of(profile_.rows, [&](const auto& row) { return row.path.starts_with(table); });
    if (own || !names_.contains(as_defined(table + "1.URL"))) return;
    std::uint32_t number = 0;
    for (const auto& document : documents) {
      const auto row = fmt::format("{}{}.", table, ++number);
      check(profile_.file, builder_.add_row(row));
      check(profile_.file, builder_.set_value(row + "URL", "http://www.broadband-forum.org/cwmp/" + document));
      const auto uuid = row + "UUID";
      if (names_.contains(as_defined(uuid))) check(profile_.file, builder_.set_value(uuid, uuid_of(document)));
    }
  }

  // The catalogue, and the rolling tables with rows that nothing is in yet: they are the same in all devices.
  void add_fault_management() {
    for (const auto& object : fault_managements()) {
      std::uint32_t number = 0;
      for (const auto& alarm : profile_.alarms) {
        const auto row = fmt::format("{}SupportedAlarm.{}.", object, ++number);
        check(alarm.place, builder_.add_row(row));
        const auto set = [&](std::string_view name, std::string_view value) {
          const auto path = row + std::string(name);
          if (names_.contains(as_defined(path))) check(alarm.place, builder_.set_value(path, value));
        };
        set("EventType", alarm.event_type);
        set("ProbableCause", alarm.probable_cause);
        set("SpecificProblem", alarm.specific_problem);
        set("PerceivedSeverity", to_string(alarm.severity));
        set("ReportingMechanism", to_string(alarm.mechanism));
      }
      if (profile_.alarms.empty()) continue;
      add_rows(object + "HistoryEvent.", profile_.alarm_tables.history);
      add_rows(object + "ExpeditedEvent.", profile_.alarm_tables.expedited);
      add_rows(object + "QueuedEvent.", profile_.alarm_tables.queued);
      const auto most = object + "MaxCurrentAlarmEntries";
      if (names_.contains(as_defined(most)))
        check(profile_.file, builder_.set_value(most, std::to_string(profile_.alarm_tables.current)));
    }
  }

  // "Device.FaultMgmt." and those of the FAPServices of a fresh device.
  std::vector<std::string> fault_managements() const {
    std::set<std::string> objects{"Device.FaultMgmt.", "InternetGatewayDevice.FaultMgmt."};
    constexpr std::string_view kService = "Services.FAPService.";
    for (const auto& entry : profile_.rows) {
      const auto at = entry.path.find(kService);
      if (at == std::string::npos) continue;
      objects.insert(entry.path.substr(0, entry.path.find('.', at + kService.size()) + 1) + "FaultMgmt.");
    }
    std::erase_if(objects, [this](const auto& object) {
      return !names_.contains(as_defined(object + "SupportedAlarm.1.EventType"));
    });
    return {objects.begin(), objects.end()};
  }

  void add_rows(const std::string& table, std::uint32_t count) {
    if (!names_.contains(as_defined(table + "1.EventTime"))) return;
    for (std::uint32_t number = 1; number <= count; ++number) {
      check(profile_.file, builder_.add_row(fmt::format("{}{}.", table, number)));
    }
  }

  void check_mentions(const datamodel::DataModel& fresh) {
    for (const auto& entry : profile_.mentions) {
      if (!is_defined(entry.path, entry.place, entry.text) || fresh.value(entry.path)) continue;
      mistakes_.add(entry.place,
                    fmt::format("{}: a fresh device has no row for '{}': add it to rows", entry.text, entry.path));
    }
  }

  bool is_defined(const std::string& path, const std::string& place, std::string_view what) {
    const auto defined = as_defined(path);
    if (names_.contains(defined)) return true;
    const bool suggests = suggestions_++ < kMaxSuggestions;
    const auto near = suggests ? config::suggestion(defined, {names_.begin(), names_.end()}) : "";
    mistakes_.add(place, fmt::format("{}: there is no parameter '{}'{}", what, path, near));
    return false;
  }

  const config::Profile& profile_;
  datamodel::ModelBuilder builder_;
  std::set<std::string> names_;  // of all definitions
  std::size_t suggestions_ = 0;
  Mistakes mistakes_;
};

}  // namespace

Result<std::shared_ptr<const datamodel::Model>> make_model(const config::Profile& profile) {
  return make_model(profile, read_model_parts(profile));
}

Result<std::shared_ptr<const datamodel::Model>> make_model(const config::Profile& profile, ModelParts parts) {
  return Assembly(profile).make(std::move(parts));
}

void add_fields(const config::Profile& profile, config::DeviceFields& fields) {
  fields.try_emplace("manufacturer", profile.manufacturer);
  fields.try_emplace("oui", profile.oui);
  fields.try_emplace("product_class", profile.product_class);
  fields.try_emplace("hardware_version", profile.hardware_version);
  fields.try_emplace("software_version", profile.software_version);
}

Result<> fill(datamodel::DataModel& model, const config::Profile& profile, config::DeviceFields fields) {
  add_fields(profile, fields);
  Mistakes mistakes;
  for (const auto& entry : profile.values) {
    if (!config::is_template(entry.text)) continue;
    const auto value = config::expand(entry.text, fields);
    if (!value) {
      mistakes.add(entry.place, value.error().detail);
    } else if (!model.update(entry.path, *value)) {
      mistakes.add(entry.place, fmt::format("'{}' is no legal value of {}", *value, entry.path));
    }
  }
  return mistakes.result();
}

}  // namespace hnbemu::profile
