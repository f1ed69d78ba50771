#pragma once

#include <gtest/gtest.h>

#include <string>

#include "profile/profile_model.h"
#include "radio/rem.h"

namespace hnbemu::radio {

// The data model of a shipped profile, and time.
struct SampleDevice {
  explicit SampleDevice(const std::string& name)
      : profile(config::load_profile(name, {HNBEMU_SOURCE_DIR "/profiles"}).value()),
        model(*profile::make_model(profile)) {
    const auto root = name == "lte-henb" ? "Device." : "InternetGatewayDevice.";
    service = std::string(root) + "Services.FAPService.1.";
  }

  std::string at(const std::string& below) const { return model.value(service + below).value_or("(none)"); }
  void set(const std::string& below, const std::string& value) {
    EXPECT_TRUE(model.update(service + below, value)) << below << " = " << value;
  }
  Now now() const { return {Deadline{} + elapsed, start + elapsed}; }

  static config::MacroCell lte_cell(std::uint32_t earfcn, std::uint32_t pci, double rsrp) {
    config::MacroCell cell;
    cell.plmn = "00101";
    cell.channel = earfcn;
    cell.code = pci;
    cell.level_dbm = rsrp;
    cell.cell_id = 1'000 + pci;
    return cell;
  }
  static config::MacroCell umts_cell(std::uint32_t uarfcn, std::uint32_t psc, double rscp) {
    auto cell = lte_cell(uarfcn, psc, rscp);
    cell.technology = RadioTechnology::umts;
    return cell;
  }
  static Environment around(std::vector<config::MacroCell> cells) {
    auto map = std::make_shared<config::RadioMap>();
    map->cells = std::move(cells);
    return {map, {}, 1};
  }

  config::Profile profile;
  datamodel::DataModel model;
  std::string service;
  Seconds elapsed{0};
  WallTime start = *parse_date_time("2026-01-01T10:00:30Z");
};

}  // namespace hnbemu::radio
