#include "unit/profile/standard_xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <set>

namespace hnbemu {
namespace {

std::string attribute(xmlNode* node, const char* name) {
  const std::unique_ptr<xmlChar, void (*)(void*)> value(xmlGetProp(node, BAD_CAST name), xmlFree);
  return value == nullptr ? "" : reinterpret_cast<const char*>(value.get());
}

bool is(xmlNode* node, std::string_view name) {
  return node->type == XML_ELEMENT_NODE && reinterpret_cast<const char*>(node->name) == name;
}

void each(xmlNode* parent, std::string_view name, const std::function<void(xmlNode*)>& visit) {
  for (xmlNode* child = parent->children; child != nullptr; child = child->next) {
    if (is(child, name)) visit(child);
  }
}

class Reader {
 public:
  Reader(xmlNode* root, std::string prefix, StandardModel& model) : prefix_(std::move(prefix)), model_(model) {
    each(root, "dataType", [&](xmlNode* type) { types_[attribute(type, "name")] = type; });
    for (const char* parent : {"model", "component"}) {
      each(root, parent, [&](xmlNode* owner) {
        each(owner, "parameter", [&](xmlNode* parameter) { read_parameter("", parameter); });
        each(owner, "object", [&](xmlNode* object) {
          each(object, "parameter", [&](xmlNode* parameter) { read_parameter(attribute(object, "name"), parameter); });
        });
      });
    }
  }

 private:
  // The base type below a syntax or dataType element.
  std::string base_type(xmlNode* node) {
    static const std::set<std::string, std::less<>> kBases{
        "string", "int", "unsignedInt", "long", "unsignedLong", "boolean", "dateTime", "base64", "hexBinary"};
    std::string base = attribute(node, "base");
    for (xmlNode* child = node->children; child != nullptr; child = child->next) {
      if (child->type != XML_ELEMENT_NODE) continue;
      const std::string name = reinterpret_cast<const char*>(child->name);
      if (kBases.contains(name)) return name;
      if (name == "dataType") base = attribute(child, "ref");
    }
    const auto found = types_.find(base);
    return found == types_.end() ? base : base_type(found->second);
  }

  void read_parameter(const std::string& object, xmlNode* node) {
    StandardParameter parameter;
    parameter.writable = attribute(node, "access") != "readOnly";
    parameter.forced_inform = attribute(node, "forcedInform") == "true";
    each(node, "syntax", [&](xmlNode* syntax) {
      parameter.type = base_type(syntax);
      parameter.hidden = attribute(syntax, "hidden") == "true";
      each(syntax, "list", [&](xmlNode*) { parameter.list = true; });
    });
    model_[prefix_ + object + attribute(node, "name")] = parameter;
  }

  std::string prefix_;
  StandardModel& model_;
  std::map<std::string, xmlNode*> types_;
};

}  // namespace

std::optional<std::string> standard_documents() {
  for (const char* up : {"/../shared/datamodels", "/../../shared/datamodels"}) {
    if (std::filesystem::exists(std::string(HNBEMU_SOURCE_DIR) + up)) return std::string(HNBEMU_SOURCE_DIR) + up;
  }
  return std::nullopt;
}

void read_standard(const std::string& file, const std::string& prefix, StandardModel& model) {
  const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(xmlReadFile(file.c_str(), nullptr, XML_PARSE_NONET),
                                                            xmlFreeDoc);
  if (document != nullptr) Reader(xmlDocGetRootElement(document.get()), prefix, model);
}

}  // namespace hnbemu
