#pragma once

#include "base/time_zone.h"
#include "pm/plan.h"

// Measurement files: 3GPP TS 32.435 (XML), and the dialect of CMCC's small cells. They are made piece by piece, so that
// a file of many periods needs no memory.
namespace hnbemu::pm {

// Who measures. What is no XML text in it is replaced.
struct Origin {
  std::string vendor;
  std::string dn_prefix;  // "DC=operator.example"; may be empty
  std::string local_dn;   // "ManagedElement=HNB000001"
  std::string type;       // "HNB", "HeNB"
  std::string label;      // for people
  std::string software;
  std::string unique_id;  // in the file's name
};
struct CellName {
  Rat rat = Rat::lte;
  std::string ldn;  // "ManagedElement=HNB000001,EUtranCellFDD=1"
};

struct Period {
  WallTime begin;
  WallTime end;
  bool suspect = false;         // TS 32.401 5.3: not all of it was measured
  std::vector<Counts> cells{};  // as many as there are names
};

class MeasurementFile {
 public:
  // All of them outlive it.
  MeasurementFile(const Plan& plan, const Origin& origin, const std::vector<CellName>& cells, const TimeZone& zone)
      : plan_(plan), origin_(origin), cells_(cells), zone_(zone) {}

  // In this order; a file of CMCC's dialect has one period. `reporting` is the reporting period's length.
  std::string begin(WallTime begin, WallTime end, unsigned job) const;
  std::string period(const Period& period, Seconds reporting, unsigned job) const;
  std::string end(WallTime end) const;

 private:
  std::string cmcc_measurements(const Period& period, std::size_t cell) const;

  const Plan& plan_;
  const Origin& origin_;
  const std::vector<CellName>& cells_;
  const TimeZone& zone_;
};

// TS 32.432: "A20260601.1400+0200-1415+0200_-1_HNB000001.xml". Type C if the file has more than one granularity period;
// the end has its date if that is another. `again` tells files of one period apart (RC), 0 is the first.
std::string file_name(WallTime begin, WallTime end, unsigned periods, unsigned job, std::string_view unique_id,
                      const TimeZone& zone, unsigned again);

// A value as files show it; NIL is TS 32.435's.
std::string to_text(std::optional<double> value);

}  // namespace hnbemu::pm
