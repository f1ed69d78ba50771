#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "datamodel/model.h"

namespace hnbemu::datamodel {

struct ObjectSpec {
  std::string path;  // "Device.IPsec.Tunnel.{i}."; the objects around it come into being with it
  bool writable = false;
  std::uint32_t max_rows = kMaxTableRows;
  std::string number_of_entries{};  // the parameter beside the table that counts its rows; "" for <name>NumberOfEntries
};

struct ParameterSpec {
  std::string path;  // "Device.IPsec.Tunnel.{i}.Enable"
  Type type = Type::string;
  bool writable = false;
  bool hidden = false;
  bool forced_inform = false;
  ActiveNotify active_notify = ActiveNotify::normal;
  Facets facets{};
  std::optional<std::string> value{};  // nothing: zero_value()
};

// Makes a Model, part by part. Errors are of Cause::configuration and name the path.
class ModelBuilder {
 public:
  explicit ModelBuilder(Typing typing = Typing::strict);

  Result<> add_object(const ObjectSpec& spec);
  Result<> add_parameter(ParameterSpec spec);
  // "Device.IPsec.Tunnel.1.": a row of a fresh device, with the rows around it.
  Result<> add_row(std::string_view path);
  // "Device.IPsec.Tunnel.1.Enable": what one parameter of a fresh device has.
  Result<> set_value(std::string_view path, std::string_view value);
  // Whether a fresh device has the parameter, so far; makes the rows around it.
  Result<> check_parameter(std::string_view path);
  std::shared_ptr<const Model> build();  // ends the builder's use

 private:
  struct Place {
    ObjectId object = kRootObject;
    RowId row = kRootRow;
  };
  Result<ObjectId> object_at(std::string_view path);
  struct ParameterPlace {
    RowId row = kRootRow;
    ParameterId parameter = kNone;
  };
  Result<Place> row_at(std::string_view path);
  Result<ParameterPlace> parameter_at(std::string_view path);
  Result<ObjectId> child_object(ObjectId parent, std::string_view name, bool table, std::string_view path);
  Result<RowId> row_of(RowId parent, ObjectId table, std::uint32_t instance, std::string_view path);
  void add_member(ObjectId object, Member member);
  void link_counts();

  std::shared_ptr<Model> model_;
  std::map<ObjectId, std::string> counters_;  // ObjectSpec::number_of_entries
};

}  // namespace hnbemu::datamodel
