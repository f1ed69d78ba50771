#include "tr106/named_type.h"

#include <algorithm>
#include <cctype>

#include "datamodel/value.h"
#include "tr106/words.h"

namespace hnbemu::tr106 {

void become(Syntax& syntax, const DataType& type, bool own_list) {
  syntax.item = own_list && type.list ? ItemType{} : type.item;
  if (!own_list && type.list) syntax.list = type.list;
}

bool says_all(const DataType& type, const Syntax& syntax) {
  if (type.list && !syntax.list) return false;
  Syntax named;
  become(named, type, syntax.list != type.list);
  return named.item == syntax.item;
}

bool legal_type_name(std::string_view name) {
  return !name.empty() && name != "list" && !meaning<BaseType>(name) &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c >= 0x80;
         });
}

bool is_number(BaseType type) {
  switch (type) {
    case BaseType::decimal:
    case BaseType::int_:
    case BaseType::integer:
    case BaseType::long_:
    case BaseType::unsigned_int:
    case BaseType::unsigned_long:
      return true;
    default:
      return false;
  }
}

bool is_limit(BaseType type, std::string_view text) {
  if (type != BaseType::decimal) return datamodel::Integer::parse(text).has_value();
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  const auto dot = std::find(text.begin(), text.end(), '.');
  const auto fraction = dot == text.end() ? dot : dot + 1;
  return std::all_of(text.begin(), dot, is_digit) && std::all_of(fraction, text.end(), is_digit) &&
         std::any_of(text.begin(), text.end(), is_digit);
}

}  // namespace hnbemu::tr106
