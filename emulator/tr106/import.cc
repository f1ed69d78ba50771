#include "tr106/import.h"

#include <algorithm>
#include <set>

#include "tr106/expansion.h"
#include "tr106/reference_path.h"

namespace hnbemu::tr106 {
namespace {

// The components that no other component of the file includes.
std::vector<pugi::xml_node> top_components(const XmlFile& file) {
  std::set<std::string_view> included;
  for (const auto& reference : file.root().select_nodes("component//component[@ref]"))
    included.insert(reference.node().attribute("ref").value());
  std::vector<pugi::xml_node> top;
  for (const auto& component : file.root().children("component")) {
    if (!included.contains(component.attribute("name").value())) top.push_back(component);
  }
  return top;
}

class Importer {
 public:
  explicit Importer(const std::filesystem::path& file)
      : library_(file.parent_path().empty() ? "." : file.parent_path()), syntax_(library_, mistakes_) {}

  Result<Document> import(const std::string& name) {
    const auto file = library_.open(name);
    if (!file) return tl::unexpected(file.error());
    document_.source = name;
    add_models(**file);
    if (document_.models.empty() && !mistakes_.any()) add_components(**file);
    if (mistakes_.any()) return tl::unexpected(mistakes_.first());
    if (document_.models.empty())
      return fail(Cause::configuration, fmt::format("{}: defines no model and no component", name));
    for (const auto& [used, type] : syntax_.used_types()) document_.types.push_back(type);
    return std::move(document_);
  }

 private:
  void add_models(const XmlFile& file) {
    for (const auto& node : file.root().children("model")) {
      Expansion expansion(library_, syntax_, mistakes_);
      expansion.add_model(file, node);
      if (mistakes_.any()) return;
      document_.models.push_back(expansion.take());
    }
  }

  void add_components(const XmlFile& file) {
    for (const auto& node : top_components(file)) {
      Expansion expansion(library_, syntax_, mistakes_);
      expansion.add_component(file, node, "");
      if (mistakes_.any()) return;
      document_.models.push_back(expansion.take());
    }
  }

  Library library_;
  Mistakes mistakes_;
  SyntaxReader syntax_;
  Document document_;
};

void drop_unused_types(Document& document) {
  std::set<std::string_view> used;
  for (const auto& model : document.models) {
    for (const auto& object : model.objects) {
      for (const auto& parameter : object.parameters) used.insert(parameter.syntax.data_type);
    }
  }
  std::erase_if(document.types, [&](const DataType& type) { return !used.contains(type.name); });
}

std::set<std::string, std::less<>> paths_of(const Model& model) {
  std::set<std::string, std::less<>> paths;
  for (const auto& object : model.objects) {
    paths.insert(object.path);
    for (const auto& parameter : object.parameters) paths.insert(object.path + parameter.name);
  }
  return paths;
}

// Profiles do not speak of what was deleted.
void prune_profiles(Model& model) {
  const auto there = paths_of(model);
  std::set<std::string, std::less<>> names;
  for (auto& profile : model.profiles) {
    for (auto& part : profile.parts) {
      std::erase_if(part.parameters, [&](const auto& item) { return !there.contains(part.path + item.name); });
    }
    std::erase_if(profile.parts, [&](const auto& part) { return !there.contains(part.path); });
    names.insert(profile.name);
  }
  for (auto& profile : model.profiles)
    std::erase_if(profile.extends, [&](const std::string& name) { return !names.contains(name); });
}

// A profile of which something was left out is none that a device may claim.
void drop_cut_profiles(Model& model) {
  const auto there = paths_of(model);
  for (bool dropped = true; dropped;) {
    std::set<std::string, std::less<>> names;
    for (const auto& profile : model.profiles) names.insert(profile.name);
    const auto cut = [&](const Profile::Part& part) {
      return !there.contains(part.path) ||
             std::any_of(part.parameters.begin(), part.parameters.end(),
                         [&](const auto& p) { return !there.contains(part.path + p.name); });
    };
    dropped = std::erase_if(model.profiles, [&](const Profile& profile) {
                return std::any_of(profile.parts.begin(), profile.parts.end(), cut) ||
                       std::any_of(profile.extends.begin(), profile.extends.end(),
                                   [&](const std::string& name) { return !names.contains(name); });
              }) != 0;
  }
}

bool begins_with_one_of(const std::string& path, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) { return path.starts_with(prefix); });
}

// Facts about parameters that were left out.
void drop_cut_facts(Object& object) {
  std::set<std::string_view> names;
  for (const auto& parameter : object.parameters) names.insert(parameter.name);
  const auto missing = [&](const std::string& name) {
    return name.find('.') == std::string::npos && !names.contains(name);
  };
  std::erase_if(object.keys, [&](const UniqueKey& key) {
    return std::any_of(key.parameters.begin(), key.parameters.end(), missing);
  });
  if (missing(object.enable)) object.enable.clear();
  if (missing(object.discriminator)) object.discriminator.clear();
}

void select_objects(Model& model, const std::vector<std::string>& only) {
  std::set<std::string, std::less<>> kept;      // objects below a prefix, or with a parameter that is
  std::set<std::string, std::less<>> counters;  // of their rows
  for (const auto& object : model.objects) {
    const bool inside = begins_with_one_of(object.path, only);
    const bool has = std::any_of(object.parameters.begin(), object.parameters.end(),
                                 [&](const auto& p) { return begins_with_one_of(object.path + p.name, only); });
    if (!inside && !has) continue;
    for (std::string_view path = object.path; kept.emplace(path).second && !path.empty();) path = parent_path(path);
  }
  for (const auto& object : model.objects) {
    if (!kept.contains(object.path) || object.number_of_entries.empty()) continue;
    counters.insert(std::string(parent_path(object.path)) + object.number_of_entries);
  }
  std::erase_if(model.objects, [&](const Object& object) { return !kept.contains(object.path); });
  for (auto& object : model.objects) {
    std::erase_if(object.parameters, [&](const Parameter& parameter) {
      const auto path = object.path + parameter.name;
      return !begins_with_one_of(path, only) && !counters.contains(path);
    });
    drop_cut_facts(object);
  }
  std::erase_if(model.objects, [](const Object& object) { return object.path.empty() && object.parameters.empty(); });
}

// What a reference means when its model or component stands below `root`.
void put_below(std::string& target, const std::string& root) {
  if (target.starts_with('#')) return;  // begins above the component
  if (target.starts_with('.')) {
    target = root.substr(0, root.find('.')) + target;
  } else if (!target.starts_with("Device.") && !target.starts_with("InternetGatewayDevice.")) {
    target = root + target;
  }
}

}  // namespace

Document with_root(Document document, const std::string& root) {
  if (root.empty()) return document;
  document.root = root + document.root;
  for (auto& model : document.models) {
    for (auto& object : model.objects) {
      object.path = root + object.path;
      for (auto& parameter : object.parameters) {
        if (!parameter.syntax.item.reference) continue;
        for (auto& target : parameter.syntax.item.reference->targets) put_below(target, root);
      }
    }
    for (auto& profile : model.profiles) {
      for (auto& part : profile.parts) part.path = root + part.path;
    }
  }
  return document;
}

Result<Document> select(Document document, const std::vector<std::string>& only) {
  if (only.empty()) return document;
  for (const auto& prefix : only) {
    const bool found = std::any_of(document.models.begin(), document.models.end(), [&](const Model& model) {
      return std::any_of(model.objects.begin(), model.objects.end(), [&](const Object& object) {
        return object.path.starts_with(prefix) ||
               std::any_of(object.parameters.begin(), object.parameters.end(),
                           [&](const Parameter& p) { return (object.path + p.name).starts_with(prefix); });
      });
    });
    if (!found) return fail(Cause::configuration, fmt::format("{}: nothing begins with '{}'", document.source, prefix));
  }
  for (auto& model : document.models) {
    select_objects(model, only);
    drop_cut_profiles(model);
  }
  std::erase_if(document.models, [](const Model& model) { return model.objects.empty(); });
  drop_unused_types(document);
  document.only = only;
  return document;
}

Result<Document> import_document(const std::filesystem::path& file, const ImportOptions& options) {
  if (!legal_object_path(options.root))
    return fail(
        Cause::configuration,
        fmt::format("'{}' is no path of an object: the root ends in '.', as in Device.Services.", options.root));
  auto document = Importer(file).import(file.filename().string());
  if (!document) return document;
  for (auto& model : document->models) prune_profiles(model);
  drop_unused_types(*document);
  return select(with_root(std::move(*document), options.root), options.only);
}

}  // namespace hnbemu::tr106
