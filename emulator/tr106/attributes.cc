#include "tr106/attributes.h"

#include "base/number.h"

namespace hnbemu::tr106 {

std::uint32_t read_number(const XmlFile& file, pugi::xml_node node, const char* attribute, std::uint32_t otherwise,
                          Mistakes& mistakes) {
  const auto given = node.attribute(attribute);
  if (!given) return otherwise;
  const std::string_view text = given.value();
  const auto number = parse_number<std::uint32_t>(text);
  if (!number) mistakes.add(file, node, fmt::format("{}='{}' is no number", attribute, text));
  return number.value_or(0);
}

Status read_status(const XmlFile& file, pugi::xml_node node, Status otherwise, Mistakes& mistakes) {
  return is_deleted(node) ? otherwise : read_word(file, node, "status", otherwise, mistakes);
}

void read_flag(pugi::xml_node node, const char* attribute, bool& flag) {
  if (const auto given = node.attribute(attribute)) flag = given.as_bool();
}

}  // namespace hnbemu::tr106
