#include "config/profile_files.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

#include "config/suggest.h"

namespace hnbemu::config {
namespace {

namespace fs = std::filesystem;
using yaml::Node;
using yaml::NodePtr;

constexpr std::string_view kSuffix = ".yaml";
constexpr std::string_view kOwn[] = {"extends", "description"};  // keys that are not handed down

// {add: […], remove: […]}, or one of them.
bool is_list_edit(const Node& node) {
  return node.kind == Node::Kind::map && !node.entries.empty() &&
         std::all_of(node.entries.begin(), node.entries.end(), [](const auto& entry) {
           return (entry.first->text == "add" || entry.first->text == "remove") &&
                  entry.second->kind == Node::Kind::sequence;
         });
}

// Lays a child over its parent. Depth is that of the files, which is bounded.
class Merger {
 public:
  explicit Merger(yaml::Problems& problems) : problems_(problems) {}

  NodePtr merge(const NodePtr& parent, const NodePtr& child) {
    if (parent->kind == Node::Kind::map && child->kind == Node::Kind::map) return merge_maps(*parent, *child);
    if (is_list_edit(*child)) return edit(parent.get(), *child);
    return child;
  }

 private:
  NodePtr merge_maps(const Node& parent, const Node& child) {
    auto merged = std::make_shared<Node>(child);
    merged->entries = parent.entries;
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < parent.entries.size(); ++i) places.emplace(parent.entries[i].first->text, i);
    for (const auto& [key, value] : child.entries) {
      const auto found = places.find(key->text);
      if (found != places.end()) {
        merged->entries[found->second] = {key, merge(merged->entries[found->second].second, value)};
      } else if (value->kind == Node::Kind::null) {
        problems_.add(*key, fmt::format("there is no '{}' to remove in what this profile extends", key->text));
      } else {
        merged->entries.emplace_back(key, is_list_edit(*value) ? edit(nullptr, *value) : value);
      }
    }
    std::erase_if(merged->entries, [](const auto& entry) { return entry.second->kind == Node::Kind::null; });
    return merged;
  }

  // `parent` may be missing: then there is nothing to remove.
  NodePtr edit(const Node* parent, const Node& child) {
    auto merged = std::make_shared<Node>(child);
    merged->kind = Node::Kind::sequence;
    merged->entries.clear();
    if (parent != nullptr) merged->items = parent->items;
    for (const auto& [key, list] : child.entries) {
      if (key->text == "remove") remove(merged->items, *list);
    }
    for (const auto& [key, list] : child.entries) {
      if (key->text == "add") merged->items.insert(merged->items.end(), list->items.begin(), list->items.end());
    }
    return merged;
  }

  void remove(std::vector<NodePtr>& items, const Node& unwanted) {
    std::vector<std::string> there;
    for (const auto& item : items) there.push_back(item->text);
    const std::unordered_set<std::string_view> known(there.begin(), there.end());
    std::unordered_set<std::string_view> texts;
    for (const auto& item : unwanted.items) {
      texts.insert(item->text);
      if (known.contains(item->text)) continue;
      problems_.add(*item, fmt::format("the list has no '{}' to remove{}", item->text, suggestion(item->text, there)));
    }
    std::erase_if(items, [&](const NodePtr& item) { return texts.contains(item->text); });
  }

  yaml::Problems& problems_;
};

const Node* entry_of(const Node& map, std::string_view key) {
  for (const auto& [name, value] : map.entries) {
    if (name->text == key) return value.get();
  }
  return nullptr;
}

// Reads files from the child upwards.
class Chain {
 public:
  Chain(const std::vector<std::string>& directories, yaml::Problems& problems)
      : directories_(directories), problems_(problems) {}

  Result<NodePtr> load(const std::string& file) {
    std::error_code ignored;
    files_.push_back(file);
    seen_.push_back(fs::weakly_canonical(file, ignored).string());
    auto root = yaml::load(file);
    if (!root || (*root)->kind != Node::Kind::map) return root;
    const auto* const extends = entry_of(**root, "extends");
    if (extends == nullptr) return root;
    const auto parent_file = find_parent(file, *extends);
    if (!parent_file) return tl::unexpected(parent_file.error());
    auto parent = load(*parent_file);
    if (!parent) return parent;
    auto handed_down = std::make_shared<Node>(**parent);
    std::erase_if(handed_down->entries, [](const auto& entry) {
      return std::find(std::begin(kOwn), std::end(kOwn), entry.first->text) != std::end(kOwn);
    });
    return Merger(problems_).merge(handed_down, *root);
  }

  std::vector<std::string> parents() && {
    files_.erase(files_.begin());
    return std::move(files_);
  }

 private:
  Result<std::string> find_parent(const std::string& file, const Node& extends) {
    const auto wrong = [&](const std::string& what) {
      return fail(Cause::configuration, fmt::format("{}: {}", yaml::Problems::place(extends), what));
    };
    if (extends.kind != Node::Kind::scalar || extends.text.empty()) return wrong("'extends' must be a profile's name");
    const auto beside = fs::path(file).parent_path();
    auto directories = directories_;
    directories.push_back(beside.empty() ? "." : beside.string());
    auto found = is_profile_file(extends.text) ? (beside / extends.text).lexically_normal().string()
                                               : find_profile(extends.text, directories);
    if (!found) return wrong(found.error().detail);
    std::error_code ignored;
    if (!fs::exists(*found, ignored)) return wrong(fmt::format("there is no file '{}'", *found));
    std::vector<std::string> names;
    for (const auto& one : files_) names.push_back(fs::path(one).stem().string());
    names.push_back(fs::path(*found).stem().string());
    const auto chain = fmt::format("{}", fmt::join(names, " extends "));
    if (std::find(seen_.begin(), seen_.end(), fs::weakly_canonical(*found, ignored).string()) != seen_.end()) {
      return wrong(fmt::format("a circle: {}", chain));
    }
    if (files_.size() > kMaxExtends) return wrong(fmt::format("more than {} steps: {}", kMaxExtends, chain));
    return found;
  }

  const std::vector<std::string>& directories_;
  yaml::Problems& problems_;
  std::vector<std::string> files_;  // as they were found
  std::vector<std::string> seen_;   // the same, whatever way leads to them
};

}  // namespace

bool is_profile_file(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(kSuffix);
}

std::vector<std::string> known_profiles(const std::vector<std::string>& directories) {
  std::vector<std::string> names;
  for (const auto& directory : directories) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
      if (entry.path().extension() == kSuffix) names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<std::string> find_profile(std::string_view name, const std::vector<std::string>& directories) {
  if (is_profile_file(name)) return std::string(name);
  std::error_code ignored;
  for (const auto& directory : directories) {
    auto file = fmt::format("{}/{}{}", directory, name, kSuffix);
    if (fs::exists(file, ignored)) return file;
  }
  const auto known = known_profiles(directories);
  return fail(Cause::configuration, fmt::format("unknown profile '{}'{}; there {} {}", name, suggestion(name, known),
                                                known.size() == 1 ? "is" : "are",
                                                known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
}

Result<ProfileFile> load_profile_file(const std::string& file, const std::vector<std::string>& directories) {
  yaml::Problems problems;
  Chain chain(directories, problems);
  auto root = chain.load(file);
  if (!root) return tl::unexpected(root.error());
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  return ProfileFile{std::move(*root), std::move(chain).parents()};
}

}  // namespace hnbemu::config
