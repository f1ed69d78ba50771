#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tr106/xml_file.h"

namespace hnbemu::tr106 {

inline constexpr std::size_t kMaxFiles = 512;      // read for one import
inline constexpr std::size_t kMaxImportHops = 64;  // from the use of a name to its definition

// The documents of one folder, each read once, and where the names that they use are defined.
class Library {
 public:
  explicit Library(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<const XmlFile*> open(const std::string& name);

  struct Definition {
    const XmlFile* file = nullptr;
    pugi::xml_node node;
  };
  // The model, component or dataType that `name` means in `from`, through all imports. Errors say which file lacks it
  // and where it is asked for (`use`).
  Result<Definition> find(const XmlFile& from, pugi::xml_node use, std::string_view element, std::string_view name);

 private:
  std::optional<Definition> find_forgotten(const XmlFile& from, std::string_view element, std::string_view name);
  Result<const XmlFile*> open_imported(const XmlFile& from, pugi::xml_node import);

  std::filesystem::path folder_;
  std::map<std::string, std::unique_ptr<XmlFile>, std::less<>> files_;
  std::map<std::string, std::optional<std::string>, std::less<>> names_;  // that imports have -> files
};

}  // namespace hnbemu::tr106
