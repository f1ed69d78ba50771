#include "datamodel/references.h"

#include <fmt/format.h>

#include <algorithm>

#include "datamodel/path.h"

namespace hnbemu::datamodel {
namespace {

using Kind = Tree::Place::Kind;
using Target = Reference::Target;

constexpr std::string_view kAnyRow = "{i}";
constexpr std::string_view kServices = "Services";  // TR-106 3: what holds Service Objects

// Where the reference is.
struct Site {
  const Tree& tree;
  RowId row;
  ParameterId id;
  const Parameter& parameter() const { return tree.model().parameter(id); }
  const Reference& reference() const { return *parameter().reference; }
};

// "Device." or "Device.Services.FAPService.1.".
std::string own_model(const Site& site) {
  const Model& model = site.tree.model();
  RowId row = site.row;
  ObjectId id = site.parameter().object;
  for (; model.object(id).parent != kRootObject; id = model.object(id).parent) {
    if (model.object(model.object(id).parent).name == kServices) break;
    if (model.object(id).table) row = site.tree.row(row).parent;
  }
  return site.tree.path({Kind::object, row, id, kNone});
}

// `target` with the numbers of the rows around the reference; ModelBuilder has seen that it is in those rows.
std::string own_target(const Site& site, std::string_view target) {
  const std::string own = site.tree.path(site.row, site.id);
  std::string path;
  for (std::string_view rest = target, own_rest = own; !rest.empty();) {
    const auto name = take_name(rest);
    const auto own_name = take_name(own_rest);
    path += name == kAnyRow ? own_name : name;
    if (!rest.empty() || target.ends_with('.')) path += '.';
  }
  return path;
}

// Whether `path` has the form of a child of the object `parent`, where "{i}" is any number.
bool child_of(std::string_view parent, std::string_view path) {
  while (!parent.empty()) {
    const auto wanted = take_name(parent);
    const auto name = take_name(path);
    if (wanted == kAnyRow ? !instance_number(name) : wanted != name) return false;
  }
  return !path.empty() && path.find('.') == std::string_view::npos;
}

// Whether it has the form of a path of such a target, wherever that may be.
bool is_path(std::string_view text, Target target) {
  if (text.size() > kMaxPathLength) return false;
  bool number = false;
  while (!text.empty()) {
    const auto name = take_name(text);
    number = instance_number(name).has_value();
    if (!number && !legal_name(name)) return false;
  }
  const bool may_be_either = target == Target::any || target == Target::object;
  return may_be_either || number == (target == Target::row);
}

bool exists(const Tree& tree, const std::string& path, Target target) {
  if (target == Target::any || target == Target::parameter) {
    const auto place = tree.find(path);
    if (place && place->kind == Kind::parameter) return true;
    if (target == Target::parameter) return false;
  }
  const auto place = tree.find(path + ".");
  if (!place) return false;
  const bool table = place->kind == Kind::table;
  const bool row = !table && tree.model().object(place->object).table;
  if (target == Target::table) return table;
  if (target == Target::row) return row;
  return target != Target::single || (!table && !row);
}

std::optional<std::string> resolve_path(const Site& site, std::string_view text) {
  std::string path = text.starts_with('.') ? own_model(site).append(text.substr(1)) : std::string(text);
  if (path.ends_with('.')) path.pop_back();
  if (path.find('[') != std::string::npos) {
    auto place = site.tree.find(path);
    if (!place) place = site.tree.find(path + ".");
    if (!place) return std::nullopt;
    path = site.tree.path(*place);
    if (path.ends_with('.')) path.pop_back();
  }
  const Reference& reference = site.reference();
  const auto is_child = [&](const std::string& parent) { return child_of(parent, path); };
  const bool in_form = is_path(path, reference.target) &&
                       (reference.targets.empty() || std::ranges::any_of(reference.targets, is_child));
  if (!in_form || (reference.strong && !exists(site.tree, path, reference.target))) return std::nullopt;
  return path;
}

bool is_row(const Site& site, std::string_view number) {
  return instance_number(number) &&
         site.tree.find(own_target(site, site.reference().targets.front()).append(number) + ".");
}

bool is_enumerated(const Site& site, std::string_view item) {
  const auto from = site.tree.find(own_target(site, site.reference().targets.front()));
  if (!from || from->kind != Kind::parameter) return false;
  const std::string list = site.tree.value(from->row, from->parameter);
  return std::ranges::count(list_items(list), item) > 0;
}

std::optional<std::string> resolve_item(const Site& site, std::string_view item) {
  const Reference& reference = site.reference();
  if (reference.kind == Reference::Kind::path) return resolve_path(site, item);
  const bool good =
      reference.kind == Reference::Kind::instance ? !reference.strong || is_row(site, item) : is_enumerated(site, item);
  return good ? std::optional(std::string(item)) : std::nullopt;
}

bool is_null(const Site& site, std::string_view text) {
  const Reference& reference = site.reference();
  if (reference.kind == Reference::Kind::enumeration) return text == reference.null_value;
  return text == null_value(site.parameter().facets.list_items ? Type::string : site.parameter().type);
}

bool refers_to(const Site& site, std::string_view item, std::string_view gone) {
  if (site.reference().kind != Reference::Kind::instance)
    return item.starts_with(gone) && (item.size() == gone.size() || item[gone.size()] == '.');
  return own_target(site, site.reference().targets.front()).append(item) == gone;
}

// `path` without the dot at its end.
bool clear_reference(Tree& tree, const Site& site, std::string_view path) {
  const std::string before = tree.stored(site.row, site.id);
  if (is_null(site, before)) return false;
  std::vector<std::string_view> items{before};
  if (site.parameter().facets.list_items) items = list_items(before);
  if (std::erase_if(items, [&](std::string_view item) { return refers_to(site, item, path); }) == 0) return false;
  const auto none = site.parameter().facets.list_items ? std::string_view{} : null_value(site.parameter().type);
  return tree.assign(site.row, site.id, items.empty() ? std::string(none) : fmt::format("{}", fmt::join(items, ",")));
}

std::vector<RowId> rows_with(const Tree& tree, ParameterId parameter) {
  const Model& model = tree.model();
  std::vector<ObjectId> tables;
  for (ObjectId id = model.parameter(parameter).object; id != kRootObject; id = model.object(id).parent) {
    if (model.object(id).table) tables.push_back(id);
  }
  std::vector<RowId> rows{kRootRow};
  for (auto table = tables.rbegin(); table != tables.rend(); ++table) {
    std::vector<RowId> inner;
    for (const RowId row : rows) {
      const auto below = tree.rows(row, *table);
      inner.insert(inner.end(), below.begin(), below.end());
    }
    rows = std::move(inner);
  }
  return rows;
}

}  // namespace

std::optional<std::string> resolve_reference(const Tree& tree, RowId row, ParameterId parameter,
                                             std::string_view text) {
  const Site site{tree, row, parameter};
  if (is_null(site, text)) return std::string(text);
  if (!site.parameter().facets.list_items) return resolve_item(site, text);
  std::vector<std::string> items;
  for (const auto item : list_items(text)) {
    auto resolved = resolve_item(site, item);
    if (!resolved) return std::nullopt;
    items.push_back(std::move(*resolved));
  }
  return fmt::format("{}", fmt::join(items, ","));
}

std::vector<Change> clear_references(Tree& tree, std::string_view path) {
  if (path.ends_with('.')) path.remove_suffix(1);
  std::vector<Change> changes;
  for (const ParameterId id : tree.model().strong_references()) {
    for (const RowId row : rows_with(tree, id)) {
      if (clear_reference(tree, {tree, row, id}, path))
        changes.push_back({tree.path(row, id), tree.stored(row, id), Origin::device});
    }
  }
  return changes;
}

}  // namespace hnbemu::datamodel
