#pragma once

#include <map>
#include <regex>
#include <string>
#include <utility>

// Reads measurement files of TS 32.435 as a PM system does.
namespace hnbemu::test {

struct Measured {
  std::map<std::pair<std::string, std::string>, double> sums;  // by object and measurement, over the file's periods
  unsigned values = 0;                                         // measValue elements
  unsigned suspect = 0;                                        // of them
};

inline Measured read_measured(const std::string& xml) {
  static const std::regex info("<measInfo .*?>\\s*([^]*?)</measInfo>");
  static const std::regex type("<measType p=\"(\\d+)\">(.*?)</measType>");
  static const std::regex object("measObjLdn=\"(.*?)\"");
  static const std::regex result("<r p=\"(\\d+)\">(.*?)</r>");
  Measured measured;
  std::size_t at = 0;
  while ((at = xml.find("<measInfo ", at)) != std::string::npos) {
    const auto end = xml.find("</measInfo>", at);
    const auto part = xml.substr(at, end - at);
    at = end;
    std::map<std::string, std::string> names;
    for (std::sregex_iterator i(part.begin(), part.end(), type), last; i != last; ++i) names[(*i)[1]] = (*i)[2];
    std::smatch where;
    std::regex_search(part, where, object);
    for (std::sregex_iterator i(part.begin(), part.end(), result), last; i != last; ++i) {
      if ((*i)[2] != "NIL") measured.sums[{where[1], names.at((*i)[1])}] += std::stod((*i)[2]);
    }
    ++measured.values;
    if (part.find("<suspect>true") != std::string::npos) ++measured.suspect;
  }
  return measured;
}

}  // namespace hnbemu::test
