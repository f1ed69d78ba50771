// A CM file, written.
#include <algorithm>
#include <cctype>

#include "base/xml_text.h"
#include "files/cm_file.h"

namespace hnbemu::files {
namespace {

struct Element {
  std::string_view name;
  std::string_view index;  // "" of what is no row
  bool operator==(const Element&) const = default;
};

std::vector<Element> elements_of(std::string_view path) {
  std::vector<Element> elements;
  while (!path.empty()) {
    const auto name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    const bool is_index = !elements.empty() && !name.empty() && std::isdigit(static_cast<unsigned char>(name.front()));
    if (is_index) {
      elements.back().index = name;
    } else {
      elements.push_back({name, {}});
    }
  }
  return elements;
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  // Opens what of the path is not open, and closes what is not of it.
  void go_to(std::vector<Element> path) {
    const auto common = std::ranges::mismatch(open_, path).in1 - open_.begin();
    while (open_.size() > static_cast<std::size_t>(common)) {
      const auto name = open_.back().name;
      open_.pop_back();
      line(fmt::format("</{}>", name));
    }
    for (auto i = open_.size(); i < path.size(); ++i) {
      const auto& [name, index] = path[i];
      line(index.empty() ? fmt::format("<{}>", name) : fmt::format("<{} index=\"{}\">", name, index));
      open_.push_back(path[i]);
    }
  }
  void parameter(const datamodel::Setting& setting) {
    auto path = elements_of(setting.path);
    const auto name = path.back().name;
    path.pop_back();
    go_to(std::move(path));
    line(fmt::format("<{0}>{1}</{0}>", name, to_xml_text(setting.value)));
  }

 private:
  void line(std::string_view text) { out_.append(2 * (open_.size() + 2), ' ').append(text).push_back('\n'); }

  std::string& out_;
  std::vector<Element> open_;  // their texts are the CmFile's
};

std::string attributes(std::initializer_list<std::pair<const char*, const std::string&>> all) {
  std::string text;
  for (const auto& [name, value] : all)
    if (!value.empty()) text += fmt::format(" {}=\"{}\"", name, to_xml_text(value));
  return text;
}

}  // namespace

std::string to_xml(const CmFile& file) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configDataFile>\n";
  out += fmt::format("  <fileHeader{}/>\n  <configData>\n",
                     attributes({{"fileFormatVersion", file.format_version}, {"vendorName", file.vendor_name}}));
  out += fmt::format("    <managedElement{}/>\n", attributes({{"OUI", file.oui},
                                                              {"ProductClass", file.product_class},
                                                              {"localDn", file.local_dn},
                                                              {"swVersion", file.software_version},
                                                              {"hwVersion", file.hardware_version}}));
  Writer writer(out);
  for (const auto& row : file.rows) writer.go_to(elements_of(row));
  for (const auto& parameter : file.parameters) writer.parameter(parameter);
  writer.go_to({});
  out += fmt::format("  </configData>\n  <fileFooter{}/>\n</configDataFile>\n", attributes({{"dateTime", file.date}}));
  return out;
}

}  // namespace hnbemu::files
