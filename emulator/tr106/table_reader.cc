#include "tr106/table_reader.h"

#include <unordered_set>

#include "base/number.h"
#include "tr106/parameter_line.h"
#include "tr106/reference_path.h"
#include "tr106/text_file.h"
#include "tr106/words.h"

namespace hnbemu::tr106 {
namespace {

class TableReader {
 public:
  // A line that is neither empty nor a comment.
  void read_line(LineCursor& line, bool indented) {
    if (indented) {
      read_indented(line);
    } else {
      read_statement(line);
    }
    if (!line.at_end()) line.fail_with("nothing more may stand here");
  }

  Document take() { return std::move(document_); }

 private:
  void read_indented(LineCursor& line) {
    if (line.at_end()) return;
    if (model_ == nullptr || (!in_profile_ && model_->objects.empty()))
      return line.fail_with("an indented line needs an object or a profile above it");
    if (in_profile_) {
      read_part(line, model_->profiles.back());
    } else {
      read_parameter(line, model_->objects.back());
    }
  }

  void read_statement(LineCursor& line) {
    const auto word = line.token();
    if (word.ends_with('.')) {
      read_object(line, word == "." ? "" : word);
    } else if (word == "source") {
      document_.source = line.text();
    } else if (word == "root") {
      document_.root = line.text();
    } else if (word == "only") {
      document_.only.push_back(line.text());
    } else if (word == "type") {
      read_type(line);
    } else if (word == "model") {
      read_model(line);
    } else if (word == "profile") {
      read_profile(line);
    } else {
      line.fail_with(fmt::format("'{}' means nothing here; an object's path ends in '.'", word));
    }
  }

  void read_type(LineCursor& line) {
    DataType type;
    auto name = line.word();
    const bool colon = name.ends_with(':');
    if (colon) name.remove_suffix(1);
    if (!legal_type_name(name)) return line.fail_with(fmt::format("'{}' is no name of a type", name));
    if (types_.contains(name)) return line.fail_with(fmt::format("a second type '{}'", name));
    type.name = name;
    if (!colon) {
      if (line.word() != "from") return line.fail_with("write 'type NAME: TYPE' or 'type NAME from(BASE): TYPE'");
      const auto bases = line.texts();
      if (bases.size() != 1 || !line.skip(':')) return line.fail_with("write 'type NAME from(BASE): TYPE'");
      type.base = bases.front();
    }
    read_type_line(line, type);
    types_.emplace(type.name, type);
    document_.types.push_back(std::move(type));
  }

  void read_model(LineCursor& line) {
    in_profile_ = false;
    paths_.clear();
    model_ = &document_.models.emplace_back();
    model_->name = line.text();
    if (line.at_end()) return;
    if (line.word() != "service") return line.fail_with("a model is a 'service', or there is nothing to say");
    model_->service = true;
  }

  void read_object(LineCursor& line, std::string_view path) {
    if (model_ == nullptr) return line.fail_with("an object needs a model above it");
    if (!legal_object_path(path)) return line.fail_with(fmt::format("'{}' is no path of an object", path));
    if (!paths_.emplace(path).second) return line.fail_with(fmt::format("{} is there already", path));
    in_profile_ = false;
    names_.clear();
    Object& object = model_->objects.emplace_back();
    object.path = path;
    if (object.table()) {
      object.min_entries = 0;
      object.max_entries.reset();
    }
    while (!line.failed() && !line.at_end()) read_fact(line, object);
  }

  static void read_fact(LineCursor& line, Object& object) {
    const auto word = line.word();
    if (word == "rw") {
      object.writable = true;
    } else if (word == "deprecated" || word == "obsoleted") {
      object.status = *meaning<Status>(word);
    } else if (word == "entries") {
      read_entries(line, object);
    } else if (word == "key" || word == "identity") {
      object.keys.push_back({word == "key", line.texts()});
    } else if (word == "count") {
      object.number_of_entries = one(line);
    } else if (word == "enable") {
      object.enable = one(line);
    } else if (word == "discriminator") {
      object.discriminator = one(line);
    } else {
      line.fail_with(fmt::format("'{}' says nothing of an object", word));
    }
  }

  static std::string one(LineCursor& line) {
    auto texts = line.texts();
    if (texts.size() != 1) line.fail_with("one name is wanted in the brackets");
    return line.failed() ? std::string() : std::move(texts.front());
  }

  static void read_entries(LineCursor& line, Object& object) {
    const auto group = line.group('(', ')').value_or("");
    const auto colon = group.find(':');
    const auto min = parse_number<std::uint32_t>(group.substr(0, colon));
    if (!min || colon == std::string_view::npos) return line.fail_with("write entries(MIN:MAX) or entries(MIN:)");
    object.min_entries = *min;
    object.max_entries = parse_number<std::uint32_t>(group.substr(colon + 1));
    if (!object.max_entries && colon + 1 != group.size())
      line.fail_with(fmt::format("'{}' is no number of entries", group.substr(colon + 1)));
  }

  void read_parameter(LineCursor& line, Object& object) {
    const auto name = line.until(':');
    if (line.failed()) return;
    if (!legal_parameter_name(name)) return line.fail_with(fmt::format("'{}' is no name of a parameter", name));
    if (!names_.emplace(name).second) return line.fail_with(fmt::format("{}{} is there already", object.path, name));
    Parameter& parameter = object.parameters.emplace_back();
    parameter.name = name;
    read_parameter_line(line, types_, parameter);
  }

  void read_profile(LineCursor& line) {
    if (model_ == nullptr) return line.fail_with("a profile needs a model above it");
    in_profile_ = true;
    Profile& profile = model_->profiles.emplace_back();
    profile.name = line.text();
    while (!line.failed() && !line.at_end()) {
      const auto word = line.word();
      if (word == "extends") {
        profile.extends = line.texts();
      } else if (word == "deprecated" || word == "obsoleted") {
        profile.status = *meaning<Status>(word);
      } else {
        line.fail_with(fmt::format("'{}' says nothing of a profile", word));
      }
    }
  }

  static void read_part(LineCursor& line, Profile& profile) {
    Profile::Part part;
    const auto path = line.token();
    part.path = path == "." ? "" : path;
    if (!path.ends_with('.') || !legal_object_path(part.path))
      return line.fail_with(fmt::format("'{}' is no path of an object", path));
    const auto required = line.until(':');
    if (line.failed()) return;
    const auto requirement = meaning<Requirement>(required);
    if (!requirement) return line.fail_with(fmt::format("'{}' is no requirement", required));
    part.requirement = *requirement;
    while (!line.failed() && !line.at_end()) {
      const auto word = line.token();
      const auto equals = word.find('=');
      const auto access = equals == std::string_view::npos ? "ro" : word.substr(equals + 1);
      if (!legal_parameter_name(word.substr(0, equals)) || (access != "ro" && access != "rw" && access != "once"))
        return line.fail_with(fmt::format("'{}' is no parameter: write NAME, NAME=rw or NAME=once", word));
      part.parameters.push_back({std::string(word.substr(0, equals)), access == "rw"     ? Access::read_write
                                                                      : access == "once" ? Access::write_once
                                                                                         : Access::read_only});
    }
    profile.parts.push_back(std::move(part));
  }

  Document document_;
  Model* model_ = nullptr;  // the last one
  bool in_profile_ = false;
  NamedTypes types_;
  std::unordered_set<std::string> paths_;  // of the model's objects
  std::unordered_set<std::string> names_;  // of the object's parameters
};

}  // namespace

Result<Document> parse_table(std::string_view text, const std::string& name) {
  const auto wrong = [&](std::size_t line, std::size_t column, std::string_view what) {
    return fail(Cause::configuration, fmt::format("{}:{}:{}: {}", name, line, column, what));
  };
  if (text.size() > kMaxTableBytes)
    return fail(Cause::configuration, fmt::format("{}: longer than {} bytes", name, kMaxTableBytes));
  TableReader reader;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number > kMaxTableLines) return wrong(number, 1, fmt::format("more than {} lines", kMaxTableLines));
    if (line.size() > kMaxLineBytes) return wrong(number, 1, fmt::format("longer than {} bytes", kMaxLineBytes));
    if (line.empty() || line.front() == '#') continue;
    LineCursor cursor(line);
    reader.read_line(cursor, line.front() == ' ');
    if (cursor.failed()) return wrong(number, cursor.column(), cursor.mistake());
  }
  return reader.take();
}

Result<Document> load_table(const std::string& file) {
  const auto text = read_text_file(file, kMaxTableBytes);
  if (!text) return tl::unexpected(text.error());
  return parse_table(*text, file);
}

}  // namespace hnbemu::tr106
