#pragma once

#include <filesystem>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace hnbemu::tr106 {

inline constexpr std::size_t kMaxFileBytes = 16u << 20;  // of one document; the largest published one has 5 MB
inline constexpr std::size_t kMaxImports = 1000;         // of one document

// One data-model document, parsed: what it defines and what it imports.
class XmlFile {
 public:
  static Result<std::unique_ptr<XmlFile>> load(const std::filesystem::path& file);
  static Result<std::unique_ptr<XmlFile>> parse(std::string name, std::string text);

  const std::string& name() const { return name_; }
  pugi::xml_node root() const { return document_.document_element(); }
  // "tr-098-1-0-0.xml:120"
  std::string place(pugi::xml_node node) const;

  // The model, component or dataType (`element`) of that name; a null node if the file has none.
  pugi::xml_node definition(std::string_view element, std::string_view name) const;
  // The element below <import> that brings the name here.
  pugi::xml_node imported(std::string_view element, std::string_view name) const;

 private:
  XmlFile() = default;
  std::string place_at(std::size_t offset) const;
  Result<> index();

  std::string name_;
  pugi::xml_document document_;
  std::vector<std::size_t> lines_;  // offsets of their beginnings
  std::unordered_map<std::string, pugi::xml_node> definitions_;
  std::unordered_map<std::string, pugi::xml_node> imports_;
};

}  // namespace hnbemu::tr106
