#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "datamodel/data_model.h"
#include "datamodel/model_builder.h"

namespace hnbemu::datamodel {

// What observers are told, as text: "+" and "-" objects, "!" commands, "~" the device's own.
inline std::string told(const Change& change) {
  const std::string own = change.origin == Origin::device ? "~" : "";
  switch (change.kind) {
    case Change::Kind::added:
      return own + "+" + change.path;
    case Change::Kind::deleted:
      return own + "-" + change.path;
    case Change::Kind::command:
      return own + "!" + change.path + "=" + change.value;
    default:
      return own + change.path + "=" + change.value;
  }
}

inline std::shared_ptr<std::vector<std::string>> listen(DataModel& data) {
  auto heard = std::make_shared<std::vector<std::string>>();
  data.observe([heard](std::span<const Change> changes) {
    for (const Change& change : changes) heard->push_back(told(change));
  });
  return heard;
}

// "" or the faults, as "path code".
inline std::string set_one(DataModel& data, std::vector<Assignment> assignments) {
  const auto done = data.set(assignments);
  std::string faults;
  if (done) return faults;
  for (const auto& fault : done.error())
    faults += fmt::format("{}{} {}", faults.empty() ? "" : "; ", fault.path, static_cast<int>(fault.code));
  return faults;
}

// Builds, and fails the test where a part is refused.
class TestBuilder {
 public:
  TestBuilder& object(const ObjectSpec& spec) { return must(builder_.add_object(spec)); }
  TestBuilder& parameter(ParameterSpec spec) { return must(builder_.add_parameter(std::move(spec))); }
  TestBuilder& row(std::string_view path) { return must(builder_.add_row(path)); }
  TestBuilder& value(std::string_view path, std::string_view value) { return must(builder_.set_value(path, value)); }
  std::string problem() {
    const auto good = builder_.check();
    return good ? "" : good.error().detail;
  }
  std::shared_ptr<const Model> build() {
    must(builder_.check());
    return builder_.build();
  }

 private:
  TestBuilder& must(const Result<>& result) {
    EXPECT_TRUE(result) << result.error().to_string();
    return *this;
  }
  ModelBuilder builder_;
};

}  // namespace hnbemu::datamodel
