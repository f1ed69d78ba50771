#include "profile/model_parts.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "config/suggest.h"
#include "tr106/specs.h"
#include "tr106/table_reader.h"

namespace hnbemu::profile {
namespace {

constexpr std::string_view kSuffix = ".table";
constexpr std::size_t kMaxSuggestions = 20;  // of one profile: a table has thousands of names

std::vector<std::string> known_tables(const config::Profile& profile) {
  std::set<std::string> names;
  for (const auto& directory : profile.model_directories) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
      if (entry.path().extension() == kSuffix) names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

Result<tr106::Document> load(const config::Profile& profile, const std::string& table) {
  for (const auto& directory : profile.model_directories) {
    std::error_code ignored;
    const auto file = fmt::format("{}/{}{}", directory, table, kSuffix);
    if (std::filesystem::exists(file, ignored)) return tr106::load_table(file);
  }
  const auto known = known_tables(profile);
  return fail(Cause::configuration, fmt::format("there is no model '{}'{}; there are {}", table,
                                                config::suggestion(table, known), fmt::join(known, ", ")));
}

// Whether one of the prefixes, in the table's words, takes a path: an object's all below it, else that very one.
bool takes(const std::vector<config::ProfileEntry>& prefixes, std::string_view path) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
    return prefix.path.ends_with('.') ? path.starts_with(prefix.path) : path == prefix.path;
  });
}

// One table's part.
class Part {
 public:
  Part(const config::ModelPart& part, std::string mount, ModelParts& out)
      : part_(part), mount_(std::move(mount)), out_(out) {}

  void add(const tr106::Model& model) {
    const std::string mount = model.service ? mount_ : part_.mount;
    std::set<std::string, std::less<>> kept, counters;
    for (const auto& object : model.objects) {
      if (wanted(object)) keep(object.path, kept);
    }
    dropped_.clear();
    for (const auto& object : model.objects) {
      if (!object.table()) continue;
      const auto counter = std::string(tr106::parent_path(object.path)) + object.number_of_entries;
      if (kept.contains(object.path)) counters.insert(counter);
      if (takes(part_.without, object.path)) dropped_.insert(counter);
    }
    for (const auto& object : model.objects) {
      const bool counts = std::any_of(object.parameters.begin(), object.parameters.end(), [&](const auto& parameter) {
        return counters.contains(object.path + parameter.name);
      });
      if (kept.contains(object.path) || counts) emit(object, mount, counters);
    }
    for (auto profile : model.profiles) {
      for (auto& part : profile.parts) part.path = mount + part.path;
      out_.profiles.push_back(std::move(profile));
    }
  }

 private:
  bool has(std::string_view path) const { return takes(part_.has, path) && !takes(part_.without, path); }

  bool wanted(const tr106::Object& object) const {
    if (takes(part_.without, object.path)) return false;
    return has(object.path) || std::any_of(object.parameters.begin(), object.parameters.end(),
                                           [&](const auto& parameter) { return has(object.path + parameter.name); });
  }

  static void keep(std::string_view path, std::set<std::string, std::less<>>& kept) {
    for (; kept.emplace(path).second && !path.empty();) path = tr106::parent_path(path);
  }

  void emit(const tr106::Object& object, const std::string& mount, const std::set<std::string, std::less<>>& counters) {
    ModelParts::Object part;
    if (!object.path.empty()) {
      part.spec = tr106::object_spec(object);
      part.spec.path = mount + part.spec.path;
    }
    for (const auto& parameter : object.parameters) {
      const auto path = object.path + parameter.name;
      if ((has(path) && !dropped_.contains(path)) || counters.contains(path))
        part.parameters.push_back(tr106::parameter_spec(mount + object.path, parameter));
    }
    out_.objects.push_back(std::move(part));
  }

  const config::ModelPart& part_;
  std::string mount_;
  ModelParts& out_;
  std::set<std::string, std::less<>> dropped_;  // counts of tables that the device lacks
};

// Every prefix must mean something in the table.
class Names {
 public:
  explicit Names(const tr106::Document& document) {
    for (const auto& model : document.models) {
      for (const auto& object : model.objects) {
        known_.insert(object.path);
        for (const auto& parameter : object.parameters) known_.insert(object.path + parameter.name);
      }
    }
  }
  void check(const std::vector<config::ProfileEntry>& prefixes, const std::string& table, std::size_t& suggestions,
             std::vector<std::string>& mistakes) const {
    for (const auto& prefix : prefixes) {
      if (known_.contains(prefix.path)) continue;
      const bool suggests = suggestions < kMaxSuggestions;
      if (suggests) ++suggestions;
      const auto near = suggests ? config::suggestion(prefix.path, {known_.begin(), known_.end()}) : "";
      mistakes.push_back(fmt::format("{}: {} has no '{}'{}", prefix.place, table, prefix.path, near));
    }
  }

 private:
  std::set<std::string> known_;
};

}  // namespace

ModelParts read_model_parts(const config::Profile& profile) {
  ModelParts parts;
  std::size_t suggestions = 0;
  for (const auto& part : profile.models) {
    const auto document = load(profile, part.table);
    if (!document) {
      parts.mistakes.push_back(fmt::format("{}: {}", part.place, document.error().detail));
      continue;
    }
    const Names names(*document);
    names.check(part.has, part.table, suggestions, parts.mistakes);
    names.check(part.without, part.table, suggestions, parts.mistakes);
    auto mount = part.mount.empty() && document->root.empty() ? std::string(profile.root()) + "Services." : part.mount;
    Part one(part, std::move(mount), parts);
    for (const auto& model : document->models) one.add(model);
  }
  return parts;
}

}  // namespace hnbemu::profile
