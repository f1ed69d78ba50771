#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "datamodel/data_model.h"
#include "radio/scan.h"

namespace hnbemu::radio {

// One REM object of a FAPService: REM.WCDMAFDD. and REM.GSM. of TR-196 issue 1; REM.LTE., REM.UMTS.WCDMA. and
// REM.UMTS.GSM. of issue 2.
struct RemObject {
  RadioTechnology technology;
  std::string path;     // "….REM.LTE."
  std::string service;  // "….FAPService.1."
};
std::vector<RemObject> rem_objects(const datamodel::DataModel& model, std::string_view service);

ScanSettings scan_settings(const datamodel::DataModel& model, const RemObject& rem);
// Makes the rows of its Cell table say what was measured. Rows stay where they are: cell 1 is the strongest.
void write_cells(datamodel::DataModel& model, const RemObject& rem, const std::vector<MeasuredCell>& cells);
// The cells that the rows name now, each heard everywhere at the level of its row.
std::vector<config::MacroCell> read_cells(const datamodel::DataModel& model, const RemObject& rem);

// The items of a comma-separated list.
std::vector<std::string> list_items(std::string_view list);

}  // namespace hnbemu::radio
