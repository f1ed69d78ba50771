#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
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

// A parameter that has another value or other attributes, a command that was given (its value, though it reads as
// null), or (path ends in ".", no value) an object that came or went. Paths have instance numbers.
struct Change {
  enum class Kind : std::uint8_t { value, added, deleted, attributes, command };
  std::string path;
  std::string value;
  Origin origin = Origin::device;
  Kind kind = Kind::value;
};
using Observer = std::function<void(std::span<const Change>)>;
inline constexpr unsigned kMaxReactionRounds = 8;     // of changes that observers make on being told of changes
inline constexpr std::size_t kMaxReactions = 10'000;  // that wait to be told

// A part of what the ACS may set: a parameter with its value, or a table ("…Table.") with the numbers of its rows.
struct Setting {
  std::string path;
  std::string value;  // "1 2 5" of a table
  bool operator==(const Setting&) const = default;
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

  // Wherever a path is taken, "[alias]" may stand for an instance number (TR-069 3.6.1); what is given back has
  // numbers.

  // TR-069 A.3.2.2 and A.3.2.3. `path` is a parameter's full name, a partial path that ends in ".", or "" for all; in
  // the tree's order. Faults: 9005, and 9003 for the next level of a parameter.
  tl::expected<std::vector<ParameterValue>, FaultCode> values(std::string_view path) const;
  tl::expected<std::vector<ParameterName>, FaultCode> names(std::string_view path, bool next_level) const;
  // Of a full name, to the device itself: hidden ones read true, commands null. nullopt if unknown.
  std::optional<std::string> value(std::string_view path) const;

  // TR-069 A.3.2.1: all or nothing, every parameter at fault is reported with the first of these that is so: 9005,
  // named twice (9003), 9008, 9006, 9007. If all are good alone, rows whose unique key another row then has: 9007 for
  // the parameters that made it so. What the ACS may not write, the device's user may, but for a table's
  // NumberOfEntries; what the ACS keeps to itself by AccessList (A.3.2.4), its user may not (9001).
  tl::expected<void, std::vector<ParameterFault>> set(std::span<const Assignment> assignments,
                                                      Origin origin = Origin::acs);
  // The device's own write, to read-only parameters too; it sees itself that keys stay unique. False if there is no
  // such parameter or the value is illegal.
  bool update(std::string_view path, std::string_view value);

  // From now on each read of the parameter asks `source`; text that is no legal value of it leaves what is stored. What
  // is set meanwhile is stored, and reads again once the source is taken back (by an empty function). Nobody is
  // notified of what a source says; it goes with its row. False if there is no such parameter, or it counts a table's
  // rows.
  bool set_source(std::string_view path, Source source);

  // TR-069 A.3.2.6: `path` is "…Table.", or "…Table.[alias]." for a row of that alias; gives the new instance number.
  // The ACS may add to writable tables alone. Keys of the new row that would not be unique get a value that is
  // ("cpe-2", the next free number), which is told as changes of their own. Faults: 9005, also for an alias that is
  // illegal or taken; 9004 if the table is full or the row cannot have a key of its own.
  tl::expected<std::uint32_t, FaultCode> add_object(std::string_view path, Origin origin = Origin::acs);
  // TR-069 A.3.2.7: `path` is "…Table.1.". Strong references to the row and to what was in it become null, which is
  // told as changes of their own, of the device. Faults: 9005, and 9001 where the table would have too few rows.
  tl::expected<void, FaultCode> delete_object(std::string_view path, Origin origin = Origin::acs);

  // What the ACS may set as it is now, in the tree's order: secrets too, but no commands, and nothing of rows that the
  // device itself made.
  std::vector<Setting> settings() const;
  // As if the ACS had set it, all or nothing. Tables get just these rows; of what is not named nothing changes. Faults:
  // those of set(), and 9004 of a table that may not have the rows.
  tl::expected<void, std::vector<ParameterFault>> load(std::span<const Setting> settings);

  // TR-069 A.3.2.4 and A.3.2.5: all or nothing. Faults: 9005, and 9009 for a parameter by its own name that denies
  // active notification; below a partial path such parameters stay as they are.
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

  // A write to `path` that is not the device's own is refused, with 9007 and this text, as long as `why` gives one for
  // the new value. An empty function takes it back.
  using Refusal = std::function<std::optional<std::string>(std::string_view new_value)>;
  void refuse_when(std::string path, Refusal why);
  // A write to `path` from outside is told as a change even if the value is the one that was.
  void tell_each_write(std::string path) { told_each_.insert(std::move(path)); }

  // Called after each commit with what really changed. An observer may write: that is done at once, but told, in order,
  // when all observers have heard of the present change; none is called inside another. Writes that react to writes
  // that react … are refused after kMaxReactionRounds, with 9002 or false, and so are more than kMaxReactions that
  // wait.
  void observe(Observer observer);

 private:
  struct Write;
  explicit DataModel(std::unique_ptr<Tree> tree);
  std::optional<ParameterFault> load_rows(const Setting& table);
  tl::expected<void, std::vector<ParameterFault>> load_at_once(std::span<const Setting> settings);
  tl::expected<Write, FaultCode> checked(const Assignment& assignment, Origin origin) const;
  std::vector<ParameterFault> apply(std::vector<Write>& writes);
  tl::expected<std::uint32_t, FaultCode> add_row(std::string_view table, std::optional<std::string_view> alias,
                                                 Origin origin);
  bool exhausted() const;
  void tell(std::vector<Change> changes, std::vector<Change> then = {});

  std::unique_ptr<Tree> tree_;
  std::map<std::string, Refusal, std::less<>> refusals_;
  std::set<std::string, std::less<>> told_each_;
  std::deque<Observer> observers_;  // they stay where they are when one more comes
  std::deque<std::vector<Change>> untold_;
  bool telling_ = false;
  unsigned round_ = 0;
};

}  // namespace hnbemu::datamodel
