#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "datamodel/model.h"

namespace hnbemu::datamodel {

inline constexpr std::size_t kMaxMinRows = 1024;       // rows that may come into being with one row
inline constexpr std::size_t kMaxFreshRows = 1 << 20;  // rows of a fresh device

// TR-106 A.2.10.1. Its parameters are of each row: "Name", or "Stats.Name" in a single object in it.
struct UniqueKeySpec {
  std::vector<std::string> parameters;
  bool functional = true;  // with ObjectSpec::enable_parameter: only the rows count where that is true
};

struct ObjectSpec {
  std::string path;  // "Device.IPsec.Tunnel.{i}."; the objects around it come into being with it
  bool writable = false;
  std::uint32_t max_rows = kMaxTableRows;
  std::string number_of_entries{};  // the parameter beside the table that counts its rows; "" for <name>NumberOfEntries
  std::uint32_t min_rows = 0;       // a fresh device has so many at least; DeleteObject leaves so many
  std::vector<UniqueKeySpec> unique_keys{};
  std::string enable_parameter{};  // the parameter of each row that enables it; "" if there is none
};

struct ParameterSpec {
  std::string path;  // "Device.IPsec.Tunnel.{i}.Enable"
  Type type = Type::string;
  bool writable = false;
  bool hidden = false;  // TR-106 `hidden`, and `secured`, which is the same for CWMP
  bool forced_inform = false;
  ActiveNotify active_notify = ActiveNotify::normal;
  Facets facets{};
  std::optional<std::string> value{};  // nothing: zero_value(), or "cpe-<number>" of an Alias or a non-functional key
  std::optional<Reference> reference{};
  bool command = false;  // TR-106 `command`
};

// Makes a Model, part by part. Errors are of Cause::configuration and name the path. A table whose rows have a string
// parameter Alias has it as a key that is always unique, whether ObjectSpec says so or not (TR-069 3.6.1).
class ModelBuilder {
 public:
  explicit ModelBuilder(Typing typing = Typing::strict, ActiveRequests active = ActiveRequests::granted);

  Result<> add_object(const ObjectSpec& spec);
  Result<> add_parameter(ParameterSpec spec);
  // "Device.IPsec.Tunnel.1.": a row of a fresh device, with the rows around it.
  Result<> add_row(std::string_view path);
  // "Device.IPsec.Tunnel.1.Enable": what one parameter of a fresh device has.
  Result<> set_value(std::string_view path, std::string_view value);
  // Whether a fresh device has the parameter, so far; makes the rows around it.
  Result<> check_parameter(std::string_view path);
  // What can only be said when all is there: that keys and references name what exists, that the fresh rows have keys
  // of their own. To be called last before build(), which leaves out what is wrong.
  Result<> check();
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
  Result<> add_keys(ObjectId table, const ObjectSpec& spec);
  Result<> add_key(ObjectId table, const std::string& path, const UniqueKeySpec& spec, ParameterId enable);
  void add_alias(ObjectId table);
  Result<ParameterId> key_parameter(ObjectId table, const std::string& path, std::string_view name) const;
  bool can_generate(ParameterId parameter) const;
  Result<> fill_tables();
  Result<> make_rows_unique();
  Result<> resolve_references();

  std::shared_ptr<Model> model_;
  std::map<ObjectId, ObjectSpec> objects_;  // as they were added
  std::set<ParameterId> with_value_;        // ParameterSpec::value was given
  std::optional<Result<>> checked_;
};

}  // namespace hnbemu::datamodel
