#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "app/command_line.h"
#include "app/verbs.h"
#include "base/table.h"
#include "config/suggest.h"
#include "generators/plan.h"
#include "pm/plan.h"
#include "profile/check.h"
#include "profile/profile_model.h"
#include "profile/tree.h"

namespace hnbemu::app {
namespace {

using profile::TreeNode;

constexpr std::size_t kDefaultColumns = 100;  // where there is no terminal
constexpr std::size_t kLeastColumns = 60;
constexpr std::size_t kLeastDescription = 20;
constexpr std::size_t kLeastValue = 8;  // of it is shown, however long the names are
const std::vector<std::string> kDirectories{HNBEMU_PROFILES};

struct ProfileListOptions {
  bool json = false;
};

struct ProfileShowOptions {
  std::string profile;
  std::string path;
  bool json = false;
};

struct CheckOptions {
  std::vector<std::string> profiles;
};

std::size_t columns() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return std::max<std::size_t>(size.ws_col, kLeastColumns);
  return kDefaultColumns;
}

// At most `width` characters, cut with an ellipsis between characters of UTF-8.
std::string fitted(std::string_view text, std::size_t width) {
  std::size_t characters = 0, cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (++characters == width) cut = i;
    if (characters > width) return std::string(text.substr(0, cut)) + "…";
  }
  return std::string(text);
}

struct Loaded {
  config::Profile profile;
  std::shared_ptr<const datamodel::Model> model;
};

Result<Loaded> load(const std::string& name) {
  auto profile = config::load_profile(name, kDirectories);
  if (!profile) return tl::unexpected(profile.error());
  auto model = profile::make_model(*profile);
  if (!model) return tl::unexpected(model.error());
  return Loaded{std::move(*profile), std::move(*model)};
}

struct Listed {
  std::string name, root, parent, description;
  std::size_t parameters = 0;
};

void print(const std::vector<Listed>& profiles) {
  std::size_t names = 0, parents = 0;
  for (const auto& profile : profiles) {
    names = std::max(names, profile.name.size());
    parents = std::max(parents, profile.parent.size());
  }
  const auto room = std::max(kLeastDescription, columns() - std::min(columns(), names + parents + 20));
  Table table({"NAME", "ROOT", "EXTENDS", "PARAMS", "DESCRIPTION"});
  for (const auto& profile : profiles) {
    table.add({profile.name, profile.root == "Device." ? "Device" : "IGD",
               profile.parent.empty() ? "-" : profile.parent, fmt::to_string(profile.parameters),
               fitted(profile.description, room)});
  }
  fmt::print("{}", table.to_string());
}

int list_profiles(const ProfileListOptions& options) {
  std::vector<Listed> profiles;
  int status = kDone;
  for (const auto& name : config::known_profiles(kDirectories)) {
    const auto loaded = load(name);
    if (!loaded) {
      status = complain(loaded.error());
      continue;
    }
    const auto& profile = loaded->profile;
    const auto parent = profile.parents.empty() ? "" : std::filesystem::path(profile.parents.front()).stem().string();
    profiles.push_back({name, std::string(profile.root()), parent, profile.description,
                        datamodel::DataModel(loaded->model).values("")->size()});
  }
  if (!options.json) {
    print(profiles);
    return status;
  }
  boost::json::array all;
  for (const auto& profile : profiles) {
    all.push_back(boost::json::object{{"name", profile.name},
                                      {"description", profile.description},
                                      {"root", profile.root},
                                      {"extends", profile.parent},
                                      {"parameters", profile.parameters}});
  }
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"profiles", std::move(all)}}));
  return status;
}

const char* access_of(const TreeNode& node) {
  return node.writable ? "rw" : "ro";
}

boost::json::object to_json(const TreeNode& node) {
  if (node.kind == TreeNode::Kind::table) {
    return {{"path", node.path}, {"rows", node.rows}, {"rows_by_acs", node.writable}};
  }
  return {{"path", node.path},
          {"type", profile::type_text(*node.parameter)},
          {"access", access_of(node)},
          {"value", node.parameter->hidden ? "" : node.value},
          {"hidden", node.parameter->hidden},
          {"notification", profile::notification_text(*node.parameter)}};
}

std::string_view last_name(std::string_view path) {
  const auto dot = path.substr(0, path.size() - 1).rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

// A line of the tree: names are indented, types and values share what the terminal has left.
std::string line_of(const TreeNode& node, const std::string& name, std::size_t width) {
  if (node.kind == TreeNode::Kind::table) {
    const auto rows = node.rows == 0 ? "no row" : node.rows == 1 ? "1 row" : fmt::format("{} rows", node.rows);
    return fmt::format("{}{{i}}.  {}{}", name, rows, node.writable ? ", the ACS may add and delete" : "");
  }
  if (node.kind != TreeNode::Kind::parameter) return name;
  const auto name_width = std::max(width * 2 / 5, name.size());
  const auto type_width = width / 4;
  const auto notification = profile::notification_text(*node.parameter);
  const auto value = node.parameter->hidden ? "(hidden)" : node.value;
  const auto taken = name_width + type_width + notification.size() + 7;
  auto line = fmt::format("{:<{}} {:<{}} {} {}", name, name_width,
                          fitted(profile::type_text(*node.parameter), type_width), type_width, access_of(node),
                          fitted(value, std::max<std::size_t>(width - std::min(width, taken), kLeastValue)));
  if (!notification.empty()) line += "  " + notification;
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

void print(const std::vector<TreeNode>& nodes) {
  const auto width = columns();
  for (const auto& node : nodes) {
    const auto depth = node.depth - nodes.front().depth;
    const auto name = depth == 0 ? node.path : std::string(last_name(node.path));
    fmt::print("{}\n", line_of(node, std::string(2 * depth, ' ') + name, width));
  }
}

int show_profile(const ProfileShowOptions& options) {
  const auto loaded = load(options.profile);
  if (!loaded) return complain(loaded.error());
  auto nodes = profile::tree_of(loaded->model);
  std::map<std::string_view, std::string_view> templates;  // what differs from device to device
  for (const auto& entry : loaded->profile.values) {
    if (config::is_template(entry.text)) templates.emplace(entry.path, entry.text);
  }
  std::vector<std::string> paths;
  for (auto& node : nodes) {
    paths.push_back(node.path);
    if (const auto found = templates.find(node.path); found != templates.end()) node.value = found->second;
  }
  const auto& path = options.path;
  std::erase_if(nodes, [&](const auto& node) {
    return path.empty() || path.ends_with('.') ? !node.path.starts_with(path) : node.path != path;
  });
  if (nodes.empty()) {
    return complain({Cause::configuration,
                     fmt::format("'{}' has nothing at '{}'{}", options.profile, path, config::suggestion(path, paths)),
                     0});
  }
  if (!options.json) {
    print(nodes);
    return kDone;
  }
  boost::json::array list;
  for (const auto& node : nodes) {
    if (node.kind == TreeNode::Kind::parameter || node.kind == TreeNode::Kind::table) list.push_back(to_json(node));
  }
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"profile", loaded->profile.name},
                                                                {"description", loaded->profile.description},
                                                                {"tree", std::move(list)}}));
  return kDone;
}

int check(const CheckOptions& options) {
  int status = kDone;
  for (const auto& name : options.profiles) {
    auto checked = profile::check(name, kDirectories);
    if (checked.mistakes.empty()) {  // what lives on the model is for later to say
      const auto plan = generators::read_plan(checked.profile, checked.model);
      if (!plan) checked.mistakes.push_back(plan.error().detail);
      const auto measurements = pm::read_plan(checked.profile);
      if (!measurements) checked.mistakes.push_back(measurements.error().detail);
    }
    for (const auto& mistake : checked.mistakes) fmt::print(stderr, "{}\n", mistake);
    if (checked.mistakes.empty()) {
      fmt::print("{}: good, {} parameters\n", name, checked.parameters);
    } else {
      status = kUsage;
    }
  }
  return status;
}

}  // namespace

void add_profile_show_verbs(CLI::App& profile, Action& chosen) {
  CLI::App* verb = nullptr;
  const auto list_options =
      add_verb(profile, "list", "The profiles that come with hnbemu", "profile list", chosen, list_profiles, &verb);
  add_json(*verb, list_options->json);

  const auto show_options = add_verb(profile, "show", "The data model of a fresh device",
                                     "profile show lte-henb Device.DeviceInfo.", chosen, show_profile, &verb);
  verb->add_option("PROFILE", show_options->profile, "A profile's name, or a file")->required();
  verb->add_option("PATH", show_options->path, "Of an object, ending in '.', or of a parameter; without it, all");
  add_json(*verb, show_options->json);

  const auto check_options = add_verb(profile, "check", "All that is wrong with profiles; 2 if anything is",
                                      "profile check my-device.yaml", chosen, check, &verb);
  verb->add_option("PROFILE", check_options->profiles, "Profiles' names, or files")->required();
}

}  // namespace hnbemu::app
