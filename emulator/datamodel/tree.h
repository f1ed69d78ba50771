#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "datamodel/data_model.h"
#include "datamodel/model.h"
#include "datamodel/rows.h"

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

  explicit Tree(std::shared_ptr<const Model> model) : model_(std::move(model)), rows_(*model_) {}

  const Model& model() const { return *model_; }
  // A path that ends in "." or is "" names an object or table, any other a parameter. Costs the path's length.
  std::optional<Place> find(std::string_view path) const;

  // What it reads as now: its source's, or what is stored.
  std::string value(RowId row, ParameterId parameter) const;
  void set_source(RowId row, ParameterId parameter, Source source);
  // False if it had the value.
  bool assign(RowId row, ParameterId parameter, std::string value);
  std::string path(RowId row, ParameterId parameter) const;

  Attributes attributes(RowId row, ParameterId parameter) const;
  // False if it had them.
  bool set_attributes(RowId row, ParameterId parameter, Attributes attributes);

  // Appends all values below `place`, whose path is `path`.
  void values(const Place& place, std::string& path, std::vector<ParameterValue>& out) const;
  // Appends what is below `place`, one level or all.
  void names(const Place& place, std::string& path, bool next_level, std::vector<ParameterName>& out) const;
  // TR-069 A.3.2.3: of a table, whether AddObject is allowed; of a row, DeleteObject; of a parameter, setting it.
  bool writable(const Place& place) const;

  std::optional<std::uint32_t> add_row(const Place& table);
  void remove_row(RowId row);
  TableState table_state(const Place& table) const { return rows_.state(table.row, table.object); }
  bool restore_table(const Place& table, const TableState& state) {
    return rows_.restore(table.row, table.object, state);
  }
  const Row& row(RowId id) const { return rows_.row(id); }

 private:
  static std::uint64_t key(RowId row, ParameterId parameter) { return std::uint64_t{row} << 32 | parameter; }
  Place below(const Place& place, const Member& member) const;
  std::string stored(RowId row, ParameterId parameter) const;

  std::shared_ptr<const Model> model_;
  Rows rows_;
  std::unordered_map<std::uint64_t, std::string> values_;
  std::unordered_map<std::uint64_t, Attributes> attributes_;  // those that are not the default
  std::unordered_map<std::uint64_t, Source> sources_;
  mutable unsigned source_depth_ = 0;
};

}  // namespace hnbemu::datamodel
