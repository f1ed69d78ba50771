#include "radio/self_configuration.h"

#include <algorithm>

#include "base/number.h"
#include "radio/rem_tables.h"

namespace hnbemu::radio {
namespace {

constexpr std::string_view kEvents = "FAPControl.SelfConfigEvents";
constexpr std::string_view kInitialRem = "InitialREM";
constexpr std::string_view kRemFailed = "the radio environment measurement failed, there is nothing to choose by";
constexpr double kToldLevel = -120;  // dBm: of neighbours that the HMS names and the device may not hear
constexpr std::size_t kMaxNeighbours = 512;

std::string named(std::string_view place) {
  return std::string(place.substr(place.rfind('.') + 1));
}

std::uint32_t to_number(std::string_view text) {
  return parse_number<std::uint32_t>(text).value_or(0);
}

tl::unexpected<Error> impossible(std::string_view place, const Error& error) {
  return fail(Cause::configuration, fmt::format("{}: {}", named(place), error.detail));
}

}  // namespace

// Below the FAPService.
struct SelfConfiguration::Places {
  RadioTechnology technology;
  std::string_view channels, channel_enable, uplink, codes, code_enable, bands;
  std::uint32_t max_channel, max_code;
  // Tables of neighbours that the HMS gives, and their columns; no channel: they are on the device's own.
  struct Neighbours {
    std::string_view table, channel, code;
  } neighbours[2];
};

const SelfConfiguration::Places& SelfConfiguration::places_of(const datamodel::DataModel& model,
                                                              std::string_view service, RadioTechnology technology) {
  static constexpr Places kPlaces[] = {
      {RadioTechnology::lte,
       "CellConfig.LTE.RAN.RF.EARFCNDL",
       "",
       "CellConfig.LTE.RAN.RF.EARFCNUL",
       "CellConfig.LTE.RAN.RF.PhyCellID",
       "",
       "Capabilities.LTE.BandsSupported",
       65'535,
       503,
       {{"CellConfig.LTE.RAN.NeighborList.LTECell.", "EUTRACarrierARFCN", "PhyCellID"}, {"", "", ""}}},
      {RadioTechnology::umts,  // TR-196 issue 1
       "CellConfig.UMTS.RAN.FDDFAP.RF.UARFCNDL",
       "FAPControl.UMTS.SelfConfig.UARFCNSelfConfigEnable",
       "CellConfig.UMTS.RAN.FDDFAP.RF.UARFCNULInUse",
       "CellConfig.UMTS.RAN.FDDFAP.RF.PrimaryScramblingCode",
       "FAPControl.UMTS.SelfConfig.PrimaryScramblingCodeSelfConfigEnable",
       "Capabilities.UMTS.FDDBandsSupported",
       16'383,
       511,
       {{"CellConfig.UMTS.RAN.FDDFAP.NeighborList.IntraFreqCell.", "", "PCPICHScramblingCode"},
        {"CellConfig.UMTS.RAN.FDDFAP.NeighborList.InterFreqCell.", "UARFCNDL", "PCPICHScramblingCode"}}},
      {RadioTechnology::umts,  // issue 2
       "CellConfig.UMTS.RAN.RF.UARFCNDL",
       "FAPControl.UMTS.SelfConfig.UARFCNSelfConfigEnable",
       "CellConfig.UMTS.RAN.RF.UARFCNULInUse",
       "CellConfig.UMTS.RAN.RF.PrimaryScramblingCode",
       "FAPControl.UMTS.SelfConfig.PrimaryScramblingCodeSelfConfigEnable",
       "Capabilities.UMTS.FDDBandsSupported",
       16'383,
       511,
       {{"CellConfig.UMTS.RAN.NeighborList.IntraFreqCell.", "", "PCPICHScramblingCode"},
        {"CellConfig.UMTS.RAN.NeighborList.InterFreqCell.", "UARFCNDL", "PCPICHScramblingCode"}}},
  };
  for (const auto& places : kPlaces) {
    if (places.technology == technology && model.value(fmt::format("{}{}", service, places.codes))) return places;
  }
  return technology == RadioTechnology::lte ? kPlaces[0] : kPlaces[1];  // the model has nothing of either
}

SelfConfiguration::SelfConfiguration(datamodel::DataModel& model, std::string_view service, RadioTechnology technology,
                                     std::uint64_t seed)
    : model_(model),
      service_(service),
      technology_(technology),
      seed_(seed),
      places_(places_of(model, service, technology)) {}

std::string SelfConfiguration::text(std::string_view place) const {
  return model_.value(service_ + std::string(place)).value_or("");
}

std::string SelfConfiguration::inputs() const {
  std::string all;
  for (const auto place : {kEvents, places_.channels, places_.channel_enable, places_.codes, places_.code_enable}) {
    all += text(place) + "\n";
  }
  return all;
}

bool SelfConfiguration::asked(std::string_view enable) const {
  const auto events = list_items(text(kEvents));
  if (std::find(events.begin(), events.end(), kInitialRem) == events.end()) return false;
  return model_.value(service_ + std::string(enable)).value_or("true") == "true";
}

Result<std::optional<SelfConfiguration::List>> SelfConfiguration::read(std::string_view place, std::string_view enable,
                                                                       std::uint32_t max) const {
  const auto list = model_.value(service_ + std::string(place));
  const bool ask = asked(enable);
  if (!list || (list->empty() && !ask)) return std::nullopt;
  auto candidates = parse_candidates(*list, max);
  if (!candidates) return impossible(place, candidates.error());
  const bool choose = ask && candidates->values.size() > 1;
  if (!choose) candidates->values.resize(1);
  return List{std::move(*candidates), choose};
}

// What the device hears, and what the HMS says is around.
std::vector<Neighbour> SelfConfiguration::neighbours(const std::vector<MeasuredCell>& measured,
                                                     std::uint32_t channel) const {
  std::vector<Neighbour> all;
  all.reserve(measured.size());
  for (const auto& cell : measured) all.push_back({cell.cell.channel, cell.cell.code, cell.level_dbm});
  for (const auto& [name, channel_column, code_column] : places_.neighbours) {
    const auto table = service_ + std::string(name);
    const auto state = name.empty() ? std::nullopt : model_.table_state(table);
    if (!state) continue;
    for (const auto number : state->rows) {
      const auto column = [&](std::string_view of) { return model_.value(fmt::format("{}{}.{}", table, number, of)); };
      if (all.size() == kMaxNeighbours) return all;
      if (column("Enable") != "true") continue;
      const auto on = channel_column.empty() ? channel : to_number(column(channel_column).value_or(""));
      all.push_back({on, to_number(column(code_column).value_or("")), kToldLevel});
    }
  }
  return all;
}

void SelfConfiguration::write(std::string_view list, std::uint32_t value, bool chosen) {
  const auto path = service_ + std::string(list);
  const auto text = fmt::to_string(value);
  if (!model_.update(path + "InUse", text) && chosen) model_.update(path, text);
}

Result<std::optional<std::uint32_t>> SelfConfiguration::channel(std::span<const Neighbour> around, bool heard) {
  const auto list = read(places_.channels, places_.channel_enable, places_.max_channel);
  if (!list) return tl::unexpected(list.error());
  if (!*list) return std::nullopt;
  const auto& [candidates, choose] = **list;
  if (choose && !heard) return fail(Cause::configuration, std::string(kRemFailed));
  const auto channel = choose_channel(technology_, candidates, list_items(text(places_.bands)), around);
  if (!channel) return impossible(places_.channels, channel.error());
  write(places_.channels, *channel, choose);
  const auto uplink = uplink_channel(technology_, *channel);
  // Of LTE it is the HMS's to give, but for one that goes with the device's choice.
  if (uplink && (choose || technology_ == RadioTechnology::umts)) {
    model_.update(service_ + std::string(places_.uplink), fmt::to_string(*uplink));
  }
  return *channel;
}

Result<> SelfConfiguration::code(std::uint32_t channel, std::span<const Neighbour> around, bool heard) {
  const auto list = read(places_.codes, places_.code_enable, places_.max_code);
  if (!list) return tl::unexpected(list.error());
  if (!*list) return {};
  const auto& [candidates, choose] = **list;
  if (choose && !heard) return fail(Cause::configuration, std::string(kRemFailed));
  if (!choose) {
    write(places_.codes, candidates.values.front(), false);
    return {};
  }
  const auto code = choose_code(technology_, channel, candidates, around, seed_);
  if (!code) return impossible(places_.codes, code.error());
  write(places_.codes, *code, true);
  return {};
}

Result<> SelfConfiguration::choose(const std::optional<std::vector<MeasuredCell>>& measured) {
  const bool heard = measured.has_value();
  const auto cells = measured.value_or(std::vector<MeasuredCell>{});
  const auto own = channel(neighbours(cells, UINT32_MAX), heard);
  const auto done = own.and_then([&](const std::optional<std::uint32_t>& on) {
    return code(on.value_or(0), neighbours(cells, on.value_or(0)), heard);
  });
  inputs_ = inputs();
  return done;
}

}  // namespace hnbemu::radio
