#include "tr106/expansion.h"

#include <algorithm>
#include <sstream>

#include "tr106/attributes.h"
#include "tr106/reference_path.h"

namespace hnbemu::tr106 {
namespace {

const char* name_of(pugi::xml_node node) {
  return node.attribute(node.attribute("name") ? "name" : "base").value();
}

}  // namespace

bool Expansion::enter(const XmlFile& file, pugi::xml_node node) {
  bounded(file, node, ++expansions_, kMaxExpansions, "included components");
  if (files_.size() == kMaxNesting)
    mistakes_.add(file, node,
                  fmt::format("'{}' is nested deeper than {}; does it include itself?", name_of(node), kMaxNesting));
  if (!mistakes_.any()) files_.push_back(&file);
  return !mistakes_.any();
}

bool Expansion::bounded(const XmlFile& file, pugi::xml_node node, std::size_t count, std::size_t most,
                        std::string_view what) {
  if (count > most) mistakes_.add(file, node, fmt::format("more than {} {}", most, what));
  return count <= most;
}

void Expansion::add_model(const XmlFile& file, pugi::xml_node model) {
  if (!enter(file, model)) return;
  if (const auto base = model.attribute("base")) {
    const auto found = library_.find(file, model, "model", base.value());
    if (!found) return mistakes_.add(found.error());
    add_model(*found->file, found->node);
    strict_ = true;
  }
  in_model_ = true;
  model_.name = model.attribute("name").value();
  model_.service = model.attribute("isService").as_bool();
  add_items(file, model, "");
  files_.pop_back();
}

void Expansion::add_component(const XmlFile& file, pugi::xml_node component, const std::string& prefix) {
  if (!enter(file, component)) return;
  if (model_.name.empty()) model_.name = component.attribute("name").value();
  add_items(file, component, prefix);
  files_.pop_back();
}

void Expansion::add_items(const XmlFile& file, pugi::xml_node parent, const std::string& prefix) {
  for (const auto& node : parent.children()) {
    if (mistakes_.any()) return;
    const std::string_view element = node.name();
    if (element == "component") {
      include(file, node, prefix);
    } else if (element == "object") {
      add_object(file, node, prefix);
    } else if (element == "parameter") {
      add_parameter(file, node, prefix);
    } else if (element == "profile") {
      add_profile(file, node, prefix);
    }
  }
}

// TR-106 A.2.11, `virtual`: the first file on the way here that has a real component of the name supplies it.
std::optional<Library::Definition> Expansion::override_of(const std::string& name) {
  for (const auto* file : files_) {
    if (!file->definition("component", name) && !file->imported("component", name)) continue;
    const auto found = library_.find(*file, file->root(), "component", name);
    if (found && !found->node.attribute("virtual").as_bool()) return *found;
  }
  return std::nullopt;
}

void Expansion::include(const XmlFile& file, pugi::xml_node reference, const std::string& prefix) {
  const std::string name = reference.attribute("ref").value();
  auto found = library_.find(file, reference, "component", name);
  if (!found) return mistakes_.add(found.error());
  if (found->node.attribute("virtual").as_bool()) {
    if (const auto real = override_of(name)) *found = *real;
  }
  add_component(*found->file, found->node, prefix + reference.attribute("path").value());
}

Object* Expansion::find(const std::string& path) {
  const auto found = places_.find(path);
  return found == places_.end() ? nullptr : &model_.objects[found->second];
}

Object& Expansion::create(const std::string& path) {
  places_[path] = model_.objects.size();
  Object& object = model_.objects.emplace_back();
  object.path = path;
  return object;
}

void Expansion::erase(const std::string& path) {
  if (!places_.contains(path)) return;
  std::erase_if(model_.objects, [&](const Object& object) { return object.path.starts_with(path); });
  places_.clear();
  for (std::size_t i = 0; i < model_.objects.size(); ++i) places_[model_.objects[i].path] = i;
}

void Expansion::add_object(const XmlFile& file, pugi::xml_node node, const std::string& prefix) {
  const std::string name = name_of(node);
  const std::string path = prefix + name;
  if (path.empty() || !legal_object_path(path))
    return mistakes_.add(file, node, fmt::format("'{}' is no path of an object", path));
  if (is_deleted(node)) return erase(path);
  const bool modifies = !node.attribute("name");
  Object* object = find(path);
  if (!modifies && object != nullptr) return mistakes_.add(file, node, fmt::format("{} is defined twice", path));
  if (modifies && object == nullptr && strict_)
    return mistakes_.add(file, node, fmt::format("{} is to be modified, but nothing defines it", path));
  if (object == nullptr) object = &create(path);
  if (!bounded(file, node, model_.objects.size(), kMaxObjects, "objects")) return;
  read_object(file, node, *object);
  add_items(file, node, path);
}

void Expansion::read_object(const XmlFile& file, pugi::xml_node node, Object& object) {
  object.writable = read_word(file, node, "access", object.writable ? Access::read_write : Access::read_only,
                              mistakes_) == Access::read_write;
  object.status = read_status(file, node, object.status, mistakes_);
  object.min_entries = read_number(file, node, "minEntries", object.min_entries, mistakes_);
  if (std::string_view(node.attribute("maxEntries").value()) == "unbounded") {
    object.max_entries.reset();
  } else if (node.attribute("maxEntries")) {
    object.max_entries = read_number(file, node, "maxEntries", 1, mistakes_);
  }
  const auto set = [&](const char* attribute, std::string& text) {
    if (const auto given = node.attribute(attribute)) text = given.value();
  };
  set("numEntriesParameter", object.number_of_entries);
  set("enableParameter", object.enable);
  set("discriminatorParameter", object.discriminator);
  for (const auto& element : node.children("uniqueKey")) {
    UniqueKey key;
    key.functional = element.attribute("functional").as_bool(true);
    for (const auto& parameter : element.children("parameter"))
      key.parameters.emplace_back(parameter.attribute("ref").value());
    if (std::find(object.keys.begin(), object.keys.end(), key) == object.keys.end())
      object.keys.push_back(std::move(key));
    if (!bounded(file, element, object.keys.size(), kMaxKeys, "unique keys of an object")) return;
  }
}

void Expansion::add_parameter(const XmlFile& file, pugi::xml_node node, const std::string& object_path) {
  const std::string name = name_of(node);
  if (!legal_parameter_name(name) || !legal_object_path(object_path))
    return mistakes_.add(file, node, fmt::format("'{}' is no name of a parameter", name));
  Object* object = find(object_path);
  if (object == nullptr && strict_ && !object_path.empty())
    return mistakes_.add(file, node, fmt::format("{}{}: nothing defines the object", object_path, name));
  if (object == nullptr) object = &create(object_path);
  auto& parameters = object->parameters;
  const auto same = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == name; });
  const bool known = same != parameters.end();
  if (is_deleted(node)) {
    if (known) parameters.erase(same);
    return;
  }
  if (node.attribute("name") && known)
    return mistakes_.add(file, node, fmt::format("{}{} is defined twice", object_path, name));
  if (!node.attribute("name") && !known && strict_)
    return mistakes_.add(file, node, fmt::format("{}{} is to be modified, but nothing defines it", object_path, name));
  if (known) return read_parameter(file, node, {object_path, in_model_}, *same);
  if (!node.child("syntax")) {
    if (strict_) mistakes_.add(file, node, fmt::format("{}{} has no syntax", object_path, name));
    return;
  }
  if (!bounded(file, node, ++parameters_, kMaxParameters, "parameters") ||
      !bounded(file, node, parameters.size() + 1, kMaxMembers, "parameters of an object"))
    return;
  Parameter parameter;
  parameter.name = name;
  read_parameter(file, node, {object_path, in_model_}, parameter);
  parameters.push_back(std::move(parameter));
}

void Expansion::read_parameter(const XmlFile& file, pugi::xml_node node, const Place& place, Parameter& parameter) {
  parameter.access = read_word(file, node, "access", parameter.access, mistakes_);
  parameter.status = read_status(file, node, parameter.status, mistakes_);
  parameter.active_notify = read_word(file, node, "activeNotify", parameter.active_notify, mistakes_);
  read_flag(node, "forcedInform", parameter.forced_inform);
  if (const auto syntax = node.child("syntax")) syntax_.read(file, syntax, place, parameter.syntax);
  values_ += parameter.syntax.item.enumeration.size() + parameter.syntax.item.patterns.size();
  bounded(file, node, values_, kMaxValues, "enumerated values and patterns");
}

void Expansion::read_profile_part(const XmlFile& file, pugi::xml_node node, Profile::Part& part) {
  for (const auto& child : node.children("parameter")) {
    if (!bounded(file, child, part.parameters.size() + 1, kMaxMembers, "parameters of an object")) return;
    const std::string name = child.attribute("ref").value();
    std::erase_if(part.parameters, [&](const Profile::Item& item) { return item.name == name; });
    if (!is_deleted(child))
      part.parameters.push_back({name, read_word(file, child, "requirement", Access::read_only, mistakes_)});
  }
}

void Expansion::read_profile(const XmlFile& file, pugi::xml_node node, const std::string& prefix, Profile& profile) {
  profile.status = read_status(file, node, profile.status, mistakes_);
  for (const char* attribute : {"base", "extends"}) {
    if (std::string_view(attribute) == "base" && !node.attribute("name")) continue;  // it is what is modified
    std::istringstream names(node.attribute(attribute).value());
    for (std::string name; names >> name;) profile.extends.push_back(name);
  }
  const auto part_of = [&](const std::string& path) -> Profile::Part& {
    const auto known = std::find_if(profile.parts.begin(), profile.parts.end(),
                                    [&](const Profile::Part& part) { return part.path == path; });
    if (known != profile.parts.end()) return *known;
    profile.parts.push_back({path, Requirement::not_specified, {}});
    return profile.parts.back();
  };
  if (node.child("parameter")) read_profile_part(file, node, part_of(prefix));
  for (const auto& object : node.children("object")) {
    const auto path = prefix + object.attribute("ref").value();
    if (is_deleted(object)) {
      std::erase_if(profile.parts, [&](const Profile::Part& part) { return part.path == path; });
      continue;
    }
    if (!bounded(file, object, profile.parts.size() + 1, kMaxMembers, "objects of a profile")) return;
    auto& part = part_of(path);
    part.requirement = read_word(file, object, "requirement", part.requirement, mistakes_);
    read_profile_part(file, object, part);
  }
}

// With a name, it is a new profile; with a base alone, a change of that one.
void Expansion::add_profile(const XmlFile& file, pugi::xml_node node, const std::string& prefix) {
  const std::string name = name_of(node);
  auto& profiles = model_.profiles;
  const auto is_it = [&](const Profile& profile) { return profile.name == name; };
  if (is_deleted(node) || node.attribute("name")) std::erase_if(profiles, is_it);
  if (is_deleted(node)) return;
  auto profile = std::find_if(profiles.begin(), profiles.end(), is_it);
  if (profile == profiles.end()) {
    if (!bounded(file, node, profiles.size() + 1, kMaxMembers, "profiles")) return;
    profile = profiles.insert(profile, Profile{});
    profile->name = name;
  }
  read_profile(file, node, prefix, *profile);
}

Model Expansion::take() {
  model_.objects = in_tree_order(std::move(model_.objects));
  return std::move(model_);
}

std::vector<Object> in_tree_order(std::vector<Object> objects) {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < objects.size(); ++i) index.emplace(objects[i].path, i);
  std::vector<std::vector<std::size_t>> children(objects.size() + 1);  // the last: without an object around them
  for (std::size_t i = 0; i < objects.size(); ++i) {
    auto around = objects[i].path.empty() ? std::string_view() : parent_path(objects[i].path);
    while (!around.empty() && !index.contains(around)) around = parent_path(around);
    children[around.empty() ? objects.size() : index.at(around)].push_back(i);
  }
  std::vector<Object> ordered;
  std::vector<std::size_t> open(children.back().rbegin(), children.back().rend());
  while (!open.empty()) {
    const auto next = open.back();
    open.pop_back();
    open.insert(open.end(), children[next].rbegin(), children[next].rend());
    ordered.push_back(std::move(objects[next]));
  }
  return ordered;
}

}  // namespace hnbemu::tr106
