#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "config/profile.h"
#include "datamodel/value.h"
#include "generators/spec.h"

namespace hnbemu::generators {

struct Moment {
  Millis since_boot{0};
  WallTime wall;
};

// The device whose values are made; it outlives its generators.
struct Subject {
  std::uint64_t seed = 0;
  config::DeviceFields fields;  // with "index"
  std::function<std::string(Fact)> fact;
  std::function<bool()> time_synchronised;
  std::function<bool()> shows_epoch{};
  std::function<std::string(WallTime)> local_date_time{};
};

// One parameter's value as a function of time: what it says does not depend on when or how often it was asked, but for
// what is real. `spec` and `subject` outlive it.
class Generator {
 public:
  Generator(const Spec& spec, const Subject& subject, datamodel::Type type);
  std::string value(const Moment& now) const;
  const Spec& spec() const { return *spec_; }

 private:
  const Spec* spec_;
  const Subject* subject_;
  datamodel::Type type_;
  std::uint64_t seed_;
};

}  // namespace hnbemu::generators
