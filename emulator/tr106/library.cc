#include "tr106/library.h"

#include "base/number.h"
#include "tr106/file_version.h"

namespace hnbemu::tr106 {
namespace {

constexpr auto kNamedTypes = "tr-106-types.xml";

// What `name` means in the file itself; "FAPService:2.1" means the highest "FAPService:2.1.3" where there is no such
// model.
pugi::xml_node defined(const XmlFile& file, std::string_view element, std::string_view name) {
  if (const auto node = file.definition(element, name)) return node;
  pugi::xml_node best;
  unsigned best_corrigendum = 0;
  if (element != "model") return best;
  for (const auto& node : file.root().children("model")) {
    std::string_view candidate = node.attribute("name").value();
    if (!candidate.starts_with(name) || !candidate.substr(name.size()).starts_with('.')) continue;
    candidate.remove_prefix(name.size() + 1);
    const auto corrigendum = parse_number<unsigned>(candidate);
    if (!corrigendum || (best && *corrigendum < best_corrigendum)) continue;
    best = node;
    best_corrigendum = *corrigendum;
  }
  return best;
}

}  // namespace

Result<const XmlFile*> Library::open(const std::string& name) {
  if (const auto found = files_.find(name); found != files_.end()) return found->second.get();
  if (files_.size() == kMaxFiles)
    return fail(Cause::configuration, fmt::format("{}: more than {} documents import each other", name, kMaxFiles));
  auto file = XmlFile::load(folder_ / name);
  if (!file) return tl::unexpected(file.error());
  return files_.emplace(name, std::move(*file)).first->second.get();
}

Result<const XmlFile*> Library::open_imported(const XmlFile& from, pugi::xml_node import) {
  // Documents stand beside each other; what stands before the name (an address, a folder) is of no use here.
  std::string_view wanted = import.attribute("file").value();
  wanted.remove_prefix(wanted.rfind('/') + 1);
  const auto [found, is_new] = names_.try_emplace(std::string(wanted));
  auto& name = found->second;
  if (is_new && !wanted.empty()) name = matching_file(folder_, wanted);
  if (!name)
    return fail(Cause::configuration, fmt::format("{}: imports '{}', and no version of it is in {}; put it there",
                                                  from.place(import), wanted, folder_.string()));
  return open(*name);
}

// Published documents forget some imports: what the others that they import define is taken, and named types from the
// document of named types.
std::optional<Library::Definition> Library::find_forgotten(const XmlFile& from, std::string_view element,
                                                           std::string_view name) {
  std::vector<const XmlFile*> files;
  for (const auto& import : from.root().children("import")) {
    if (const auto file = open_imported(from, import)) files.push_back(*file);
  }
  if (const auto types = matching_file(folder_, kNamedTypes)) {
    if (const auto file = open(*types)) files.push_back(*file);
  }
  for (const auto* file : files) {
    if (const auto node = file->definition(element, name)) return Definition{file, node};
  }
  return std::nullopt;
}

Result<Library::Definition> Library::find(const XmlFile& from, pugi::xml_node use, std::string_view element,
                                          std::string_view name) {
  const XmlFile* file = &from;
  std::string wanted(name);
  std::string importer;
  for (std::size_t hop = 0; hop < kMaxImportHops; ++hop) {
    if (const auto node = defined(*file, element, wanted)) return Definition{file, node};
    const auto import = file->imported(element, wanted);
    if (!import && importer.empty()) {
      if (const auto forgotten = find_forgotten(from, element, name)) return *forgotten;
      return fail(Cause::configuration,
                  fmt::format("{}: {} '{}' is neither defined nor imported in this file; import it", from.place(use),
                              element, wanted));
    }
    if (!import)
      return fail(Cause::configuration,
                  fmt::format("{}: imports {} '{}' from {}, which has none", importer, element, wanted, file->name()));
    importer = file->place(import);
    const auto next = open_imported(*file, import.parent());
    if (!next) return tl::unexpected(next.error());
    file = *next;
    if (const auto other_name = import.attribute("ref")) wanted = other_name.value();
  }
  return fail(Cause::configuration,
              fmt::format("{}: the import of {} '{}' goes round in a circle, or through more than {} documents",
                          from.place(use), element, name, kMaxImportHops));
}

}  // namespace hnbemu::tr106
