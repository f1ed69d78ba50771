#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "cwmp/message_reader.h"
#include "cwmp/xml_writer.h"

// The arguments of a message are told once, in the schema's order: `fields(io, message)` reads them with a FieldReader
// and writes them with a FieldWriter. Names are those of the CWMP schemas.
namespace hnbemu::cwmp {

// That message (or one of those), to be read or, if it is const, to be written.
template <class Message, class... Of>
concept Like = (std::same_as<std::remove_const_t<Message>, Of> || ...);

class FieldReader {
 public:
  explicit FieldReader(MessageReader in) : in_(in) {}
  MessageReader& in() { return in_; }

  void text(std::string_view name, std::string& to) { to = in_.text(name); }
  void token(std::string_view name, std::string& to) { to = in_.token(name); }  // white space trimmed
  void boolean(std::string_view name, bool& to) { to = in_.boolean(name); }
  template <std::integral Number>
  void unsigned_int(std::string_view name, Number& to) {
    to = static_cast<Number>(in_.unsigned_int(name));
  }
  void integer(std::string_view name, std::int32_t& to) { to = in_.integer(name); }
  // minOccurs="0": "" is not written.
  void optional_text(std::string_view name, std::string& to) { text_if_told(name, to); }
  void optional_token(std::string_view name, std::string& to) {
    if (in_.has(name)) to = in_.token(name);
  }
  // Always written; of those who leave it out it is not asked.
  void text_if_told(std::string_view name, std::string& to) {
    if (in_.has(name)) to = in_.text(name);
  }
  void unsigned_int_if_told(std::string_view name, std::uint32_t& to) {
    if (in_.has(name)) to = in_.unsigned_int(name);
  }
  void value(std::string_view name, std::string& to, std::string& type) {
    to = in_.text(name);
    type = in_.xsi_type(name);
  }
  void strings(std::string_view name, std::vector<std::string>& to, std::string_view /*type*/ = {}) {
    to = in_.strings(name);
  }
  template <class Inside>
  void structure(std::string_view name, Inside inside) {
    FieldReader io(in_.structure(name));
    inside(io);
  }
  template <class Item>
  void array(std::string_view name, std::string_view /*type*/, std::vector<Item>& to) {
    in_.structs(name, [&](const MessageReader& item) { read_item(item, to); });
  }
  template <class Item>
  void repeated(std::string_view name, std::vector<Item>& to) {
    in_.repeated(name, [&](const MessageReader& item) { read_item(item, to); });
  }

 private:
  template <class Item>
  static void read_item(const MessageReader& item, std::vector<Item>& to) {
    FieldReader io(item);
    fields(io, to.emplace_back());
  }

  MessageReader in_;
};

class FieldWriter {
 public:
  explicit FieldWriter(XmlWriter& out) : out_(out) {}
  XmlWriter& out() { return out_; }

  void text(std::string_view name, std::string_view from) { out_.element(name, from); }
  void token(std::string_view name, std::string_view from) { out_.element(name, from); }
  void boolean(std::string_view name, bool from) { out_.element(name, from); }
  void unsigned_int(std::string_view name, std::integral auto from) { out_.element(name, from); }
  void integer(std::string_view name, std::int32_t from) { out_.element(name, from); }
  void optional_text(std::string_view name, std::string_view from) {
    if (!from.empty()) out_.element(name, from);
  }
  void optional_token(std::string_view name, std::string_view from) { optional_text(name, from); }
  void text_if_told(std::string_view name, std::string_view from) { out_.element(name, from); }
  void unsigned_int_if_told(std::string_view name, std::uint32_t from) { out_.element(name, from); }
  void value(std::string_view name, std::string_view from, std::string_view type) {
    attribute_.assign(" xsi:type=\"").append(type.empty() ? "xsd:string" : type).append("\"");
    out_.element(name, from, attribute_);
  }
  // type: of the members, "xsd:string"; each has its name without the prefix.
  void strings(std::string_view name, const std::vector<std::string>& from, std::string_view type = "xsd:string") {
    out_.open_array(name, type, from.size());
    for (const auto& text : from) out_.element(local(type), text);
    out_.close(name);
  }
  template <class Inside>
  void structure(std::string_view name, Inside inside) {
    out_.open(name);
    inside(*this);
    out_.close(name);
  }
  template <class Item>
  void array(std::string_view name, std::string_view type, const std::vector<Item>& from) {
    out_.open_array(name, type, from.size());
    repeated(local(type), from);
    out_.close(name);
  }
  template <class Item>
  void repeated(std::string_view name, const std::vector<Item>& from) {
    for (const auto& item : from) structure(name, [&](auto& io) { fields(io, item); });
  }

 private:
  static std::string_view local(std::string_view type) { return type.substr(type.find(':') + 1); }

  XmlWriter& out_;
  std::string attribute_;
};

}  // namespace hnbemu::cwmp
