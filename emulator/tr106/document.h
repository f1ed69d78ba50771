#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "datamodel/model.h"

namespace hnbemu::tr106 {

// TR-106 Annex A: what the data-model definition schema says, names and facts without the descriptions. Deleted things
// are not here.

enum class Access : std::uint8_t { read_only, read_write, write_once };
enum class Status : std::uint8_t { current, deprecated, obsoleted };
enum class BaseType : std::uint8_t {
  any,
  base64,
  boolean,
  date_time,
  decimal,
  hex_binary,
  int_,
  integer,
  long_,
  string,
  unsigned_int,
  unsigned_long
};

// Bounds as decimal numbers; "" where there is none.
struct Range {
  std::string min, max, step;
  bool operator==(const Range&) const = default;
};

struct Size {
  std::uint32_t min = 0;
  std::optional<std::uint32_t> max;
  bool operator==(const Size&) const = default;
};

struct Enumeration {
  std::string value;
  Status status = Status::current;
  bool read_only = false;  // the device alone sets it
  bool optional = false;
  bool operator==(const Enumeration&) const = default;
};

struct Pattern {
  std::string value;  // an XML Schema regular expression
  Status status = Status::current;
  bool operator==(const Pattern&) const = default;
};

// A.2.3.6, A.2.3.7. Targets are full paths as far as the document knows them: objects, or for an enumeration the
// parameter that lists the values.
struct Reference {
  using Kind = datamodel::Reference::Kind;
  using Target = datamodel::Reference::Target;
  Kind kind = Kind::path;
  bool strong = false;
  Target target = Target::any;
  std::vector<std::string> targets;  // none: anything
  std::string data_type;             // of the parameters that may be referenced
  std::optional<std::string> null_value;
  bool operator==(const Reference&) const = default;
};

// A value's type; alternatives of one facet: one that fits is enough.
struct ItemType {
  BaseType base = BaseType::string;
  std::vector<Range> ranges;
  std::vector<Size> sizes;
  std::vector<Enumeration> enumeration;
  std::vector<Pattern> patterns;
  std::string units;
  std::optional<Reference> reference;
  bool operator==(const ItemType&) const = default;
};

struct List {
  Size items;
  std::vector<Size> sizes;  // of the whole string
  bool operator==(const List&) const = default;
};

// A named type, with all that it derives.
struct DataType {
  std::string name;
  std::string base;  // the named type that it derives from, "" for a built-in one
  std::optional<List> list;
  ItemType item;
  bool operator==(const DataType&) const = default;
};

// `object`: on creation; `factory`: from the standard, and on creation; `implementation`: likely, for information.
struct Default {
  enum class Kind : std::uint8_t { object, factory, implementation, parameter };
  Kind kind = Kind::object;
  std::string value;
  bool operator==(const Default&) const = default;
};

struct Syntax {
  std::string data_type;  // the named type that it is without further facets, or ""; `item` has its facets all the same
  std::optional<List> list;
  ItemType item;
  bool hidden = false;
  bool secured = false;  // hidden, unless the protocol lets the reader see it
  bool command = false;  // writing it triggers an action; reads as hidden
  std::optional<Default> value;
  bool operator==(const Syntax&) const = default;
};

struct Parameter {
  std::string name;
  Access access = Access::read_only;
  Status status = Status::current;
  datamodel::ActiveNotify active_notify = datamodel::ActiveNotify::normal;
  bool forced_inform = false;
  Syntax syntax;
  bool operator==(const Parameter&) const = default;
};

struct UniqueKey {
  bool functional = true;  // with an enable parameter: only enabled rows have to be unique
  std::vector<std::string> parameters;
  bool operator==(const UniqueKey&) const = default;
};

struct Object {
  std::string path;       // ends in "."; a table's in "{i}."; "" holds the parameters beside a service's table
  bool writable = false;  // rows come and go by AddObject and DeleteObject
  Status status = Status::current;
  std::uint32_t min_entries = 1;
  std::optional<std::uint32_t> max_entries = 1;  // nothing: unbounded
  std::string number_of_entries;  // parameters of the object around it, of itself, of the object around it
  std::string enable;
  std::string discriminator;
  std::vector<UniqueKey> keys;
  std::vector<Parameter> parameters;
  bool operator==(const Object&) const = default;

  bool table() const { return path.ends_with("{i}."); }
};

enum class Requirement : std::uint8_t { not_specified, present, create, delete_, create_delete };

// What a device that claims the profile has.
struct Profile {
  struct Item {
    std::string name;
    Access access = Access::read_only;
    bool operator==(const Item&) const = default;
  };
  struct Part {
    std::string path;
    Requirement requirement = Requirement::present;
    std::vector<Item> parameters;
    bool operator==(const Part&) const = default;
  };
  std::string name;                  // "Baseline:1"
  std::vector<std::string> extends;  // profiles of the model that it includes, its previous version among them
  Status status = Status::current;
  std::vector<Part> parts;
  bool operator==(const Profile&) const = default;
};

// A model, or a component of a document that has no models; objects in the order of the tree.
struct Model {
  std::string name;      // "Device:2.17"
  bool service = false;  // its top object stands below …Services.
  std::vector<Object> objects;
  std::vector<Profile> profiles;
  bool operator==(const Model&) const = default;
};

struct Document {
  std::string source;             // file name
  std::string root;               // what stands before the document's own paths
  std::vector<std::string> only;  // paths that are here begin with one of these; none: all
  std::vector<DataType> types;    // those that the parameters use
  std::vector<Model> models;
  bool operator==(const Document&) const = default;
};

// `path` seen from the object around it: "Device.IP." of "Device.IP.Interface.{i}."; "" of "Device.".
std::string_view parent_path(std::string_view object_path);

}  // namespace hnbemu::tr106
