#include "tr106/xml_file.h"

#include <algorithm>
#include <fstream>

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

}  // namespace

Result<std::unique_ptr<XmlFile>> XmlFile::load(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(Cause::configuration, fmt::format("{}: {}", file.string(), error.message()));
  if (size > kMaxFileBytes)
    return fail(Cause::configuration, fmt::format("{}: longer than {} bytes", file.string(), kMaxFileBytes));
  std::string text(size, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(text.data(), static_cast<std::streamsize>(size)))
    return fail(Cause::configuration, fmt::format("{}: cannot be read", file.string()));
  return parse(file.filename().string(), std::move(text));
}

Result<std::unique_ptr<XmlFile>> XmlFile::parse(std::string name, std::string text) {
  std::unique_ptr<XmlFile> file(new XmlFile);
  file->name_ = std::move(name);
  file->lines_.push_back(0);
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) file->lines_.push_back(at + 1);
  const auto parsed = file->document_.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype,
                                                  pugi::encoding_utf8);
  if (!parsed)
    return fail(Cause::configuration,
                fmt::format("{}: {}; mend the XML", file->place_at(static_cast<std::size_t>(parsed.offset)),
                            parsed.description()));
  for (const auto& node : file->document_.children()) {
    if (node.type() == pugi::node_doctype)
      return fail(Cause::configuration, fmt::format("{}: has a DTD; data models need none, take it out", file->name_));
  }
  if (local_name(file->root().name()) != "document")
    return fail(Cause::configuration, fmt::format("{}: <{}> is no data-model document; TR-106 has <dm:document>",
                                                  file->place(file->root()), file->root().name()));
  if (auto indexed = file->index(); !indexed) return tl::unexpected(indexed.error());
  return file;
}

Result<> XmlFile::index() {
  for (const auto& node : root().children()) {
    const std::string_view element = node.name();
    if (is_definition(element) && !definitions_.emplace(key(element, node.attribute("name").value()), node).second)
      return fail(Cause::configuration,
                  fmt::format("{}: a second {} '{}'", place(node), element, node.attribute("name").value()));
    if (element != "import") continue;
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
