#include "radio/rem_tables.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"

namespace hnbemu::radio {
namespace {

constexpr auto kDevice = datamodel::Origin::device;

// Where a technology's REM has what, below the REM object or the row of a cell. "": it has no such place.
struct Layout {
  RadioTechnology technology;
  std::string_view channel_filter;
  std::string_view channel, code, level, area, cell_id, plmn;
  std::string_view receiver_bands[2];  // below the FAPService; the first that there is
};
constexpr Layout kLayouts[] = {
    {RadioTechnology::lte,
     "EUTRACarrierARFCNDLList",
     "RF.EUTRACarrierARFCN",
     "RF.PhyCellID",
     "RF.RSRP",
     "BCCH.TAC",
     "BCCH.CellID",
     "BCCH.PLMNList.1.PLMNID",
     {"Capabilities.LTE.BandsSupported", ""}},
    {RadioTechnology::umts,
     "UARFCNDLList",
     "RF.UARFCNDL",
     "RF.PrimaryScramblingCode",
     "RF.CPICHRSCP",
     "BCCH.LAC",
     "BCCH.CellID",
     "BCCH.PLMNID",
     {"Capabilities.UMTS.FDDBandsSupported", "Capabilities.LTE.UMTSRxBandsSupported"}},
    {RadioTechnology::gsm,
     "ARFCNList",
     "ARFCN",
     "BSIC",
     "RSSI",
     "LAC",
     "CI",
     "PLMNID",
     {"Capabilities.UMTS.GSMRxBandsSupported", "Capabilities.LTE.GSMRxBandsSupported"}},
};

const Layout& layout_of(RadioTechnology technology) {
  return *std::find_if(std::begin(kLayouts), std::end(kLayouts),
                       [&](const Layout& layout) { return layout.technology == technology; });
}

std::string text_of(const datamodel::DataModel& model, const std::string& path) {
  return model.value(path).value_or("");
}

template <class T = std::uint32_t>
T number_of(const datamodel::DataModel& model, const std::string& path) {
  return parse_number<T>(text_of(model, path)).value_or(0);
}

// dBm or dB in the steps and limits of the parameter.
std::string level_text(double value, double steps_per_db, int min, int max) {
  return fmt::to_string(std::clamp(static_cast<int>(std::lround(value * steps_per_db)), min, max));
}

std::string_view gsm_band(std::uint32_t arfcn) {
  const auto name = band_name(RadioTechnology::gsm, arfcn);
  if (name == "GSM850") return "GSM 850";
  if (name == "DCS1800") return "DCS 1800";
  return name == "PCS1900" ? "PCS 1900" : "GSM 900";
}

// The parts that only one technology has. Limits: TR-196.
void write_own(datamodel::DataModel& model, const std::string& row, const MeasuredCell& measured) {
  const auto& cell = measured.cell;
  switch (cell.technology) {
    case RadioTechnology::lte:
      model.update(row + "RF.RSRP", level_text(measured.level_dbm, 1, -140, -44));
      // Tenths of a decibel, in halves.
      model.update(row + "RF.RSRQ", fmt::to_string(5 * std::clamp(std::lround(measured.quality_db * 2), -48L, 0L)));
      model.update(row + "RF.RSSI", level_text(measured.carrier_dbm, 1, -110, -19));
      if (!model.value(row + "BCCH.PLMNList.1.PLMNID")) (void)model.add_object(row + "BCCH.PLMNList.", kDevice);
      return;
    case RadioTechnology::umts:
      model.update(row + "RF.CPICHRSCP", level_text(measured.level_dbm, 1, -120, -25));
      model.update(row + "RF.CPICHEcNo", level_text(measured.quality_db, 2, -48, 0));
      model.update(row + "RF.RSSI", level_text(measured.carrier_dbm, 1, -100, -25));
      model.update(row + "BCCH.PLMNType", "GSM-MAP");
      model.update(row + "BCCH.RAC", fmt::to_string(cell.rac));
      return;
    case RadioTechnology::gsm:
      model.update(row + "RSSI", level_text(measured.level_dbm, 1, -110, 48));
      model.update(row + "BandIndicator", gsm_band(cell.channel));
      model.update(row + "RAC", fmt::to_string(cell.rac));
      return;
  }
}

void write_cell(datamodel::DataModel& model, const std::string& row, const MeasuredCell& measured) {
  const auto& cell = measured.cell;
  const auto& layout = layout_of(cell.technology);
  write_own(model, row, measured);
  const auto write = [&](std::string_view name, std::string_view value) {
    model.update(row + std::string(name), value);
  };
  write(layout.channel, fmt::to_string(cell.channel));
  write(layout.code, fmt::to_string(cell.code));
  write(layout.area, fmt::to_string(cell.area));
  write(layout.cell_id, fmt::to_string(cell.cell_id));
  write(layout.plmn, cell.plmn);
}

}  // namespace

std::vector<std::string> list_items(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto item = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

std::vector<RemObject> rem_objects(const datamodel::DataModel& model, std::string_view service) {
  constexpr std::pair<RadioTechnology, std::string_view> kPlaces[] = {{RadioTechnology::lte, "REM.LTE."},
                                                                      {RadioTechnology::umts, "REM.WCDMAFDD."},
                                                                      {RadioTechnology::umts, "REM.UMTS.WCDMA."},
                                                                      {RadioTechnology::gsm, "REM.GSM."},
                                                                      {RadioTechnology::gsm, "REM.UMTS.GSM."}};
  std::vector<RemObject> objects;
  for (const auto& [technology, place] : kPlaces) {
    auto path = fmt::format("{}{}", service, place);
    if (model.value(path + "ScanStatus")) objects.push_back({technology, std::move(path), std::string(service)});
  }
  return objects;
}

ScanSettings scan_settings(const datamodel::DataModel& model, const RemObject& rem) {
  const auto& layout = layout_of(rem.technology);
  ScanSettings settings;
  settings.technology = rem.technology;
  settings.plmns = list_items(text_of(model, rem.path + "REMPLMNList"));
  settings.bands = list_items(text_of(model, rem.path + "REMBandList"));
  for (const auto& item : list_items(text_of(model, rem.path + std::string(layout.channel_filter)))) {
    constexpr auto kNoChannel = UINT32_MAX;
    settings.channels.push_back(parse_number<std::uint32_t>(item).value_or(kNoChannel));
  }
  for (const auto place : layout.receiver_bands) {
    if (settings.receiver_bands.empty() && !place.empty())
      settings.receiver_bands = list_items(text_of(model, rem.service + std::string(place)));
  }
  const auto most = number_of(model, rem.path + "MaxCellEntries");
  if (most > 0) settings.max_cells = most;
  return settings;
}

void write_cells(datamodel::DataModel& model, const RemObject& rem, const std::vector<MeasuredCell>& cells) {
  const auto table = rem.path + "Cell.";
  auto state = model.table_state(table);
  if (!state) return;
  for (; state->rows.size() > cells.size(); state->rows.pop_back()) {
    (void)model.delete_object(fmt::format("{}{}.", table, state->rows.back()), kDevice);
  }
  while (state->rows.size() < cells.size()) {
    const auto number = model.add_object(table, kDevice);
    if (!number) break;
    state->rows.push_back(*number);
  }
  for (std::size_t i = 0; i < state->rows.size(); ++i) {
    write_cell(model, fmt::format("{}{}.", table, state->rows[i]), cells[i]);
  }
}

std::vector<config::MacroCell> read_cells(const datamodel::DataModel& model, const RemObject& rem) {
  const auto& layout = layout_of(rem.technology);
  const auto table = rem.path + "Cell.";
  std::vector<config::MacroCell> cells;
  const auto state = model.table_state(table);
  if (!state) return cells;
  for (const auto number : state->rows) {
    const auto row = fmt::format("{}{}.", table, number);
    const auto at = [&](std::string_view name) { return number_of(model, row + std::string(name)); };
    config::MacroCell cell{rem.technology, text_of(model, row + std::string(layout.plmn)), at(layout.channel),
                           at(layout.code), at(layout.area)};
    cell.rac = std::max(at("BCCH.RAC"), at("RAC"));
    cell.cell_id = at(layout.cell_id);
    cell.level_dbm = number_of<int>(model, row + std::string(layout.level));
    if (!cell.plmn.empty()) cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace hnbemu::radio
