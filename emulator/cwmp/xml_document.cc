#include "cwmp/xml_document.h"

#include <expat.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace hnbemu::cwmp {

namespace {

constexpr char kSeparator = ' ';  // no URI contains one
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxUris = 64;
// Expat's work on one tag is the product of its attributes and the length of their namespace: so a tag is bounded
// before it is complete, by feeding the parser in pieces.
constexpr std::size_t kPieceBytes = 16'384;
constexpr std::size_t kMaxTokenBytes = 16'384;

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

// Expat's handlers. The first error stops the parser.
class XmlReader {
 public:
  XmlReader(XmlDocument& document, const XmlLimits& limits)
      : document_(document), limits_(limits), parser_(XML_ParserCreateNS(nullptr, kSeparator), &XML_ParserFree) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(
        parser_.get(), [](void* self, const char* name, const char** attributes) { of(self).start(name, attributes); },
        [](void* self, const char*) { of(self).end(); });
    XML_SetCharacterDataHandler(parser_.get(),
                                [](void* self, const char* data, int size) { of(self).text(data, size); });
    XML_SetStartDoctypeDeclHandler(parser_.get(),
                                   [](void* self, const char*, const char*, const char*, int) { of(self).doctype(); });
  }

  Result<> read(std::string_view xml) {
    if (xml.size() > limits_.bytes) {
      return fail(Cause::resources, fmt::format("XML document of {} bytes, limit {}", xml.size(), limits_.bytes));
    }
    for (std::size_t fed = 0;;) {
      const auto piece = std::min(kPieceBytes, xml.size() - fed);
      const bool last = fed + piece == xml.size();
      const auto status = XML_Parse(parser_.get(), xml.data() + fed, static_cast<int>(piece), last);
      fed += piece;
      if (status != XML_STATUS_OK) return tl::unexpected(error_ ? *error_ : syntax_error());
      if (last) return {};
      const auto parsed = static_cast<std::size_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(parser_.get()), 0));
      if (fed > parsed + kMaxTokenBytes + kPieceBytes) {
        return fail(Cause::resources, fmt::format("XML tag or comment of more than {} bytes", kMaxTokenBytes));
      }
    }
  }

 private:
  static XmlReader& of(void* self) { return *static_cast<XmlReader*>(self); }

  Error syntax_error() const {
    const auto parser = parser_.get();
    return {Cause::protocol,
            fmt::format("XML line {} column {}: {}", XML_GetCurrentLineNumber(parser),
                        XML_GetCurrentColumnNumber(parser) + 1, XML_ErrorString(XML_GetErrorCode(parser)))};
  }

  void stop(Cause cause, std::string detail) {
    if (error_) return;
    error_ = Error{cause, fmt::format("XML line {}: {}", XML_GetCurrentLineNumber(parser_.get()), detail)};
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  XmlDocument::Span keep(std::string_view text) {
    const auto begin = static_cast<std::uint32_t>(document_.pool_.size());
    document_.pool_ += text;
    return {begin, static_cast<std::uint32_t>(text.size())};
  }

  struct Name {
    std::uint32_t uri = 0;
    std::string_view local;
  };
  std::optional<Name> split(const char* expanded) {
    const auto size = ::strnlen(expanded, 2 * kMaxNameBytes + 1);
    const std::string_view whole(expanded, size);
    const auto separator = whole.rfind(kSeparator);
    const auto uri = separator == std::string_view::npos ? std::string_view{} : whole.substr(0, separator);
    const auto local = separator == std::string_view::npos ? whole : whole.substr(separator + 1);
    if (uri.size() > kMaxNameBytes || local.size() > kMaxNameBytes) {
      stop(Cause::resources, fmt::format("a name of more than {} bytes", kMaxNameBytes));
      return std::nullopt;
    }
    const auto known = std::ranges::find(document_.uris_, uri);
    const auto index = static_cast<std::uint32_t>(known - document_.uris_.begin());
    if (known == document_.uris_.end()) {
      if (document_.uris_.size() == kMaxUris) {
        stop(Cause::resources, fmt::format("more than {} namespaces", kMaxUris));
        return std::nullopt;
      }
      document_.uris_.emplace_back(uri);
    }
    return Name{index, local};
  }

  void start(const char* expanded, const char** attributes) {
    if (error_) return;
    if (open_.size() == limits_.depth) {
      return stop(Cause::resources, fmt::format("nested deeper than {}", limits_.depth));
    }
    const auto name = split(expanded);
    if (!name) return;
    const auto index = static_cast<std::uint32_t>(document_.nodes_.size());
    if (!open_.empty()) {
      auto& parent = document_.nodes_[open_.back()];
      if (parent.children == 0) {  // what it held was white space
        document_.pool_.resize(parent.text.begin);
        parent.text = {};
        parent.first_child = index;
      } else {
        document_.nodes_[parent.last_child].next = index;
      }
      parent.last_child = index;
      ++parent.children;
    }
    XmlDocument::Node node;
    node.uri = name->uri;
    node.name = keep(name->local);
    node.first_attribute = static_cast<std::uint32_t>(document_.attributes_.size());
    for (; *attributes != nullptr; attributes += 2) {
      const auto attribute = split(attributes[0]);
      if (!attribute) return;
      const auto attribute_name = keep(attribute->local);
      document_.attributes_.push_back({attribute->uri, attribute_name, keep(attributes[1])});
      ++node.attributes;
    }
    node.text.begin = static_cast<std::uint32_t>(document_.pool_.size());
    document_.nodes_.push_back(node);
    open_.push_back(index);
    if (document_.nodes_.size() + document_.attributes_.size() > limits_.nodes) {
      stop(Cause::resources, fmt::format("more than {} elements and attributes", limits_.nodes));
    }
  }

  void end() {
    if (!error_) open_.pop_back();
  }

  void text(const char* data, int size) {
    if (error_ || open_.empty()) return;
    auto& node = document_.nodes_[open_.back()];
    if (node.children != 0) return;
    node.text.size += keep({data, static_cast<std::size_t>(size)}).size;
    if (node.text.size > limits_.text_bytes) {
      stop(Cause::resources, fmt::format("an element's text of more than {} bytes", limits_.text_bytes));
    }
  }

  // TR-069 3.5 has no use for a DTD; without one there are no entities to expand or fetch.
  void doctype() { stop(Cause::protocol, "a document type declaration is not allowed"); }

  XmlDocument& document_;
  const XmlLimits& limits_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  std::vector<std::uint32_t> open_;
  std::optional<Error> error_;
};

Result<XmlDocument> XmlDocument::parse(std::string_view xml, const XmlLimits& limits) {
  XmlDocument document;
  document.uris_.emplace_back();
  document.pool_.reserve(std::min(xml.size(), limits.bytes));
  XmlReader reader(document, limits);
  if (auto read = reader.read(xml); !read) return tl::unexpected(std::move(read).error());
  return document;
}

std::string_view XmlElement::name() const {
  return document_->view(document_->nodes_[index_].name);
}

std::string_view XmlElement::uri() const {
  return document_->uris_[document_->nodes_[index_].uri];
}

std::string_view XmlElement::text() const {
  return document_->view(document_->nodes_[index_].text);
}

std::string_view XmlElement::trimmed() const {
  return trim(text());
}

std::optional<std::string_view> XmlElement::attribute(std::string_view uri, std::string_view name) const {
  const auto& node = document_->nodes_[index_];
  for (auto i = node.first_attribute; i < node.first_attribute + node.attributes; ++i) {
    const auto& attribute = document_->attributes_[i];
    if (document_->view(attribute.name) == name && document_->uris_[attribute.uri] == uri) {
      return document_->view(attribute.value);
    }
  }
  return std::nullopt;
}

std::optional<XmlElement> XmlElement::first_child() const {
  const auto child = document_->nodes_[index_].first_child;
  if (child == 0) return std::nullopt;
  return XmlElement(*document_, child);
}

std::optional<XmlElement> XmlElement::next() const {
  const auto sibling = document_->nodes_[index_].next;
  if (sibling == 0) return std::nullopt;
  return XmlElement(*document_, sibling);
}

std::optional<XmlElement> XmlElement::child(std::string_view name) const {
  auto child = first_child();
  while (child && child->name() != name) child = child->next();
  return child;
}

std::size_t XmlElement::child_count() const {
  return document_->nodes_[index_].children;
}

}  // namespace hnbemu::cwmp
