#include "profile/model_parts.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "config/suggest.h"
#include "tr106/import.h"
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

// Objects and parameters, with what stands before them in the device.
std::vector<std::string> mounted(const std::vector<config::ProfileEntry>& prefixes, const std::string& mount) {
  std::vector<std::string> paths;
  paths.reserve(prefixes.size());
  for (const auto& prefix : prefixes) paths.push_back(mount + prefix.path);
  return paths;
}

// Whether one of the prefixes takes a path: an object's all below it, else that very one.
bool takes(const std::vector<std::string>& prefixes, std::string_view path) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
    return prefix.ends_with('.') ? path.starts_with(prefix) : path == prefix;
  });
}

// One table's part, all paths as the device has them.
class Part {
 public:
  Part(const config::ModelPart& part, const std::string& mount, ModelParts& out)
      : wanted_(mounted(part.has, mount)), unwanted_(mounted(part.without, mount)), out_(out) {}

  void add(const tr106::Model& model) {
    std::set<std::string, std::less<>> kept;
    for (const auto& object : model.objects) {
      if (is_wanted(object)) keep(object.path, kept);
    }
    counts_.clear();
    dropped_.clear();
    for (const auto& object : model.objects) {
      if (!object.table()) continue;
      const auto count = std::string(tr106::parent_path(object.path)) + object.number_of_entries;
      if (kept.contains(object.path)) counts_.insert(count);
      if (takes(unwanted_, object.path)) dropped_.insert(count);
    }
    for (const auto& object : model.objects) {
      if (kept.contains(object.path)) emit(object);
    }
    out_.profiles.insert(out_.profiles.end(), model.profiles.begin(), model.profiles.end());
  }

 private:
  bool has(std::string_view path) const { return takes(wanted_, path) && !takes(unwanted_, path); }
  bool has_parameter(const std::string& path) const {
    return counts_.contains(path) || (has(path) && !dropped_.contains(path));
  }

  bool is_wanted(const tr106::Object& object) const {
    if (takes(unwanted_, object.path)) return false;
    return has(object.path) || std::any_of(object.parameters.begin(), object.parameters.end(),
                                           [&](const auto& parameter) { return has(object.path + parameter.name); });
  }

  static void keep(std::string_view path, std::set<std::string, std::less<>>& kept) {
    for (; kept.emplace(path).second && !path.empty();) path = tr106::parent_path(path);
  }

  void emit(const tr106::Object& object) {
    ModelParts::Object part;
    part.spec = tr106::object_spec(object);
    if (!has_parameter(object.path + part.spec.enable_parameter)) part.spec.enable_parameter.clear();
    std::erase_if(part.spec.unique_keys, [&](const auto& key) {
      return !std::all_of(key.parameters.begin(), key.parameters.end(),
                          [&](const auto& name) { return has_parameter(object.path + name); });
    });
    for (const auto& parameter : object.parameters) {
      if (!has_parameter(object.path + parameter.name)) continue;
      part.parameters.push_back(tr106::parameter_spec(object.path, parameter));
      tr106::leave_out_what_is_wrong(part.parameters.back());
    }
    out_.objects.push_back(std::move(part));
  }

  std::vector<std::string> wanted_;
  std::vector<std::string> unwanted_;
  ModelParts& out_;
  std::set<std::string, std::less<>> counts_;   // of tables that the device has
  std::set<std::string, std::less<>> dropped_;  // of those that it lacks
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
    auto document = load(profile, part.table);
    if (!document) {
      parts.mistakes.push_back(fmt::format("{}: {}", part.place, document.error().detail));
      continue;
    }
    const Names names(*document);
    names.check(part.has, part.table, suggestions, parts.mistakes);
    names.check(part.without, part.table, suggestions, parts.mistakes);
    const bool service =
        std::any_of(document->models.begin(), document->models.end(), [](const auto& model) { return model.service; });
    const auto mount = part.mount.empty() && service && document->root.empty()
                           ? std::string(profile.root()) + "Services."
                           : part.mount;
    document = tr106::with_root(std::move(*document), mount);
    Part one(part, mount, parts);
    for (const auto& model : document->models) one.add(model);
    if (std::ranges::find(parts.documents, document->source) == parts.documents.end())
      parts.documents.push_back(document->source);
  }
  return parts;
}

}  // namespace hnbemu::profile
