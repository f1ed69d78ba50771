#include "tr106/xml_file.h"

#include <algorithm>

#include "tr106/entities.h"
#include "tr106/text_file.h"

namespace hnbemu::tr106 {
namespace {

std::string key(std::string_view element, std::string_view name) {
  return fmt::format("{} {}", element, name);
}

bool is_definition(std::string_view element) {
  return element == "model" || element == "component" || element == "dataType";
}

std::string_view local_name(std::string_view name) {
  return name.substr(name.find(':') + 1);
}

// XML Schema takes the spaces around a name or number away; those of values and of null values stay.
struct TokenTrimmer : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node& node) override {
    for (auto attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      const std::string_view text = attribute.value();
      if (name == "value" || name == "nullValue" || text.empty() || (text.front() != ' ' && text.back() != ' '))
        continue;
      const auto first = std::min(text.find_first_not_of(' '), text.size());
      const std::string trimmed(text.substr(first, text.find_last_not_of(' ') + 1 - first));
      attribute.set_value(trimmed.c_str());
    }
    return true;
  }
};

}  // namespace

Result<std::unique_ptr<XmlFile>> XmlFile::load(const std::filesystem::path& file) {
  auto text = read_text_file(file, kMaxFileBytes);
  if (!text) return tl::unexpected(text.error());
  return parse(file.filename().string(), std::move(*text));
}

Result<std::unique_ptr<XmlFile>> XmlFile::parse(std::string name, std::string text) {
  std::unique_ptr<XmlFile> file(new XmlFile);
  file->name_ = std::move(name);
  auto expanded = put_entities_in(std::move(text));
  if (!expanded) return fail(Cause::configuration, fmt::format("{}: {}", file->name_, expanded.error().detail));
  text = std::move(*expanded);
  file->lines_.push_back(0);
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) file->lines_.push_back(at + 1);
  const auto parsed = file->document_.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed)
    return fail(Cause::configuration,
                fmt::format("{}: {}; mend the XML", file->place_at(static_cast<std::size_t>(parsed.offset)),
                            parsed.description()));
  TokenTrimmer trimmer;
  file->document_.traverse(trimmer);
  if (local_name(file->root().name()) != "document")
    return fail(Cause::configuration, fmt::format("{}: <{}> is no data-model document; TR-106 has <dm:document>",
                                                  file->place(file->root()), file->root().name()));
  if (auto indexed = file->index(); !indexed) return tl::unexpected(indexed.error());
  return file;
}

Result<> XmlFile::index() {
  std::size_t imports = 0;
  for (const auto& node : root().children()) {
    const std::string_view element = node.name();
    if (is_definition(element) && !definitions_.emplace(key(element, node.attribute("name").value()), node).second)
      return fail(Cause::configuration,
                  fmt::format("{}: a second {} '{}'", place(node), element, node.attribute("name").value()));
    if (element != "import") continue;
    if (++imports > kMaxImports)
      return fail(Cause::configuration, fmt::format("{}: more than {} imports", place(node), kMaxImports));
    for (const auto& imported : node.children()) {
      if (is_definition(imported.name()))
        imports_.emplace(key(imported.name(), imported.attribute("name").value()), imported);
    }
  }
  return {};
}

std::string XmlFile::place_at(std::size_t offset) const {
  const auto line = std::upper_bound(lines_.begin(), lines_.end(), offset) - lines_.begin();
  return fmt::format("{}:{}", name_, line);
}

std::string XmlFile::place(pugi::xml_node node) const {
  return node.offset_debug() < 0 ? name_ : place_at(static_cast<std::size_t>(node.offset_debug()));
}

pugi::xml_node XmlFile::definition(std::string_view element, std::string_view name) const {
  const auto found = definitions_.find(key(element, name));
  return found == definitions_.end() ? pugi::xml_node() : found->second;
}

pugi::xml_node XmlFile::imported(std::string_view element, std::string_view name) const {
  const auto found = imports_.find(key(element, name));
  return found == imports_.end() ? pugi::xml_node() : found->second;
}

}  // namespace hnbemu::tr106
