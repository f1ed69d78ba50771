#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "datamodel/data_model.h"
#include "datamodel/model.h"
#include "datamodel/rows.h"
#include "datamodel/unique_keys.h"

namespace hnbemu::datamodel {

// The live tree of one device: what a path names, what is below it, and the values that differ from a fresh device's.
class Tree {
 public:
  // A table's place has the row around it; the place of a row, and of all in it, has the row itself.
  struct Place {
    enum class Kind { object, table, parameter };
    Kind kind = Kind::object;
    RowId row = kRootRow;
    ObjectId object = kRootObject;
    ParameterId parameter = kNone;
  };

  explicit Tree(std::shared_ptr<const Model> model) : model_(std::move(model)), rows_(*model_), keys_(*this) {}
  Tree& operator=(const Tree&) = delete;
  std::unique_ptr<Tree> copy() const { return std::unique_ptr<Tree>(new Tree(*this)); }  // without sources

  const Model& model() const { return *model_; }
  // A path that ends in "." or is "" names an object or table, any other a parameter. "[alias]" may stand for an
  // instance number (TR-069 3.6.1). Costs the path's length, but for a table's first alias, which costs its rows.
  std::optional<Place> find(std::string_view path) const;
  std::string path(const Place& place) const;  // with instance numbers; of an object it ends in "."
  std::string path(RowId row, ParameterId parameter) const;

  // What it reads as to the device: its source's value, or what is stored.
  std::string value(RowId row, ParameterId parameter) const;
  std::string stored(RowId row, ParameterId parameter) const;
  void set_source(RowId row, ParameterId parameter, Source source);
  // False if it had the value.
  bool assign(RowId row, ParameterId parameter, std::string value);

  Attributes attributes(RowId row, ParameterId parameter) const;
  // False if it had them.
  bool set_attributes(RowId row, ParameterId parameter, Attributes attributes);

  // Visits what is below `place` in the tree's order, one level or all; a parameter has itself below it. `path` is the
  // place's, and that of each place while it is visited.
  using Visit = std::function<void(const Place&)>;
  void walk(const Place& place, std::string& path, bool next_level, const Visit& visit) const;
  // TR-069 A.3.2.3: of a table, whether AddObject is allowed; of a row, DeleteObject; of a parameter, setting it.
  bool writable(const Place& place) const;

  RowId add_row(const Place& table);  // kNone if the table is full
  void remove_row(RowId row);
  TableState table_state(const Place& table) const { return rows_.state(table.row, table.object); }
  // Gives the paths of the rows that went; nothing if the table may not have these rows.
  std::optional<std::vector<std::string>> restore_table(const Place& table, const TableState& state);
  const Row& row(RowId id) const { return rows_.row(id); }
  std::span<const RowId> rows(RowId parent, ObjectId table) const { return rows_.of(parent, table); }
  const UniqueKeys& keys() const { return keys_; }

  bool is_fresh(RowId row) const { return row < model_->row_count(); }  // the profile gives it to every device

  void seal() { factory_values_ = values_; }
  void reset();

 private:
  Tree(const Tree& other)
      : model_(other.model_),
        rows_(other.rows_),
        values_(other.values_),
        factory_values_(other.factory_values_),
        attributes_(other.attributes_),
        keys_(*this) {}
  static std::uint64_t key(RowId row, ParameterId parameter) { return std::uint64_t{row} << 32 | parameter; }
  RowId find_row(const Place& table, std::string_view name) const;
  Place below(const Place& place, const Member& member) const;
  void append_object(std::string& path, ObjectId id, RowId row, bool numbered) const;
  Attributes fresh_attributes(ParameterId parameter) const;
  std::string fresh(RowId row, ParameterId parameter) const;

  std::shared_ptr<const Model> model_;
  Rows rows_;
  std::unordered_map<std::uint64_t, std::string> values_;
  std::unordered_map<std::uint64_t, std::string> factory_values_;  // of the device itself, not of its profile
  std::unordered_map<std::uint64_t, Attributes> attributes_;       // those that are not the default
  std::unordered_map<std::uint64_t, Source> sources_;
  mutable unsigned source_depth_ = 0;
  UniqueKeys keys_;
};

}  // namespace hnbemu::datamodel
