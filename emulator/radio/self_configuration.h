#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datamodel/data_model.h"
#include "radio/choice.h"
#include "radio/scan.h"

namespace hnbemu::radio {

// The channel and the code (UARFCN and PSC, EARFCN and PCI) of the device's own cell. With FAPControl.SelfConfigEvents
// InitialREM (and of UMTS, …SelfConfigEnable) the device chooses from the HMS's lists by what it hears; else the first
// item counts, and so does a list of one item. The choice goes to the parameter's …InUse where the model has that, else
// over the list itself, as TR-196 wants of LTE.
class SelfConfiguration {
 public:
  // `service` is "….FAPService.1."; `technology` is umts or lte.
  SelfConfiguration(datamodel::DataModel& model, std::string_view service, RadioTechnology technology,
                    std::uint64_t seed);

  // Whether something that decides has been set since the last choice.
  bool changed() const { return inputs() != inputs_; }
  // `measured`: the technology's last scan, nullopt if it failed. The error says why the cell cannot be on the air.
  Result<> choose(const std::optional<std::vector<MeasuredCell>>& measured);

 private:
  struct Places;
  struct List {
    Candidates candidates;
    bool choose = false;  // the device is to choose, and there is a choice
  };
  static const Places& places_of(const datamodel::DataModel& model, std::string_view service,
                                 RadioTechnology technology);
  std::string text(std::string_view place) const;
  std::string inputs() const;
  bool asked(std::string_view enable) const;
  // Nothing if the model has no such list, or it is empty and the device is not asked to choose.
  Result<std::optional<List>> read(std::string_view place, std::string_view enable, std::uint32_t max) const;
  std::vector<Neighbour> neighbours(const std::vector<MeasuredCell>& measured, std::uint32_t channel) const;
  Result<std::optional<std::uint32_t>> channel(std::span<const Neighbour> around, bool heard);
  Result<> code(std::uint32_t channel, std::span<const Neighbour> around, bool heard);
  void write(std::string_view list, std::uint32_t value, bool chosen);

  datamodel::DataModel& model_;
  std::string service_;
  RadioTechnology technology_;
  std::uint64_t seed_;
  const Places& places_;
  std::string inputs_ = "-";  // nothing has been chosen yet
};

}  // namespace hnbemu::radio
