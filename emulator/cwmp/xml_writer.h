#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace hnbemu::cwmp {

// Appends XML to a string. Names and attributes are the program's own; text is escaped.
class XmlWriter {
 public:
  explicit XmlWriter(std::string& out) : out_(out) {}

  void open(std::string_view name, std::string_view attributes = {});  // attributes: " a=\"1\" b=\"2\""
  void close(std::string_view name);
  void empty(std::string_view name);
  void element(std::string_view name, std::string_view text, std::string_view attributes = {});
  void element(std::string_view name, bool value) { element(name, value ? std::string_view("1") : "0"); }
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) void element(std::string_view name, Number value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    element(name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
  // SOAP 1.1 5.4.2: soap-enc:arrayType="TYPE[SIZE]".
  void open_array(std::string_view name, std::string_view type, std::size_t size);
  void text(std::string_view text);

 private:
  std::string& out_;
};

}  // namespace hnbemu::cwmp
