#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tr106/document.h"
#include "tr106/library.h"
#include "tr106/mistakes.h"
#include "tr106/syntax_reader.h"

namespace hnbemu::tr106 {

inline constexpr std::size_t kMaxNesting = 64;          // components in components, models based on models
inline constexpr std::size_t kMaxExpansions = 100'000;  // components included, all together
inline constexpr std::size_t kMaxParameters = 200'000;  // of a model
inline constexpr std::size_t kMaxValues = 1'000'000;    // of a model: enumerated values and patterns
inline constexpr std::size_t kMaxObjects = 20'000;      // of a model
inline constexpr std::size_t kMaxMembers = 5'000;  // parameters of an object, profiles of a model, parts of a profile
inline constexpr std::size_t kMaxKeys = 100;       // of an object

// One model with all that it is based on and includes, or one component that stands alone. In the latter, and in a
// model that is based on none, a modification (`base`) of something that nobody defined defines it, as far as it says.
class Expansion {
 public:
  Expansion(Library& library, SyntaxReader& syntax, Mistakes& mistakes)
      : library_(library), syntax_(syntax), mistakes_(mistakes) {}

  void add_model(const XmlFile& file, pugi::xml_node model);
  void add_component(const XmlFile& file, pugi::xml_node component, const std::string& prefix);
  Model take();  // ends its use

 private:
  void add_items(const XmlFile& file, pugi::xml_node parent, const std::string& prefix);
  void include(const XmlFile& file, pugi::xml_node reference, const std::string& prefix);
  std::optional<Library::Definition> override_of(const std::string& name);
  void add_object(const XmlFile& file, pugi::xml_node node, const std::string& prefix);
  void read_object(const XmlFile& file, pugi::xml_node node, Object& object);
  void add_parameter(const XmlFile& file, pugi::xml_node node, const std::string& object_path);
  void read_parameter(const XmlFile& file, pugi::xml_node node, const Place& place, Parameter& parameter);
  void add_profile(const XmlFile& file, pugi::xml_node node, const std::string& prefix);
  void read_profile(const XmlFile& file, pugi::xml_node node, const std::string& prefix, Profile& profile);
  void read_profile_part(const XmlFile& file, pugi::xml_node node, Profile::Part& part);
  bool enter(const XmlFile& file, pugi::xml_node node);
  // Whether there are no more than `most`; if there are, it is a mistake.
  bool bounded(const XmlFile& file, pugi::xml_node node, std::size_t count, std::size_t most, std::string_view what);

  Object* find(const std::string& path);
  Object& create(const std::string& path);
  void erase(const std::string& path);

  Library& library_;
  SyntaxReader& syntax_;
  Mistakes& mistakes_;
  bool in_model_ = false;
  bool strict_ = false;  // what is modified has to be there
  Model model_;
  std::unordered_map<std::string, std::size_t> places_;  // path -> index in model_.objects
  std::vector<const XmlFile*> files_;                    // those whose definitions are being added
  std::size_t expansions_ = 0;
  std::size_t parameters_ = 0;
  std::size_t values_ = 0;
};

// Puts objects in the order of the tree: each behind the object around it, siblings as they came.
std::vector<Object> in_tree_order(std::vector<Object> objects);

}  // namespace hnbemu::tr106
