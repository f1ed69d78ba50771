#include "tr106/syntax_reader.h"

#include <algorithm>

#include "tr106/attributes.h"
#include "tr106/reference_path.h"
#include "tr106/words.h"

namespace hnbemu::tr106 {
namespace {

// The list of `elements` that <size> or <range> elements of `node` make; nothing if there are none, so that all stays.
template <class Facet, class Read>
void replace(pugi::xml_node node, const char* element, std::vector<Facet>& facets, Read read) {
  const auto given = node.children(element);
  if (given.begin() == given.end()) return;
  facets.clear();
  for (const auto& child : given) {
    if (!is_deleted(child)) facets.push_back(read(child));
  }
}

// The facet of the value that `node` has, as it was or a fresh one; null if `node` deletes it.
template <class Facet>
Facet* facet_of(pugi::xml_node node, const std::string& value, std::vector<Facet>& facets) {
  const auto same =
      std::find_if(facets.begin(), facets.end(), [&](const Facet& facet) { return facet.value == value; });
  if (is_deleted(node)) {
    if (same != facets.end()) facets.erase(same);
    return nullptr;
  }
  if (same != facets.end()) return &*same;
  facets.emplace_back().value = value;
  return &facets.back();
}

}  // namespace

std::string SyntaxReader::checked_text(const XmlFile& file, pugi::xml_node node, const char* attribute) {
  std::string text = node.attribute(attribute).value();
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    mistakes_.add(file, node, fmt::format("{} holds a control character", attribute));
  return text;
}

Size SyntaxReader::read_size(const XmlFile& file, pugi::xml_node node, const char* min, const char* max) {
  Size size;
  size.min = read_number(file, node, min, 0, mistakes_);
  const std::string_view most = node.attribute(max).value();
  if (!most.empty() && most != "unbounded") size.max = read_number(file, node, max, 0, mistakes_);
  return size;
}

void SyntaxReader::read_list(const XmlFile& file, pugi::xml_node node, std::optional<List>& list) {
  if (is_deleted(node)) return list.reset();
  if (!list) list.emplace();
  if (node.attribute("minItems") || node.attribute("maxItems"))
    list->items = read_size(file, node, "minItems", "maxItems");
  replace(node, "size", list->sizes,
          [&](pugi::xml_node size) { return read_size(file, size, "minLength", "maxLength"); });
  std::erase(list->sizes, Size{});
}

void SyntaxReader::read_reference(const XmlFile& file, pugi::xml_node node, const Place& place, ItemType& item) {
  if (is_deleted(node)) return item.reference.reset();
  Reference reference;
  const std::string_view element = node.name();
  reference.kind = element == "pathRef"       ? Reference::Kind::path
                   : element == "instanceRef" ? Reference::Kind::instance
                                              : Reference::Kind::enumeration;
  reference.strong = std::string_view(node.attribute("refType").value()) == "strong";
  reference.target = read_word(file, node, "targetType", Reference::Target::any, mistakes_);
  reference.data_type = checked_text(file, node, "targetDataType");
  if (const auto null_value = node.attribute("nullValue")) reference.null_value = null_value.value();
  const auto* attribute = reference.kind == Reference::Kind::enumeration ? "targetParam" : "targetParent";
  const std::string scope = node.attribute((std::string(attribute) + "Scope").c_str()).value();
  const auto targets = checked_text(file, node, attribute);
  for (std::string_view rest = targets; !rest.empty();) {
    const auto target = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), target.size() + 1));
    if (target.empty()) continue;
    std::string start = scope == "model" && !target.starts_with('.') ? "." : "";
    reference.targets.push_back(resolve_reference(place.object_path, start + std::string(target), place.in_model));
  }
  item.reference = std::move(reference);
}

void SyntaxReader::read_enumeration(const XmlFile& file, pugi::xml_node node, ItemType& item) {
  auto* value = facet_of(node, checked_text(file, node, "value"), item.enumeration);
  if (value == nullptr) return;
  value->status = read_status(file, node, value->status, mistakes_);
  if (node.attribute("access"))
    value->read_only = read_word(file, node, "access", Access::read_write, mistakes_) == Access::read_only;
  read_flag(node, "optional", value->optional);
}

void SyntaxReader::read_facets(const XmlFile& file, pugi::xml_node node, const Place& place, ItemType& item) {
  replace(node, "size", item.sizes,
          [&](pugi::xml_node size) { return read_size(file, size, "minLength", "maxLength"); });
  std::erase(item.sizes, Size{});
  replace(node, "range", item.ranges, [&](pugi::xml_node range) {
    for (const char* limit : {"minInclusive", "maxInclusive", "step"}) {
      const auto attribute = range.attribute(limit);
      if (attribute && !is_limit(item.base, attribute.value()))
        mistakes_.add(file, range, fmt::format("{}='{}' is no number", limit, attribute.value()));
    }
    return Range{range.attribute("minInclusive").value(), range.attribute("maxInclusive").value(),
                 range.attribute("step").value()};
  });
  std::erase_if(item.ranges, [](const Range& range) { return range.min.empty() && range.max.empty(); });
  if (is_number(item.base) ? !item.sizes.empty() : !item.ranges.empty())
    mistakes_.add(file, node, "numbers have ranges, texts have sizes");
  for (const auto& child : node.children()) {
    const std::string_view element = child.name();
    if (item.enumeration.size() > kMaxFacets || item.patterns.size() > kMaxFacets)
      return mistakes_.add(file, child, fmt::format("more than {} enumerated values or patterns", kMaxFacets));
    if (element == "enumeration") {
      read_enumeration(file, child, item);
    } else if (element == "pattern") {
      if (auto* pattern = facet_of(child, checked_text(file, child, "value"), item.patterns))
        pattern->status = read_status(file, child, pattern->status, mistakes_);
    } else if (element == "units") {
      item.units = is_deleted(child) ? "" : checked_text(file, child, "value");
    } else if (element == "pathRef" || element == "instanceRef" || element == "enumerationRef") {
      read_reference(file, child, place, item);
    }
  }
}

void SyntaxReader::read_definition(const Library::Definition& definition, DataType& type) {
  const auto& [file, node] = definition;
  if (const auto base = node.attribute("base")) {
    const auto* from = this->type(*file, node, base.value());
    if (from == nullptr) return;
    type.base = base.value();
    type.list = from->list;
    type.item = from->item;
    read_facets(*file, node, {}, type.item);
  }
  for (const auto& child : node.children()) {
    if (std::string_view(child.name()) == "list") read_list(*file, child, type.list);
    if (const auto built_in = meaning<BaseType>(child.name())) {
      type.item.base = *built_in;
      read_facets(*file, child, {}, type.item);
    }
  }
}

const DataType* SyntaxReader::type(const XmlFile& file, pugi::xml_node use, std::string_view name) {
  const auto definition = library_.find(file, use, "dataType", name);
  if (!definition) {
    mistakes_.add(definition.error());
    return nullptr;
  }
  auto key = fmt::format("{} {}", definition->file->name(), definition->node.attribute("name").value());
  if (const auto known = types_.find(key); known != types_.end()) return &known->second;
  if (derivations_ == kMaxDerivations) {
    mistakes_.add(
        *definition->file, definition->node,
        fmt::format("'{}' derives through more than {} types; does it derive from itself?", name, kMaxDerivations));
    return nullptr;
  }
  ++derivations_;
  DataType type;
  type.name = name;
  if (!legal_type_name(name)) mistakes_.add(file, use, fmt::format("'{}' is no name of a type", name));
  read_definition(*definition, type);
  --derivations_;
  return mistakes_.any() ? nullptr : &types_.emplace(std::move(key), std::move(type)).first->second;
}

// False if another type has the name already; such parameters show their facets only.
bool SyntaxReader::use(const DataType& type, const std::string& name) {
  DataType named = type;
  named.name = name;
  return used_.emplace(name, named).first->second == named;
}

void SyntaxReader::read_named_type(const XmlFile& file, pugi::xml_node node, const Place& place, Syntax& syntax) {
  const auto name = node.attribute(node.attribute("ref") ? "ref" : "base");
  const auto* type = this->type(file, node, name.value());
  if (type == nullptr) return;
  become(syntax, *type, node.parent().child("list"));
  read_facets(file, node, place, syntax.item);
  syntax.data_type = use(*type, name.value()) ? name.value() : "";
}

void SyntaxReader::read_type(const XmlFile& file, pugi::xml_node node, const Place& place, Syntax& syntax) {
  if (std::string_view(node.name()) == "dataType") return read_named_type(file, node, place, syntax);
  const auto base = meaning<BaseType>(node.name());
  if (!base) return;
  if (!syntax.data_type.empty() || syntax.item.base != *base) {
    syntax.data_type.clear();
    syntax.item = {};
    syntax.item.base = *base;
  }
  read_facets(file, node, place, syntax.item);
}

void SyntaxReader::read_default(const XmlFile& file, pugi::xml_node node, Syntax& syntax) {
  if (is_deleted(node)) return syntax.value.reset();
  syntax.value =
      Default{read_word(file, node, "type", Default::Kind::object, mistakes_), node.attribute("value").value()};
}

void SyntaxReader::read(const XmlFile& file, pugi::xml_node node, const Place& place, Syntax& syntax) {
  read_flag(node, "hidden", syntax.hidden);
  read_flag(node, "secured", syntax.secured);
  read_flag(node, "command", syntax.command);
  for (const auto& child : node.children()) {
    const std::string_view element = child.name();
    if (element == "list") {
      read_list(file, child, syntax.list);
    } else if (element == "default") {
      read_default(file, child, syntax);
    } else {
      read_type(file, child, place, syntax);
    }
  }
  if (!syntax.data_type.empty() && !says_all(used_.find(syntax.data_type)->second, syntax)) syntax.data_type.clear();
}

}  // namespace hnbemu::tr106
