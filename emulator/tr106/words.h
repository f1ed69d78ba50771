#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "tr106/document.h"

namespace hnbemu::tr106 {

// The schema's own words for the enumerated facts.
template <class E>
struct Words;

template <>
struct Words<BaseType> {
  static constexpr std::array<std::pair<std::string_view, BaseType>, 12> all{
      {{"any", BaseType::any},
       {"base64", BaseType::base64},
       {"boolean", BaseType::boolean},
       {"dateTime", BaseType::date_time},
       {"decimal", BaseType::decimal},
       {"hexBinary", BaseType::hex_binary},
       {"int", BaseType::int_},
       {"integer", BaseType::integer},
       {"long", BaseType::long_},
       {"string", BaseType::string},
       {"unsignedInt", BaseType::unsigned_int},
       {"unsignedLong", BaseType::unsigned_long}}};
};

template <>
struct Words<Access> {
  static constexpr std::array<std::pair<std::string_view, Access>, 3> all{
      {{"readOnly", Access::read_only}, {"readWrite", Access::read_write}, {"writeOnceReadOnly", Access::write_once}}};
};

template <>
struct Words<Status> {
  static constexpr std::array<std::pair<std::string_view, Status>, 3> all{
      {{"current", Status::current}, {"deprecated", Status::deprecated}, {"obsoleted", Status::obsoleted}}};
};

template <>
struct Words<datamodel::ActiveNotify> {
  using enum datamodel::ActiveNotify;
  static constexpr std::array<std::pair<std::string_view, datamodel::ActiveNotify>, 4> all{
      {{"normal", normal},
       {"forceEnabled", force_enabled},
       {"forceDefaultEnabled", force_default_enabled},
       {"canDeny", can_deny}}};
};

template <>
struct Words<Reference::Target> {
  using enum datamodel::Reference::Target;
  static constexpr std::array<std::pair<std::string_view, Reference::Target>, 6> all{
      {{"any", any}, {"parameter", parameter}, {"object", object}, {"single", single}, {"table", table}, {"row", row}}};
};

template <>
struct Words<Default::Kind> {
  using enum Default::Kind;
  static constexpr std::array<std::pair<std::string_view, Default::Kind>, 4> all{
      {{"object", object}, {"factory", factory}, {"implementation", implementation}, {"parameter", parameter}}};
};

template <>
struct Words<Requirement> {
  using enum Requirement;
  static constexpr std::array<std::pair<std::string_view, Requirement>, 5> all{{{"notSpecified", not_specified},
                                                                                {"present", present},
                                                                                {"create", create},
                                                                                {"delete", delete_},
                                                                                {"createDelete", create_delete}}};
};

template <class E>
constexpr std::optional<E> meaning(std::string_view word) {
  for (const auto& [name, value] : Words<E>::all) {
    if (name == word) return value;
  }
  return std::nullopt;
}

template <class E>
constexpr std::string_view word(E meant) {
  for (const auto& [name, value] : Words<E>::all) {
    if (value == meant) return name;
  }
  return {};
}

}  // namespace hnbemu::tr106
