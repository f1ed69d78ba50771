#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Reads measurement files of TS 32.435 as a PM system does.
namespace hnbemu::test {

struct Measured {
  std::map<std::pair<std::string, std::string>, double> sums;  // by object and measurement, over the file's periods
  unsigned values = 0;                                         // measValue elements
  unsigned suspect = 0;                                        // of them
};

// What stands between `begin` and `end`, again and again.
inline std::vector<std::string_view> all_between(std::string_view text, std::string_view begin, std::string_view end) {
  std::vector<std::string_view> all;
  for (auto at = text.find(begin); at != std::string_view::npos; at = text.find(begin, at)) {
    at += begin.size();
    all.push_back(text.substr(at, text.find(end, at) - at));
  }
  return all;
}

inline Measured read_measured(const std::string& xml) {
  Measured measured;
  for (const auto info : all_between(xml, "<measInfo ", "</measInfo>")) {
    const auto names = all_between(info, "<measType p=", "</measType>");
    const auto values = all_between(info, "<r p=", "</r>");
    const auto object = all_between(info, "measObjLdn=\"", "\"");
    const auto behind = [](std::string_view text) { return std::string(text.substr(text.find('>') + 1)); };
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (behind(values.at(i)) == "NIL") continue;
      measured.sums[{std::string(object.at(0)), behind(names[i])}] += std::stod(behind(values[i]));
    }
    ++measured.values;
    if (info.find("<suspect>true") != std::string_view::npos) ++measured.suspect;
  }
  return measured;
}

}  // namespace hnbemu::test
