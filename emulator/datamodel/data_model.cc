#include "datamodel/data_model.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "datamodel/references.h"
#include "datamodel/tree.h"

namespace hnbemu::datamodel {
namespace {

using Kind = Tree::Place::Kind;

// What the ACS reads.
std::string shown(const Tree& tree, RowId row, ParameterId id) {
  const Parameter& parameter = tree.model().parameter(id);
  return parameter.hidden ? std::string(null_value(parameter.type)) : tree.value(row, id);
}

bool denies(const Model& model, ParameterId parameter, const AttributesAssignment& assignment) {
  return assignment.notification == Attributes::kMaxNotification && model.active_requests() == ActiveRequests::denied &&
         model.parameter(parameter).active_notify == ActiveNotify::can_deny;
}

std::string to_text(const Attributes& attributes) {
  return fmt::format("{} {}", attributes.notification, attributes.subscriber ? "Subscriber" : "-");
}

// What is below an object is told of as one, where all of it has the same now and no row may come to it: an event table
// has hundreds of parameters.
void assign(Tree& tree, const AttributesAssignment& assignment, std::vector<Change>& changes) {
  const auto place = *tree.find(assignment.path);
  const auto fixed = [&tree](const Tree::Place& one) {
    return tree.is_fresh(one.row) && (one.kind != Kind::table || !tree.writable(one));
  };
  std::vector<Change> each;
  std::optional<Attributes> all;
  bool as_one = place.kind != Kind::parameter && fixed(place);
  std::string at = tree.path(place);
  tree.walk(place, at, false, [&](const Tree::Place& below) {
    as_one = as_one && fixed(below);
    if (below.kind != Kind::parameter) return;
    Attributes now = tree.attributes(below.row, below.parameter);
    const bool denied = denies(tree.model(), below.parameter, assignment);
    if (!denied) {
      now.notification = assignment.notification.value_or(now.notification);
      now.subscriber = assignment.subscriber.value_or(now.subscriber);
    }
    as_one = as_one && !denied && all.value_or(now) == now;
    all = now;
    if (denied || !tree.set_attributes(below.row, below.parameter, now)) return;
    each.push_back({at, to_text(now), Origin::acs, Change::Kind::attributes});
  });
  if (as_one && !at.empty() && !each.empty()) {
    changes.push_back({std::move(at), to_text(*all), Origin::acs, Change::Kind::attributes});
  } else {
    std::ranges::move(each, std::back_inserter(changes));
  }
}

}  // namespace

DataModel::DataModel(std::shared_ptr<const Model> model) : tree_(std::make_unique<Tree>(std::move(model))) {}
DataModel::DataModel(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
DataModel::~DataModel() = default;
DataModel::DataModel(DataModel&&) noexcept = default;

tl::expected<std::vector<ParameterValue>, FaultCode> DataModel::values(std::string_view path) const {
  const auto place = tree_->find(path);
  if (!place) return tl::unexpected(FaultCode::invalid_parameter_name);
  std::vector<ParameterValue> values;
  const bool canonical = path.find('[') == std::string_view::npos;  // names no row by its alias
  std::string at = canonical ? std::string(path) : tree_->path(*place);
  const auto add = [&](std::string name, const Tree::Place& one) {
    const auto type = tree_->model().parameter(one.parameter).type;
    values.push_back({std::move(name), type, shown(*tree_, one.row, one.parameter)});
  };
  if (place->kind == Kind::parameter) {  // nearly every call: an Inform's
    add(std::move(at), *place);
    return values;
  }
  tree_->walk(*place, at, false, [&](const Tree::Place& below) {
    if (below.kind == Kind::parameter) add(at, below);
  });
  return values;
}

tl::expected<std::vector<ParameterName>, FaultCode> DataModel::names(std::string_view path, bool next_level) const {
  const auto place = tree_->find(path);
  if (!place) return tl::unexpected(FaultCode::invalid_parameter_name);
  const bool parameter = place->kind == Kind::parameter;
  if (parameter && next_level) return tl::unexpected(FaultCode::invalid_arguments);
  std::vector<ParameterName> names;
  std::string at = tree_->path(*place);
  if (!next_level && !parameter && !at.empty()) names.push_back({at, tree_->writable(*place)});
  tree_->walk(*place, at, next_level, [&](const Tree::Place& below) { names.push_back({at, tree_->writable(below)}); });
  return names;
}

std::optional<std::string> DataModel::value(std::string_view path) const {
  const auto place = tree_->find(path);
  if (!place || place->kind != Kind::parameter) return std::nullopt;
  return tree_->value(place->row, place->parameter);
}

bool DataModel::set_source(std::string_view path, Source source) {
  const auto place = tree_->find(path);
  if (!place || place->kind != Kind::parameter) return false;
  if (tree_->model().parameter(place->parameter).counts != kNone) return false;
  tree_->set_source(place->row, place->parameter, std::move(source));
  return true;
}

tl::expected<std::vector<ParameterAttributes>, FaultCode> DataModel::attributes(std::string_view path) const {
  const auto place = tree_->find(path);
  if (!place) return tl::unexpected(FaultCode::invalid_parameter_name);
  std::vector<ParameterAttributes> all;
  std::string at = tree_->path(*place);
  tree_->walk(*place, at, false, [&](const Tree::Place& below) {
    if (below.kind == Kind::parameter) all.push_back({at, tree_->attributes(below.row, below.parameter)});
  });
  return all;
}

tl::expected<void, FaultCode> DataModel::set_attributes(std::span<const AttributesAssignment> assignments) {
  if (exhausted()) return tl::unexpected(FaultCode::internal_error);
  for (const auto& assignment : assignments) {
    const auto place = tree_->find(assignment.path);
    if (!place) return tl::unexpected(FaultCode::invalid_parameter_name);
    if (place->kind == Kind::parameter && denies(tree_->model(), place->parameter, assignment)) {
      return tl::unexpected(FaultCode::notification_rejected);
    }
  }
  std::vector<Change> changes;
  for (const auto& assignment : assignments) assign(*tree_, assignment, changes);
  tell(std::move(changes));
  return {};
}

unsigned DataModel::notification(std::string_view path) const {
  const auto place = tree_->find(path);
  if (!place || place->kind != Tree::Place::Kind::parameter) return 0;
  if (tree_->model().parameter(place->parameter).active_notify == ActiveNotify::force_enabled) {
    return Attributes::kMaxNotification;
  }
  return tree_->attributes(place->row, place->parameter).notification;
}

void DataModel::seal() {
  tree_->seal();
}

void DataModel::reset() {
  tree_->reset();
}

std::optional<TableState> DataModel::table_state(std::string_view path) const {
  const auto table = tree_->find(path);
  if (!table || table->kind != Kind::table) return std::nullopt;
  return tree_->table_state(*table);
}

bool DataModel::restore_table(std::string_view path, const TableState& state) {
  const auto table = tree_->find(path);
  if (!table || table->kind != Kind::table) return false;
  const auto gone = tree_->restore_table(*table, state);
  if (!gone) return false;
  for (const auto& row : *gone) clear_references(*tree_, row);
  return true;
}

void DataModel::refuse_when(std::string path, Refusal why) {
  if (why) {
    refusals_.insert_or_assign(std::move(path), std::move(why));
  } else {
    refusals_.erase(path);
  }
}

void DataModel::observe(Observer observer) {
  observers_.push_back(std::move(observer));
}

bool DataModel::exhausted() const {
  return telling_ && (round_ == kMaxReactionRounds || untold_.size() >= kMaxReactions);
}

// Round 0 tells of the change that began it all, round n of what observers wrote in round n - 1.
void DataModel::tell(std::vector<Change> changes, std::vector<Change> then) {
  if (!changes.empty()) untold_.push_back(std::move(changes));
  if (!then.empty()) untold_.push_back(std::move(then));
  if (telling_) return;
  telling_ = true;
  for (round_ = 0; !untold_.empty(); ++round_) {
    const auto batches = std::exchange(untold_, {});
    for (const auto& batch : batches) {
      for (std::size_t i = 0; i < observers_.size(); ++i) observers_[i](batch);
    }
  }
  telling_ = false;
}

}  // namespace hnbemu::datamodel
