#pragma once

#include <cstdint>
#include <string_view>

#include "tr106/mistakes.h"
#include "tr106/words.h"

namespace hnbemu::tr106 {

inline bool is_deleted(pugi::xml_node node) {
  return std::string_view(node.attribute("status").value()) == "deleted";
}

// Each gives `otherwise` if the element has no such attribute, and adds a mistake if it makes no sense.
template <class E>
E read_word(const XmlFile& file, pugi::xml_node node, const char* attribute, E otherwise, Mistakes& mistakes) {
  const auto given = node.attribute(attribute);
  if (!given) return otherwise;
  const auto meant = meaning<E>(given.value());
  if (!meant) mistakes.add(file, node, fmt::format("{}='{}' means nothing here", attribute, given.value()));
  return meant.value_or(otherwise);
}

std::uint32_t read_number(const XmlFile& file, pugi::xml_node node, const char* attribute, std::uint32_t otherwise,
                          Mistakes& mistakes);
// Of something that is not deleted.
Status read_status(const XmlFile& file, pugi::xml_node node, Status otherwise, Mistakes& mistakes);
void read_flag(pugi::xml_node node, const char* attribute, bool& flag);

}  // namespace hnbemu::tr106
