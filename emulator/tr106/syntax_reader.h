#pragma once

#include <string>
#include <string_view>

#include "tr106/document.h"
#include "tr106/library.h"
#include "tr106/mistakes.h"
#include "tr106/named_type.h"

namespace hnbemu::tr106 {

inline constexpr std::size_t kMaxDerivations = 32;  // of a named type from another
inline constexpr std::size_t kMaxFacets = 2'000;    // enumerated values, or patterns, of one type

// Where a parameter stands, for what its references mean.
struct Place {
  std::string_view object_path;
  bool in_model = false;
};

// Reads types: those of parameters, and the named ones that they use.
class SyntaxReader {
 public:
  SyntaxReader(Library& library, Mistakes& mistakes) : library_(library), mistakes_(mistakes) {}

  // Changes `syntax` by what a <syntax> element says: a new parameter starts from a fresh one, a modified parameter
  // from what it had. Sizes and ranges replace those before, enumerated values and patterns add to them (A.2.5,
  // A.2.10).
  void read(const XmlFile& file, pugi::xml_node node, const Place& place, Syntax& syntax);
  // The named type as `file` sees it; nothing after a mistake.
  const DataType* type(const XmlFile& file, pugi::xml_node use, std::string_view name);
  // Those that parameters are of, by the name that they use.
  const NamedTypes& used_types() const { return used_; }

 private:
  void read_type(const XmlFile& file, pugi::xml_node node, const Place& place, Syntax& syntax);
  void read_named_type(const XmlFile& file, pugi::xml_node node, const Place& place, Syntax& syntax);
  bool use(const DataType& type, const std::string& name);
  void read_definition(const Library::Definition& definition, DataType& type);
  void read_list(const XmlFile& file, pugi::xml_node node, std::optional<List>& list);
  void read_enumeration(const XmlFile& file, pugi::xml_node node, ItemType& item);
  void read_facets(const XmlFile& file, pugi::xml_node node, const Place& place, ItemType& item);
  void read_reference(const XmlFile& file, pugi::xml_node node, const Place& place, ItemType& item);
  void read_default(const XmlFile& file, pugi::xml_node node, Syntax& syntax);
  Size read_size(const XmlFile& file, pugi::xml_node node, const char* min, const char* max);
  std::string checked_text(const XmlFile& file, pugi::xml_node node, const char* attribute);

  Library& library_;
  Mistakes& mistakes_;
  NamedTypes types_;  // "file name"
  NamedTypes used_;
  std::size_t derivations_ = 0;
};

}  // namespace hnbemu::tr106
