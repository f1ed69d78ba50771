#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hnbemu::cwmp {

// What a peer may make this end hold. Documents beyond a limit are refused with Cause::resources.
struct XmlLimits {
  std::size_t bytes = 8'388'608;
  std::size_t depth = 32;
  std::size_t nodes = 200'000;         // elements and attributes together
  std::size_t text_bytes = 1'048'576;  // of one element
};

class XmlDocument;

// A view of one element; valid as long as its document.
class XmlElement {
 public:
  std::string_view name() const;  // local name
  std::string_view uri() const;   // namespace, "" if none
  std::string_view text() const;  // character data of an element without child elements, as sent
  std::string_view trimmed() const;
  std::optional<std::string_view> attribute(std::string_view uri, std::string_view name) const;

  std::optional<XmlElement> child(std::string_view name) const;  // the first of that local name
  std::optional<XmlElement> first_child() const;
  std::optional<XmlElement> next() const;  // the next sibling
  std::size_t child_count() const;

 private:
  friend class XmlDocument;
  XmlElement(const XmlDocument& document, std::uint32_t index) : document_(&document), index_(index) {}
  const XmlDocument* document_;
  std::uint32_t index_;
};

// A parsed XML document, flat: one pool of text, one row an element. DTDs, and with them entities, are refused;
// processing instructions and comments are skipped. White space between elements is not kept.
class XmlDocument {
 public:
  static Result<XmlDocument> parse(std::string_view xml, const XmlLimits& limits = {});
  XmlElement root() const { return {*this, 0}; }

 private:
  friend class XmlElement;
  friend class XmlReader;
  struct Span {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct Attribute {
    std::uint32_t uri;
    Span name, value;
  };
  struct Node {
    std::uint32_t uri = 0;
    Span name, text;
    std::uint32_t first_attribute = 0, attributes = 0;
    std::uint32_t first_child = 0, last_child = 0, next = 0, children = 0;  // 0: none, for the root is nobody's child
  };
  std::string_view view(Span span) const { return std::string_view(pool_).substr(span.begin, span.size); }

  std::string pool_;
  std::vector<std::string> uris_;
  std::vector<Node> nodes_;
  std::vector<Attribute> attributes_;
};

std::string_view trim(std::string_view text);  // XML white space

}  // namespace hnbemu::cwmp
