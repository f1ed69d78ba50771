#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "tr106/xml_file.h"

namespace hnbemu::tr106 {

// The first mistake of a document stays; what is read behind it is not used.
class Mistakes {
 public:
  bool any() const { return first_.has_value(); }
  const Error& first() const { return *first_; }
  void add(Error error) {
    if (!first_) first_ = std::move(error);
  }
  void add(const XmlFile& file, pugi::xml_node node, std::string_view what) {
    if (!first_) first_ = Error{Cause::configuration, fmt::format("{}: {}", file.place(node), what)};
  }

 private:
  std::optional<Error> first_;
};

}  // namespace hnbemu::tr106
