#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "datamodel/fault.h"
#include "datamodel/model.h"
#include "datamodel/rows.h"

namespace hnbemu::datamodel {

struct ParameterValue {
  std::string path;
  Type type = Type::string;
  std::string value;  // the lexical form of TR-106 3.2.1; hidden parameters read as ""
};

struct ParameterName {
  std::string path;  // an object's ends in "."
  bool writable = false;
};

// One assignment of SetParameterValues. `xsi_type` is what the ACS wrote, "" if it wrote none.
struct Assignment {
  std::string path;
  std::string value;
  std::string xsi_type;
};

// TR-069 A.3.2.4. What nobody has set is off, but where TR-106's activeNotify has it on, and open to the subscriber.
struct Attributes {
  static constexpr unsigned kMaxNotification = 2;  // 0 off, 1 passive, 2 active
  std::uint8_t notification = 0;
  bool subscriber = true;  // AccessList: whether others than the ACS may write it
  bool operator==(const Attributes&) const = default;
};
struct ParameterAttributes {
  std::string path;
  Attributes attributes;
};
struct AttributesAssignment {
  std::string path;  // a partial one means all below it
  std::optional<std::uint8_t> notification;
  std::optional<bool> subscriber;
};

enum class Origin : std::uint8_t { acs, device, command };

// A parameter that has another value or other attributes, or (path ends in ".", no value) an object that came or went.
struct Change {
  enum class Kind : std::uint8_t { value, added, deleted, attributes };
  std::string path;
  std::string value;
  Origin origin = Origin::device;
  Kind kind = Kind::value;
};

// Computes a live value. It may read the model, and read other live values kMaxSourceDepth deep (deeper ones, so its
// own too, read as what is stored); it must not write to it or throw.
using Source = std::function<std::string()>;
inline constexpr unsigned kMaxSourceDepth = 4;

class Tree;

// One device's data model: the profile's shared, immutable Model and the device's own values over it.
// Not thread-safe: it belongs to the device's executor.
class DataModel {
 public:
  explicit DataModel(std::shared_ptr<const Model> model);
  ~DataModel();
  DataModel(DataModel&&) noexcept;

  // TR-069 A.3.2.2 and A.3.2.3. `path` is a parameter's full name, a partial path that ends in ".", or "" for all; in
  // the tree's order. Faults: 9005, and 9003 for the next level of a parameter.
  tl::expected<std::vector<ParameterValue>, FaultCode> values(std::string_view path) const;
  tl::expected<std::vector<ParameterName>, FaultCode> names(std::string_view path, bool next_level) const;
  std::optional<std::string> value(
      std::string_view path) const;  // full name; hidden ones read true; nullopt if unknown

  // TR-069 A.3.2.1: all or nothing, every parameter at fault is reported; one that is named twice with 9003. What the
  // ACS may not write, the device's user may, but for a table's NumberOfEntries.
  tl::expected<void, std::vector<ParameterFault>> set(std::span<const Assignment> assignments,
                                                      Origin origin = Origin::acs);
  // From now on set() takes only values of the parameter that are legal to `legal` too, else fault 9007.
  void require(std::string_view path, std::function<bool(std::string_view)> legal);
  // The device's own write, to read-only parameters too. False if there is no such parameter or the value is illegal.
  bool update(std::string_view path, std::string_view value);

  // From now on each read of the parameter asks `source`; text that is no legal value of it leaves what is stored. What
  // is set meanwhile is stored, and reads again once the source is taken back (by an empty function). Nobody is
  // notified of what a source says; it goes with its row. False if there is no such parameter, or it counts a table's
  // rows.
  bool set_source(std::string_view path, Source source);

  // TR-069 A.3.2.6 and A.3.2.7: `path` is "…Table." and "…Table.1."; gives the new instance number. The ACS may add and
  // delete in writable tables alone. Faults: 9005, and 9004 if the table is full.
  tl::expected<std::uint32_t, FaultCode> add_object(std::string_view path, Origin origin = Origin::acs);
  tl::expected<void, FaultCode> delete_object(std::string_view path, Origin origin = Origin::acs);

  // TR-069 A.3.2.4 and A.3.2.5: all or nothing. Faults: 9005.
  tl::expected<std::vector<ParameterAttributes>, FaultCode> attributes(std::string_view path) const;
  tl::expected<void, FaultCode> set_attributes(std::span<const AttributesAssignment> assignments);
  // What counts when the parameter changes: forced active notification is on whatever its attribute says. 0 if unknown.
  unsigned notification(std::string_view path) const;
  // What it has now is what it left the factory with: reset() gives it back. Nobody is notified; observers stay.
  void seal();
  void reset();

  // What a table must remember without power, and its coming back; `path` is "…Table.". False if the model has no such
  // table or it may not have these rows. Nobody is notified.
  std::optional<TableState> table_state(std::string_view path) const;
  bool restore_table(std::string_view path, const TableState& state);

  // Called after each commit with what really changed; it must not write to the model it is called from.
  void observe(std::function<void(std::span<const Change>)> observer);

 private:
  void notify(std::span<const Change> changes);

  std::unique_ptr<Tree> tree_;
  std::vector<std::function<void(std::span<const Change>)>> observers_;
  std::map<std::string, std::function<bool(std::string_view)>, std::less<>> required_;  // by path
  bool notifying_ = false;
};

}  // namespace hnbemu::datamodel
