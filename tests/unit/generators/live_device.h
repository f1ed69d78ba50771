#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "datamodel/model_builder.h"
#include "generators/live.h"
#include "tr106/specs.h"

namespace hnbemu::generators {

// The model that definitions make: {"Device.Up", "unsignedInt ro"}; a path that ends in '.' is a row.
inline std::shared_ptr<const datamodel::Model> model_of(
    const std::vector<std::pair<std::string, std::string>>& definitions) {
  datamodel::ModelBuilder builder;
  for (const auto& [path, definition] : definitions) {
    if (path.ends_with('.')) {
      EXPECT_TRUE(builder.add_row(path));
    } else {
      EXPECT_TRUE(builder.add_parameter(tr106::parse_spec(path, definition).value())) << path;
    }
  }
  return builder.build();
}

// A model with a parameter of each type that a generator may have.
inline std::shared_ptr<const datamodel::Model> typed_model() {
  return model_of({{"Device.U", "unsignedInt ro"},
                   {"Device.C32", "unsignedInt ro"},
                   {"Device.I", "int ro"},
                   {"Device.L", "unsignedLong ro"},
                   {"Device.S", "string ro"},
                   {"Device.T", "dateTime ro"},
                   {"Device.B", "boolean rw"},
                   {"Device.C", "boolean rw"},
                   {"Device.Small", "unsignedInt(0:100) ro"}});
}

inline Result<std::shared_ptr<const Plan>> plan_of(const std::string& yaml,
                                                   const std::shared_ptr<const datamodel::Model>& model) {
  const auto root = config::yaml::parse(yaml, "p.yaml");
  if (!root) return tl::unexpected(root.error());
  config::Profile profile;
  profile.file = "p.yaml";
  for (const auto& [key, value] : (*root)->entries) (key->text == "links" ? profile.links : profile.generators) = value;
  return read_plan(profile, model);
}

// A device with a clock of its own: it was made at the beginning of 2026, and time passes when a test says so.
class LiveDevice {
 public:
  LiveDevice(const std::string& yaml, std::uint64_t seed = 1, Facts facts = {},
             std::shared_ptr<const datamodel::Model> typed = typed_model())
      : model(typed),
        live({plan_of(yaml, typed).value(), seed, {{"serial", "S1"}, {"index", "7"}}, std::move(facts)}, model,
             {[this] { return now; },
              [this] { return kStart + std::chrono::duration_cast<Millis>(now - Deadline{}); }}) {
    live.boot();
  }
  std::string at(const std::string& path, Millis since_start) {
    pass_until(since_start);
    return model.value(path).value_or("(none)");
  }
  // Goes from one thing that is due to the next.
  void pass_until(Millis since_start) {
    const auto end = Deadline{} + since_start;
    for (; live.next_due() <= end; live.run_due()) now = std::max(now, live.next_due());
    now = end;
  }

  static constexpr WallTime kStart = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
  Deadline now{};
  datamodel::DataModel model;
  Live live;
};

}  // namespace hnbemu::generators
