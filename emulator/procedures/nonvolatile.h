#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "datamodel/data_model.h"
#include "ports/clock.h"
#include "ports/store.h"

namespace hnbemu::procedures {

// What a device keeps without power: the values that the ACS or its user gave it, attributes, the rows of its tables,
// and facts that have a name. The device's own writes and rows are volatile, but for those at `kept` paths (one that
// ends in "." means all below it) and those over a value of the ACS.
class NonVolatile {
 public:
  static constexpr Seconds kCommitLimit{10};

  NonVolatile(Store& store, Clock& clock, std::set<std::string, std::less<>> kept)
      : store_(store), clock_(clock), kept_(std::move(kept)) {}

  // At power-up, before the model is watched. Gives the keys that the model has no use for: the profile has changed.
  std::vector<std::string> restore(const Memory& memory, datamodel::DataModel& model);
  const std::string& fact(std::string_view name) const;  // "" if there is none

  void watch(datamodel::DataModel& model);
  void set_fact(const std::string& name, std::string value);  // "": forgotten

  void forget_all();

  // All that changed since the last commit is safe when this returns. After an error it waits for the next one.
  Task<Result<>> commit();

 private:
  bool is_kept(std::string_view path) const;
  void on_change(const datamodel::DataModel& model, const datamodel::Change& change);
  void forget_below(const std::string& path);
  void put(std::string key, std::optional<std::string> value);

  Store& store_;
  Clock& clock_;
  std::set<std::string, std::less<>> kept_;
  std::set<std::string, std::less<>> keys_;                    // in memory now, of values and tables
  std::map<std::string, std::string, std::less<>> facts_;      // by name
  std::map<std::string, std::optional<std::string>> pending_;  // not committed yet
  std::uint64_t commits_ = 0;
  std::map<std::string, std::uint64_t> under_way_;  // the last commit that has this key, of those that have not ended
};

}  // namespace hnbemu::procedures
