#include "tr106/entities.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace hnbemu::tr106 {
namespace {

constexpr std::string_view kDoctype = "<!DOCTYPE";
constexpr std::string_view kSpace = " \t\r\n";

using Entities = std::map<std::string, std::string, std::less<>>;

tl::unexpected<Error> wrong(std::string_view what) {
  return fail(Cause::configuration, std::string(what));
}

std::string_view take_until(std::string_view& rest, std::string_view end) {
  const auto at = rest.find(end);
  const auto taken = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + end.size());
  return taken;
}

void skip_space(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
}

// `rest` begins behind "<!ENTITY".
Result<> read_entity(std::string_view& rest, Entities& entities) {
  skip_space(rest);
  const auto name = rest.substr(0, rest.find_first_of(kSpace));
  rest.remove_prefix(name.size());
  skip_space(rest);
  const char quote = rest.empty() ? '\0' : rest.front();
  if (name.empty() || name == "%" || (quote != '"' && quote != '\''))
    return wrong("the DTD has an entity that is not a text of its own; write <!ENTITY name \"text\">");
  rest.remove_prefix(1);
  const auto text = take_until(rest, std::string_view(&quote, 1));
  take_until(rest, ">");
  if (text.size() > kMaxEntityBytes || text.find_first_of("&<%\n") != std::string_view::npos)
    return wrong(fmt::format("the DTD's entity '{}' holds markup or other entities, or is longer than {} bytes", name,
                             kMaxEntityBytes));
  if (entities.size() == kMaxEntities) return wrong(fmt::format("the DTD has more than {} entities", kMaxEntities));
  entities.emplace(name, text);
  return {};
}

// The DTD's internal subset; `rest` ends up behind the DTD.
Result<Entities> read_dtd(std::string_view& rest) {
  Entities entities;
  const auto head = rest.substr(0, rest.find_first_of("[>"));
  rest.remove_prefix(std::min(head.size() + 1, rest.size()));
  if (head.find("SYSTEM") != std::string_view::npos || head.find("PUBLIC") != std::string_view::npos)
    return wrong("the DTD comes from elsewhere; data models need none, take it out");
  for (;;) {
    skip_space(rest);
    if (rest.starts_with("<!--")) {
      take_until(rest, "-->");
    } else if (rest.starts_with("<!ENTITY")) {
      rest.remove_prefix(8);
      if (auto read = read_entity(rest, entities); !read) return tl::unexpected(read.error());
    } else if (rest.starts_with("]")) {
      take_until(rest, ">");
      return entities;
    } else {
      return wrong("the DTD has more than entities");
    }
  }
}

}  // namespace

Result<std::string> put_entities_in(std::string text) {
  const auto start = text.find(kDoctype);
  if (start == std::string::npos) return text;
  std::string_view rest = std::string_view(text).substr(start + kDoctype.size());
  const auto entities = read_dtd(rest);
  if (!entities) return tl::unexpected(entities.error());
  // The DTD leaves its line ends behind.
  std::string expanded = text.substr(0, start);
  expanded.append(static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(start),
                                                      text.end() - static_cast<std::ptrdiff_t>(rest.size()), '\n')),
                  '\n');
  for (std::size_t uses = 0; !rest.empty();) {
    const auto at = rest.find('&');
    expanded += rest.substr(0, at);
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at);
    const auto end = rest.find_first_of("; <\n");
    const auto entity = end == std::string_view::npos ? entities->end() : entities->find(rest.substr(1, end - 1));
    if (entity == entities->end()) {  // one of XML's own
      expanded += '&';
      rest.remove_prefix(1);
      continue;
    }
    if (++uses > kMaxEntityUses) return wrong(fmt::format("entities are used more than {} times", kMaxEntityUses));
    expanded += entity->second;
    rest.remove_prefix(end + 1);
  }
  return expanded;
}

}  // namespace hnbemu::tr106
