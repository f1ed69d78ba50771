// What a ModelBuilder does when all parts are there.
#include <algorithm>

#include "datamodel/model_builder.h"
#include "datamodel/path.h"
#include "datamodel/references.h"
#include "datamodel/tree.h"

namespace hnbemu::datamodel {
namespace {

constexpr std::string_view kAlias = "Alias";

tl::unexpected<Error> wrong(std::string_view path, std::string_view what) {
  return fail(Cause::configuration, fmt::format("{}: {}", path, what));
}

// The table around what is in `object`; kRootObject if there is none.
ObjectId enclosing_table(const Model& model, ObjectId object) {
  while (object != kRootObject && !model.object(object).table) object = model.object(object).parent;
  return object;
}

// Rows that come into being with a row of `table`, and that row; more than kMaxMinRows is not counted further.
std::size_t rows_at_once(const Model& model, ObjectId table) {
  std::size_t rows = 1;
  for (const ObjectId inner : model.extent(table).tables) {
    if (model.object(inner).min_rows > 0) rows += model.object(inner).min_rows * rows_at_once(model, inner);
  }
  return std::min(rows, kMaxMinRows + 1);
}

}  // namespace

// TR-106 3.6.2: the parameter that counts a table's rows stands beside the table.
void ModelBuilder::link_counts() {
  for (ObjectId id = 1; id < model_->objects_.size(); ++id) {
    Object& table = model_->objects_[id];
    if (!table.table) continue;
    const auto given = objects_.find(id);
    const bool named = given != objects_.end() && !given->second.number_of_entries.empty();
    const auto member =
        model_->member(table.parent, named ? given->second.number_of_entries : table.name + "NumberOfEntries");
    if (!member || member->is_object) continue;
    table.number_of_entries = member->id;
    model_->parameters_[member->id].counts = id;
  }
}

Result<ParameterId> ModelBuilder::key_parameter(ObjectId table, const std::string& path, std::string_view name) const {
  ObjectId object = table;
  for (std::string_view rest = name; !rest.empty();) {
    const auto member = model_->member(object, take_name(rest));
    if (!member || member->is_object == rest.empty()) break;
    if (!member->is_object) return member->id;
    if (model_->objects_[member->id].table) break;
    object = member->id;
  }
  return wrong(path, fmt::format("its rows have no parameter '{}'", name));
}

// Whether the parameter may begin as "cpe-<number>" in each row, and nothing else is said of it.
bool ModelBuilder::can_generate(ParameterId id) const {
  const Parameter& parameter = model_->parameters_[id];
  return parameter.type == Type::string && !parameter.facets.list_items && !parameter.reference &&
         !with_value_.contains(id) && conform(parameter.type, parameter.facets, fmt::format("{}1", kGeneratedPrefix));
}

Result<> ModelBuilder::add_key(ObjectId table, const std::string& path, const UniqueKeySpec& spec, ParameterId enable) {
  if (spec.parameters.empty()) return wrong(path, "a key without parameters");
  UniqueKey key;
  key.table = table;
  if (spec.functional) key.enable = enable;
  for (const auto& name : spec.parameters) {
    const auto parameter = key_parameter(table, path, name);
    if (!parameter) return tl::unexpected(parameter.error());
    key.parameters.push_back(*parameter);
  }
  const auto id = static_cast<KeyId>(model_->keys_.size());
  for (const ParameterId parameter : key.parameters) model_->parameters_[parameter].keys.push_back(id);
  if (key.enable != kNone && !std::ranges::count(key.parameters, key.enable))
    model_->parameters_[key.enable].keys.push_back(id);
  model_->objects_[table].keys.push_back(id);
  if (!spec.functional) {
    const auto first = std::ranges::find_if(
        key.parameters, [&](ParameterId each) { return model_->parameters_[each].writable && can_generate(each); });
    if (first != key.parameters.end()) model_->parameters_[*first].generated = true;
  }
  model_->keys_.push_back(std::move(key));
  return {};
}

void ModelBuilder::add_alias(ObjectId table) {
  const auto alias = model_->member(table, kAlias);
  if (!alias || alias->is_object || model_->parameters_[alias->id].type != Type::string) return;
  auto& object = model_->objects_[table];
  const auto known = std::ranges::find_if(object.keys, [&](KeyId id) {
    const UniqueKey& key = model_->keys_[id];
    return key.enable == kNone && key.parameters == std::vector{alias->id};
  });
  if (known != object.keys.end()) {
    object.alias = *known;
  } else if (add_key(table, object.name, {{std::string(kAlias)}, false}, kNone)) {
    object.alias = object.keys.back();
  }
  model_->parameters_[alias->id].generated = can_generate(alias->id);
}

Result<> ModelBuilder::add_keys(ObjectId table, const ObjectSpec& spec) {
  ParameterId enable = kNone;
  if (!spec.enable_parameter.empty()) {
    const auto parameter = key_parameter(table, spec.path, spec.enable_parameter);
    if (!parameter) return tl::unexpected(parameter.error());
    enable = *parameter;
  }
  for (const auto& key : spec.unique_keys) {
    if (auto added = add_key(table, spec.path, key, enable); !added) return added;
  }
  return {};
}

// Objects are known before those in them, so rows come into being from the outside in.
Result<> ModelBuilder::fill_tables() {
  if (rows_at_once(*model_, kRootObject) > kMaxMinRows)
    return fail(Cause::configuration, fmt::format("a device has at least more than {} rows", kMaxMinRows));
  for (ObjectId id = 1; id < model_->objects_.size(); ++id) {
    if (!model_->objects_[id].table) continue;
    if (rows_at_once(*model_, id) > kMaxMinRows)
      return wrong(model_->objects_[id].name, fmt::format("more than {} rows come into being with one", kMaxMinRows));
    const std::uint32_t least = model_->objects_[id].min_rows;
    if (least == 0) continue;
    const std::string& path = objects_[id].path;
    const ObjectId around = enclosing_table(*model_, model_->objects_[id].parent);
    for (RowId parent = 0; parent < model_->rows_.size(); ++parent) {
      if (parent == kRootRow ? around != kRootObject : model_->rows_[parent].table != around) continue;
      for (std::uint32_t number = 1; model_->rows(parent, id).size() < least; ++number) {
        if (const auto row = row_of(parent, id, number, path); !row) return tl::unexpected(row.error());
      }
    }
  }
  return {};
}

Result<> ModelBuilder::make_rows_unique() {
  Tree tree(model_);
  std::vector<std::pair<RowId, ParameterId>> changed;
  if (const RowId failed = make_unique(tree, kRootRow, changed); failed != kNone)
    return wrong(tree.path({Tree::Place::Kind::object, failed, tree.row(failed).table, kNone}),
                 "another row has the same unique key");
  for (const auto& [row, parameter] : changed)
    model_->values_[Model::place(row, parameter)] = tree.stored(row, parameter);
  return {};
}

Result<> ModelBuilder::resolve_references() {
  const Tree tree(model_);
  for (auto& [place, value] : model_->values_) {
    const auto row = static_cast<RowId>(place >> 32);
    const auto id = static_cast<ParameterId>(place & UINT32_MAX);
    if (!model_->parameters_[id].reference) continue;
    auto resolved = resolve_reference(tree, row, id, value);
    if (!resolved) return wrong(tree.path(row, id), fmt::format("'{}' is nothing that it may refer to", value));
    value = std::move(*resolved);
  }
  return {};
}

Result<> ModelBuilder::check() {
  if (checked_) return *checked_;
  checked_ = Result<>{};
  const auto keep_first = [this](Result<> result) {
    if (*checked_ && !result) checked_ = std::move(result);
  };
  link_counts();
  for (const auto& [id, spec] : objects_) keep_first(add_keys(id, spec));
  for (ObjectId id = 1; id < model_->objects_.size(); ++id) {
    if (model_->objects_[id].table) add_alias(id);
  }
  keep_first(fill_tables());
  keep_first(resolve_references());
  keep_first(make_rows_unique());
  return *checked_;
}

std::shared_ptr<const Model> ModelBuilder::build() {
  if (!checked_) check();
  return std::move(model_);
}

}  // namespace hnbemu::datamodel
