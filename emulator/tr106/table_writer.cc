#include "tr106/table_writer.h"

#include "tr106/parameter_line.h"
#include "tr106/words.h"

namespace hnbemu::tr106 {
namespace {

constexpr std::size_t kCommentColumns = 116;

class TableWriter {
 public:
  explicit TableWriter(const Document& document) : document_(document) {
    for (const auto& type : document.types) types_.emplace(type.name, type);
  }

  std::string write() {
    write_head();
    for (const auto& type : document_.types)
      line(fmt::format("type {}{}: {}", type.name, type.base.empty() ? "" : group_of("from", {type.base}),
                       type_text(type)));
    for (const auto& model : document_.models) {
      line(fmt::format("\nmodel {}{}", quoted(model.name), model.service ? " service" : ""));
      for (const auto& object : model.objects) write_object(object);
      for (const auto& profile : model.profiles) write_profile(profile);
    }
    return std::move(text_);
  }

 private:
  void line(const std::string& text) {
    text_ += text;
    text_ += '\n';
  }

  void write_head() {
    std::vector<std::string> words{"hnbemu profile import " + quoted(document_.source)};
    if (!document_.root.empty()) words.push_back("--root " + quoted(document_.root));
    for (const auto& prefix : document_.only) words.push_back("--only " + quoted(prefix));
    line("# Names and facts of a TR-106 data model, without its text; made by");
    std::string command = "#  ";
    for (const auto& part : words) {
      if (command.size() + part.size() > kCommentColumns) {
        line(command + " \\");
        command = "#    ";
      }
      command += ' ' + part;
    }
    line(command);
    line("source " + quoted(document_.source));
    if (!document_.root.empty()) line("root " + quoted(document_.root));
    for (const auto& prefix : document_.only) line("only " + quoted(prefix));
  }

  void write_object(const Object& object) {
    auto text = path_text(object.path);
    if (object.writable) text += " rw";
    if (object.min_entries != (object.table() ? 0 : 1) ||
        object.max_entries != (object.table() ? std::nullopt : std::optional<std::uint32_t>(1)))
      text += fmt::format(" entries({}:{})", object.min_entries,
                          object.max_entries ? std::to_string(*object.max_entries) : "");
    const auto fact = [&](std::string_view name, const std::string& parameter) {
      if (!parameter.empty()) text += group_of(name, {parameter});
    };
    fact("count", object.number_of_entries);
    fact("enable", object.enable);
    fact("discriminator", object.discriminator);
    for (const auto& key : object.keys)
      text += key.parameters.empty() ? "" : group_of(key.functional ? "key" : "identity", key.parameters);
    if (object.status != Status::current) text += fmt::format(" {}", word(object.status));
    line(text);
    for (const auto& parameter : object.parameters)
      line(fmt::format("  {}: {}", parameter.name, parameter_text(parameter, types_)));
  }

  void write_profile(const Profile& profile) {
    auto text = fmt::format("profile {}{}", quoted(profile.name), group_of("extends", profile.extends));
    if (profile.status != Status::current) text += fmt::format(" {}", word(profile.status));
    line(text);
    for (const auto& part : profile.parts) {
      text = fmt::format("  {} {}:", path_text(part.path), word(part.requirement));
      for (const auto& item : part.parameters) {
        text += ' ' + item.name;
        if (item.access != Access::read_only) text += item.access == Access::read_write ? "=rw" : "=once";
      }
      line(text);
    }
  }

  // The object that has no name holds what stands beside a service's table.
  static std::string path_text(const std::string& path) { return path.empty() ? "." : path; }

  const Document& document_;
  NamedTypes types_;
  std::string text_;
};

}  // namespace

std::string write_table(const Document& document) {
  return TableWriter(document).write();
}

}  // namespace hnbemu::tr106
