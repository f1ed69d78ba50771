#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "datamodel/reference.h"
#include "datamodel/value.h"

namespace hnbemu::datamodel {

inline constexpr std::size_t kMaxPathLength = 256;  // TR-069 A.3.2: parameter names have at most 256 characters
inline constexpr std::size_t kMaxDepth = 32;        // objects inside objects

using ObjectId = std::uint32_t;
using ParameterId = std::uint32_t;
using KeyId = std::uint32_t;
// A row is an instance of a multi-instance object; row 0 is the tree itself. Single objects belong to the row around
// them, so that (row, parameter) names one parameter of the tree.
using RowId = std::uint32_t;
inline constexpr ObjectId kRootObject = 0;  // the nameless one that holds "Device."
inline constexpr RowId kRootRow = 0;
inline constexpr std::uint32_t kNone = UINT32_MAX;

// How a device takes the xsi:type of a SetParameterValues. Lenient: any, as long as the text is a legal value.
enum class Typing : std::uint8_t { strict, lenient };
// Of active notification for the parameters that may deny it (TR-106 activeNotify canDeny).
enum class ActiveRequests : std::uint8_t { granted, denied };

// TR-106 activeNotify: what the standard says on notification 2.
enum class ActiveNotify : std::uint8_t { normal, force_enabled, force_default_enabled, can_deny };

struct Parameter {
  std::string name;
  ObjectId object = kNone;
  Type type = Type::string;
  bool writable = false;
  bool hidden = false;     // reads as null_value()
  bool command = false;    // so does this one, and writing another value starts an action
  bool generated = false;  // a new row has "cpe-<instance number>" here
  bool forced_inform = false;
  ActiveNotify active_notify = ActiveNotify::normal;
  ObjectId counts = kNone;  // a …NumberOfEntries: the table whose rows it counts
  Facets facets;
  std::optional<Reference> reference;
  std::vector<KeyId> keys;  // those that it is part of, or whose rows it enables
  std::string value;        // canonical; what a new instance starts with
};

struct Member {
  bool is_object = false;
  std::uint32_t id = kNone;  // ObjectId or ParameterId
};

struct Object {
  std::string name;
  ObjectId parent = kNone;
  bool table = false;          // multi-instance: its members are those of each row
  bool writable = false;       // a table: rows come and go by AddObject and DeleteObject
  std::uint32_t min_rows = 0;  // a new row around the table has so many from the start
  std::uint32_t max_rows = kNone;
  ParameterId number_of_entries = kNone;
  KeyId alias = kNone;          // the key by which TR-069 3.6.1 addresses rows
  std::vector<KeyId> keys;      // of a table
  std::vector<Member> members;  // in the order of definition
  // Where in `members` a name is, sorted by the hash: comparing numbers is cheaper than comparing names.
  struct Named {
    std::size_t hash = 0;
    std::uint32_t member = 0;
  };
  std::vector<Named> by_name;
};

// TR-106 A.2.10.1 uniqueKey: no two rows of a table in the same row around it have the same values here.
struct UniqueKey {
  ObjectId table = kNone;
  std::vector<ParameterId> parameters;
  ParameterId enable = kNone;  // of a functional key: only rows where this is true count
};

struct Row {
  ObjectId table = kNone;
  RowId parent = kNone;
  std::uint32_t instance = 0;
};

inline constexpr std::uint32_t kMaxTableRows = 1'024;  // where the profile says nothing

// The immutable part that all devices of a profile share: objects, parameters, types, facets, access, defaults, and
// the rows that a fresh device has. Made by ModelBuilder.
class Model {
 public:
  const Object& object(ObjectId id) const { return objects_[id]; }
  const Parameter& parameter(ParameterId id) const { return parameters_[id]; }
  const UniqueKey& key(KeyId id) const { return keys_[id]; }
  std::span<const ParameterId> strong_references() const { return strong_references_; }
  std::size_t object_count() const { return objects_.size(); }
  std::size_t parameter_count() const { return parameters_.size(); }
  std::optional<Member> member(ObjectId object, std::string_view name) const;
  std::string_view name(const Member& member) const;
  // What a row of `object` consists of, through the single objects in it.
  struct Extent {
    std::vector<ParameterId> parameters;
    std::vector<ObjectId> tables;
  };
  Extent extent(ObjectId object) const;
  Typing typing() const { return typing_; }
  ActiveRequests active_requests() const { return active_requests_; }

  // What a fresh device has.
  std::size_t row_count() const { return rows_.size(); }
  const Row& row(RowId id) const { return rows_[id]; }
  std::span<const RowId> rows(RowId parent, ObjectId table) const;  // by instance number
  // The profile's value for this very row; nullptr if it has the parameter's own.
  const std::string* value(RowId row, ParameterId parameter) const;

 private:
  friend class ModelBuilder;
  static std::uint64_t place(std::uint32_t row, std::uint32_t id) { return std::uint64_t{row} << 32 | id; }

  Typing typing_ = Typing::strict;
  ActiveRequests active_requests_ = ActiveRequests::granted;
  std::vector<Object> objects_;
  std::vector<Parameter> parameters_;
  std::vector<UniqueKey> keys_;
  std::vector<ParameterId> strong_references_;
  std::vector<Row> rows_;
  std::unordered_map<std::uint64_t, std::vector<RowId>> tables_;  // (parent row, table)
  std::unordered_map<std::uint64_t, std::string> values_;         // (row, parameter), where not the parameter's own
};

}  // namespace hnbemu::datamodel
