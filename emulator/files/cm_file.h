#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "datamodel/data_model.h"

// Configuration data files of TS 32.584 (HNB) and TS 32.594 (HeNB), XML or XML in gzip:
//
//   <configDataFile>
//     <fileHeader fileFormatVersion="32.594 V14.0.0" vendorName="…"/>
//     <configData>
//       <managedElement OUI="02A1B2" ProductClass="LTE-HeNB" localDn="HENB000001" swVersion="…" hwVersion="…"/>
//       <Device>                          the object tree; an object's row says which with its index
//         <Services><FAPService index="1"><FAPControl><LTE><AdminState>1</AdminState></LTE></FAPControl></FAPService>
//         </Services>
//       </Device>
//     </configData>
//     <fileFooter dateTime="2026-01-01T00:00:00Z"/>
//   </configDataFile>
//
// The tree may as well be inside managedElement. Namespaces, comments and what a header says beside these attributes
// mean nothing here; document types, and with them entities, are refused.
namespace hnbemu::files {

inline constexpr std::size_t kMaxCmFileBytes = std::size_t{4} << 20;  // as it comes, and unpacked
inline constexpr std::size_t kMaxCmElements = 50'000;
inline constexpr std::size_t kMaxCmDepth = 48;           // the data models nest less than 20 deep
inline constexpr std::size_t kMaxCmTagBytes = 16'384;    // of one tag, with its attributes
inline constexpr std::size_t kMaxCmIdentityBytes = 400;  // of each text in the header; a DN has as many (TS 32.300)

struct CmFile {
  std::string format_version{};
  std::string vendor_name{};
  std::string oui{};
  std::string product_class{};
  std::string local_dn{};  // "": for every device of the kind
  std::string software_version{};
  std::string hardware_version{};
  std::string date{};                            // dateTime
  std::vector<std::string> rows{};               // "Device.Services.FAPService.1.", before what is in them
  std::vector<datamodel::Setting> parameters{};  // an empty one may as well have been an empty object
  bool operator==(const CmFile&) const = default;
};

// Whether it is to be read by read_cm_file(), by its first bytes: XML or gzip.
bool is_cm_file(std::string_view beginning);
// Piece by piece, whatever its size. The error is of Cause::configuration and says in which line, or of Cause::system.
Result<CmFile> read_cm_file(std::istream& stream);
std::string to_xml(const CmFile& file);

}  // namespace hnbemu::files
