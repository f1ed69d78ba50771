#include "config/radio_map.h"

#include <algorithm>

#include "config/fleet_reader.h"
#include "config/yaml.h"

namespace hnbemu::config {
namespace {

constexpr std::int64_t kMaxArea = 65'535;         // TS 23.003: LAC, TAC
constexpr std::int64_t kMaxCellId = 268'435'455;  // TS 25.331, TS 36.331: 28 bits
constexpr std::int64_t kMaxRac = 255;

// What a technology calls what its cells have, and the limits of TR-196's REM tables.
struct Keys {
  RadioTechnology technology;
  const char* name;
  const char* channel;
  std::int64_t max_channel;
  const char* code;
  std::int64_t max_code;
  const char* area;
  std::int64_t max_cell_id;
  const char* level;
  yaml::NumberRange levels;
};
constexpr Keys kKeys[] = {
    {RadioTechnology::umts, "umts", "uarfcn", 16'383, "psc", 511, "lac", kMaxCellId, "rscp", {-120, -25}},
    {RadioTechnology::lte, "lte", "earfcn", 65'535, "pci", 503, "tac", kMaxCellId, "rsrp", {-140, -44}},
    {RadioTechnology::gsm, "gsm", "arfcn", 1'023, "bsic", 63, "lac", 63'535, "rssi", {-110, 48}},
};

bool is_plmn(std::string_view text) {
  return (text.size() == 5 || text.size() == 6) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::uint32_t required_number(yaml::Map& map, std::string_view key, std::int64_t max) {
  map.require(key);
  return static_cast<std::uint32_t>(map.integer(key, {0, max}, 0));
}

MacroCell read_cell(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "a cell");
  map.require("technology");
  const auto name = map.choice("technology", {"umts", "lte", "gsm"}, "lte");
  const auto& keys = *std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Keys& k) { return name == k.name; });
  MacroCell cell;
  cell.technology = keys.technology;
  cell.plmn = map.required_text("plmn");
  if (const auto* const where = map.get("plmn"); where != nullptr && !is_plmn(cell.plmn)) {
    problems.add(*where, fmt::format("plmn '{}': MCC and MNC, five or six digits in quotes", cell.plmn));
  }
  cell.channel = required_number(map, keys.channel, keys.max_channel);
  cell.code = required_number(map, keys.code, keys.max_code);
  cell.area = static_cast<std::uint32_t>(map.integer(keys.area, {1, kMaxArea}, 1));
  if (keys.technology != RadioTechnology::lte) {
    cell.rac = static_cast<std::uint32_t>(map.integer("rac", {0, kMaxRac}, 0));
  }
  cell.cell_id = static_cast<std::uint32_t>(map.integer("cell_id", {0, keys.max_cell_id}, 0));
  cell.tx_power_dbm = map.number("tx_power_dbm", {-30, 70}, cell.tx_power_dbm);
  const bool placed = map.has("latitude") || map.has("longitude");
  if (placed == map.has(keys.level)) {
    problems.add(node, fmt::format("a cell has either latitude and longitude or '{}' (dBm)", keys.level));
  }
  cell.level_dbm = map.number(keys.level, keys.levels, keys.levels.min);
  if (placed) {
    map.require("latitude");
    map.require("longitude");
    cell.position = {map.number("latitude", {-90, 90}, 0), map.number("longitude", {-180, 180}, 0)};
  }
  map.finish();
  return cell;
}

Result<RadioMap> read(const yaml::Node& root) {
  yaml::Problems problems;
  yaml::Map map(root, problems, "a radio map");
  RadioMap radio_map;
  const auto cells = yaml::items(map.require("cells"), problems, "cells");
  if (cells.size() > kMaxMacroCells) {
    problems.add(root, fmt::format("{} cells: a map has at most {}", cells.size(), kMaxMacroCells));
  } else {
    for (const auto& cell : cells) radio_map.cells.push_back(read_cell(*cell, problems));
  }
  map.finish();
  if (!problems.empty()) return fail(Cause::configuration, fmt::format("{}", fmt::join(problems.list(), "\n")));
  return radio_map;
}

}  // namespace

Result<RadioMap> load_radio_map(const std::string& file) {
  return yaml::load(file).and_then([&](const yaml::NodePtr& root) { return read(*root); });
}

Result<RadioMap> parse_radio_map(std::string_view text, const std::string& name) {
  return yaml::parse(text, name).and_then([&](const yaml::NodePtr& root) { return read(*root); });
}

void FleetReader::read_radio_map(yaml::Map& lab) {
  const auto* const node = lab.get("radio_map");
  if (node == nullptr) return;
  auto map = load_radio_map((directory / yaml::read_text(*node, problems, "radio_map")).lexically_normal().string());
  if (!map) {
    problems.add(*node, map.error().detail);
    return;
  }
  fleet.lab.radio_map = std::make_shared<const RadioMap>(std::move(*map));
}

}  // namespace hnbemu::config
