#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "datamodel/data_model.h"
#include "generators/facts.h"
#include "generators/generator.h"
#include "generators/plan.h"
#include "generators/tunnel_tables.h"

namespace hnbemu::generators {

// What makes one device's values its own.
struct Setup {
  std::shared_ptr<const Plan> plan;  // null: nothing lives but the tunnel tables
  std::uint64_t seed = 0;
  config::DeviceFields fields{};
  Facts facts{};
};

struct Time {
  std::function<Deadline()> now;
  std::function<WallTime()> wall;
};

// The values that live in one device. Those without `every_s` are made whenever the data model reads them; the others,
// and what links do, are written when they are due: somebody outside calls run_due() at next_due(). On the device's
// executor. `model` holds functions that use this object, so nobody reads or writes it afterwards.
class Live {
 public:
  static constexpr std::size_t kMaxFirings = 64;  // of one run_due()
  static constexpr Millis kShortestDelay{100};    // of a link: links that set off one another in a circle do no harm

  // `model` is as it leaves the factory.
  Live(Setup setup, datamodel::DataModel& model, Time time);
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // Power-up: time counts from now, and no SA is there.
  void boot();
  Deadline next_due() const;  // Deadline::max(): nothing is
  void run_due();
  // Called when next_due() has come nearer; it must not write to the model.
  void on_sooner(std::function<void()> handler) { on_sooner_ = std::move(handler); }
  // The SAs that there are, the newest last. Not from inside an observer of the model.
  void show_tunnels(std::vector<IkeSa> sas) { tunnels_.show(std::move(sas)); }

 private:
  using Due = std::multimap<Deadline, std::size_t>;

  Moment moment() const;
  std::string fact(Fact fact) const;
  void watch(std::span<const datamodel::Change> changes);
  void follow(std::size_t link, bool holds);
  void write(std::size_t generator);

  std::shared_ptr<const Plan> plan_;
  datamodel::DataModel& model_;
  Facts facts_;
  Time time_;
  Subject subject_;
  TunnelTables tunnels_;
  std::vector<Generator> generators_;                             // as in the plan
  std::multimap<std::string, std::size_t, std::less<>> watched_;  // a link's `when` -> its index
  Deadline booted_;
  Due writes_;    // index of the generator
  Due followed_;  // index of the link
  std::function<void()> on_sooner_;
};

}  // namespace hnbemu::generators
