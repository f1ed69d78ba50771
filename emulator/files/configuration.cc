#include "files/configuration.h"

#include <charconv>

#include "files/text.h"

namespace hnbemu::files {
namespace {

constexpr std::string_view kFirstLine = "hnbemu vendor configuration 1";
constexpr std::string_view kEnd = "end";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Field {
  std::string_view key;
  std::string Configuration::*text;
  std::size_t limit;  // bytes
};
constexpr Field kFields[] = {
    {"oui", &Configuration::oui, 64},
    {"product_class", &Configuration::product_class, 64},
    {"serial_number", &Configuration::serial_number, 64},
    {"version", &Configuration::version, 16},
    {"description", &Configuration::description, 256},
    {"software_version", &Configuration::software_version, 64},
    {"date", &Configuration::date, 64},
};

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if ((byte < 0x20 && c != '\t') || byte == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\x{:02X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

// Nothing if an escape is none.
std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto plain = std::min(text.find('\\'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char kind = text.size() > 1 ? text[1] : '\0';
    unsigned char byte = kind == 'n' ? '\n' : kind == 'r' ? '\r' : '\\';
    std::size_t length = 2;
    if (kind == 'x' && text.size() >= 4) {
      const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 4, byte, 16);
      if (error != std::errc{} || end != text.data() + 4 || byte >= 0x80) return std::nullopt;
      length = 4;
    } else if (kind != 'n' && kind != 'r' && kind != '\\') {
      return std::nullopt;
    }
    out += static_cast<char>(byte);
    text.remove_prefix(length);
  }
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view file) : rest_(file) {}

  Result<Configuration> read() {
    if (take() != kFirstLine) return wrong(fmt::format("it does not begin with '{}'", kFirstLine));
    while (!rest_.empty()) {
      const auto line = take();
      if (line == kEnd) return end();
      if (line.empty() || line.starts_with('#')) continue;
      const auto read = read_line(line);
      if (!read) return tl::unexpected(read.error());
    }
    return wrong(fmt::format("it is truncated: there is no '{}'", kEnd));
  }

 private:
  std::string_view take() {
    ++line_;
    const auto end = rest_.find('\n');
    auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  tl::unexpected<Error> wrong(std::string_view what) const {
    return fail(Cause::configuration, fmt::format("configuration file, line {}: {}", line_, what));
  }

  Result<> read_line(std::string_view line) {
    if (has_control_characters(line)) return wrong("a control character");
    const auto colon = line.find(": ");
    const auto equals = line.find(" =");
    if (colon < equals && configuration_.settings.empty())
      return read_field(line.substr(0, colon), line.substr(colon + 2));
    if (equals == std::string_view::npos || equals == 0)
      return wrong("neither 'Path = value' nor a table's 'Path. = numbers'");
    auto value = line.substr(equals + 2);
    if (value.starts_with(' ')) value.remove_prefix(1);
    auto plain = unescaped(value);
    if (!plain) return wrong("an escape other than \\n, \\r, \\\\ and \\xHH up to 7F");
    if (plain->size() > datamodel::kMaxValueBytes || equals > datamodel::kMaxPathLength) return wrong("it is too long");
    if (configuration_.settings.size() == kMaxSettings)
      return wrong(fmt::format("more than {} settings", kMaxSettings));
    configuration_.settings.push_back({std::string(line.substr(0, equals)), std::move(*plain)});
    return {};
  }

  Result<> read_field(std::string_view key, std::string_view value) {
    for (const auto& field : kFields) {
      if (field.key != key) continue;
      if (value.size() > field.limit) return wrong(fmt::format("{} has more than {} bytes", key, field.limit));
      if (!(configuration_.*field.text).empty()) return wrong(fmt::format("{} is there twice", key));
      configuration_.*field.text = value;
      return {};
    }
    return wrong(fmt::format("unknown key '{}'", key.substr(0, 40)));
  }

  Result<Configuration> end() {
    if (!rest_.empty()) return wrong(fmt::format("more follows after '{}'", kEnd));
    if (configuration_.oui.empty()) return wrong("it does not say whose it is: no oui");
    return std::move(configuration_);
  }

  std::string_view rest_;
  std::size_t line_ = 0;
  Configuration configuration_;
};

}  // namespace

std::string to_text(const Configuration& configuration) {
  auto text = fmt::format("{}\n", kFirstLine);
  for (const auto& field : kFields) {
    const auto& value = configuration.*field.text;
    if (!value.empty()) text += fmt::format("{}: {}\n", field.key, value);
  }
  text += '\n';
  for (const auto& setting : configuration.settings)
    text += fmt::format("{} = {}\n", setting.path, escaped(setting.value));
  return text.append(kEnd).append("\n");
}

Result<Configuration> parse_configuration(std::string_view file) {
  if (file.size() > kMaxConfigurationBytes)
    return fail(Cause::configuration,
                fmt::format("the configuration file is too large: it may have {} bytes", kMaxConfigurationBytes));
  if (!is_utf8(file)) return fail(Cause::configuration, "the configuration file is not in UTF-8");
  if (file.starts_with(kByteOrderMark)) file.remove_prefix(kByteOrderMark.size());
  return Reader(file).read();
}

}  // namespace hnbemu::files
