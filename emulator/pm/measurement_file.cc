#include "pm/measurement_file.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>

#include "base/xml_text.h"

namespace hnbemu::pm {
namespace {

constexpr std::string_view kNamespace = "http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec";

std::string duration(WallTime::duration time) {
  return fmt::format("PT{}S", std::chrono::round<Seconds>(time).count());
}

std::string_view cell_class(Rat rat) {
  return rat == Rat::lte ? "EutranCell" : "UtranCell";
}

// The members of a compound counter of CMCC's dialect: "RRC.AttConnEstab._Cause" of "RRC.AttConnEstab".
struct Compound {
  std::string name;
  std::vector<const Measurement*> members{};
};
Compound compound_of(const Measurement& whole, const Catalogue& catalogue) {
  Compound compound;
  for (const auto& one : catalogue.measurements) {
    if (one.name.starts_with(whole.name + ".")) compound.members.push_back(&one);
  }
  if (compound.members.empty()) return compound;
  const bool by_qci = std::string_view(compound.members.front()->name).substr(whole.name.size() + 1).starts_with("QCI");
  compound.name = whole.name + (by_qci ? "._Qci" : "._Cause");
  return compound;
}

std::string time_text(WallTime time, const TimeZone& zone, bool with_date) {
  const auto offset = zone.offset_at(time);
  const auto local = std::chrono::floor<Seconds>(time + offset);
  const auto minutes = std::abs(offset.count()) / 60;
  const auto zone_text = fmt::format("{}{:02}{:02}", offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
  const auto calendar = fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::sys_seconds(local)));
  return (with_date ? fmt::format("{:%Y%m%d}.", calendar) : "") + fmt::format("{:%H%M}", calendar) + zone_text;
}

std::chrono::sys_days local_day(WallTime time, const TimeZone& zone) {
  return std::chrono::floor<std::chrono::days>(time + zone.offset_at(time));
}

}  // namespace

std::string to_text(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return "NIL";
  if (*value == std::floor(*value)) return fmt::format("{:.0f}", *value);
  return fmt::format("{:.3f}", *value);
}

std::string MeasurementFile::begin(WallTime begin, WallTime end, unsigned job) const {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  if (plan_.format == Format::cmcc) {
    out += fmt::format(
        "<PmFile>\n<FileHeader><InfoModelReferenced>hnbemu-PM-V1</InfoModelReferenced><DnPrefix>{}</DnPrefix>"
        "<SenderName>{}</SenderName><VendorName>{}</VendorName><JobId>{}</JobId><BeginTime>{}</BeginTime>"
        "<EndTime>{}</EndTime></FileHeader>\n",
        to_xml_text(origin_.dn_prefix), to_xml_text(origin_.local_dn), to_xml_text(origin_.vendor), job,
        zone_.to_date_time(begin), zone_.to_date_time(end));
    return out;
  }
  out += fmt::format(
      "<measCollecFile xmlns=\"{}\">\n<fileHeader fileFormatVersion=\"32.435 V10.0\" vendorName=\"{}\" dnPrefix=\"{}\">"
      "<fileSender localDn=\"{}\" elementType=\"{}\"/><measCollec beginTime=\"{}\"/></fileHeader>\n"
      "<measData>\n<managedElement localDn=\"{}\" userLabel=\"{}\" swVersion=\"{}\"/>\n",
      kNamespace, to_xml_text(origin_.vendor), to_xml_text(origin_.dn_prefix), to_xml_text(origin_.local_dn),
      to_xml_text(origin_.type), zone_.to_date_time(begin), to_xml_text(origin_.local_dn), to_xml_text(origin_.label),
      to_xml_text(origin_.software));
  return out;
}

std::string MeasurementFile::period(const Period& period, Seconds reporting, unsigned job) const {
  std::string out;
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    if (plan_.format == Format::cmcc) {
      out += cmcc_measurements(period, cell);
      continue;
    }
    const auto& all = plan_.of(cells_[cell].rat).measurements;
    for (auto first = all.begin(); first != all.end();) {
      const auto last = std::find_if(first, all.end(), [&](const auto& one) { return one.group != first->group; });
      out += fmt::format(
          "<measInfo measInfoId=\"{}\"><job jobId=\"{}\"/><granPeriod duration=\"{}\" endTime=\"{}\"/>"
          "<repPeriod duration=\"{}\"/>\n",
          to_xml_text(first->group), job, duration(period.end - period.begin), zone_.to_date_time(period.end),
          duration(reporting));
      std::string results;
      for (unsigned p = 1; first != last; ++first, ++p) {
        out += fmt::format("<measType p=\"{}\">{}</measType>", p, to_xml_text(first->name));
        results += fmt::format("<r p=\"{}\">{}</r>", p, to_text(first->value(period.cells[cell])));
      }
      out += fmt::format("\n<measValue measObjLdn=\"{}\">{}<suspect>{}</suspect></measValue></measInfo>\n",
                         to_xml_text(cells_[cell].ldn), results, period.suspect);
    }
  }
  return out;
}

std::string MeasurementFile::cmcc_measurements(const Period& period, std::size_t cell) const {
  const auto& name = cells_[cell];
  const auto& catalogue = plan_.of(name.rat);
  const auto& counts = period.cells[cell];
  std::string names, values;
  unsigned i = 0;
  std::string whole = " ";  // the last measurement that is no member of another one
  for (const auto& one : catalogue.measurements) {
    if (one.name.starts_with(whole + ".")) continue;
    whole = one.name;
    ++i;
    names += fmt::format("<N i=\"{}\">{}</N>", i, to_xml_text(one.name));
    values += fmt::format("<V i=\"{}\">{}</V>", i, to_text(one.value(counts)));
    const auto compound = compound_of(one, catalogue);
    if (compound.members.empty()) continue;
    ++i;
    names += fmt::format("<N i=\"{}\">{}</N>", i, to_xml_text(compound.name));
    values += fmt::format("<CV i=\"{}\">", i);
    for (const auto* const member : compound.members) {
      values += fmt::format("<SN>{}</SN><SV>{}</SV>", to_xml_text(member->name), to_text(member->value(counts)));
    }
    values += "</CV>";
  }
  return fmt::format(
      "<Measurements><ObjectType>{}</ObjectType>\n<PmName>{}</PmName>\n<PmData><Pm Dn=\"{}\" UserLabel=\"{}\">{}</Pm>"
      "</PmData></Measurements>\n",
      cell_class(name.rat), names, to_xml_text(name.ldn), to_xml_text(origin_.label), values);
}

std::string MeasurementFile::end(WallTime end) const {
  if (plan_.format == Format::cmcc) return "</PmFile>\n";
  return fmt::format("</measData>\n<fileFooter><measCollec endTime=\"{}\"/></fileFooter>\n</measCollecFile>\n",
                     zone_.to_date_time(end));
}

std::string file_name(WallTime begin, WallTime end, unsigned periods, unsigned job, std::string_view unique_id,
                      const TimeZone& zone, unsigned again) {
  const bool other_day = local_day(begin, zone) != local_day(end, zone);
  std::string id(unique_id);
  std::ranges::replace_if(
      id, [](unsigned char c) { return std::isalnum(c) == 0 && c != '-' && c != '.'; }, '-');
  return fmt::format("{}{}-{}_-{}_{}{}.xml", periods > 1 ? 'C' : 'A', time_text(begin, zone, true),
                     time_text(end, zone, other_day), job, id, again > 0 ? fmt::format("_-_{}", again) : "");
}

}  // namespace hnbemu::pm
