#include "base/url.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include "base/number.h"

namespace hnbemu {
namespace {

std::uint16_t default_port(std::string_view scheme) {
  if (scheme == "http") return 80;
  if (scheme == "https") return 443;
  if (scheme == "ftp") return 21;
  if (scheme == "ftps") return 990;
  if (scheme == "sftp") return 22;
  return 0;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->host().empty()) {
    return fail(Cause::configuration, fmt::format("'{}' is not a URL such as https://hms.example.net:7547/acs", text));
  }
  Url url;
  url.scheme = lower(std::string_view(parsed->scheme().data(), parsed->scheme().size()));
  url.host = lower(parsed->host_address());
  url.port = default_port(url.scheme);
  if (parsed->has_port()) {
    const auto digits = parsed->port();
    url.port = parse_number<std::uint16_t>({digits.data(), digits.size()}).value_or(0);
    if (url.port == 0) {
      return fail(Cause::configuration, fmt::format("'{}': the port is a number from 1 to 65535", text));
    }
  }
  const auto target = parsed->encoded_target();
  url.target = target.empty() ? "/" : std::string(target.data(), target.size());
  if (url.target.front() == '?') url.target = "/" + url.target;
  return url;
}

Result<Url> Url::resolve(std::string_view reference) const {
  const auto relative = boost::urls::parse_uri_reference(reference);
  const std::string own = to_string();
  const auto base = boost::urls::parse_uri(own);
  boost::urls::url absolute;
  if (!relative || !base || !boost::urls::resolve(*base, *relative, absolute)) {
    return fail(Cause::configuration, fmt::format("'{}' is no reference to a URL", reference));
  }
  return parse(std::string_view(absolute.data(), absolute.size()));
}

std::string Url::to_string() const {
  const bool literal_v6 = host.find(':') != std::string::npos;
  const std::string shown = literal_v6 ? "[" + host + "]" : host;
  return port == default_port(scheme) ? fmt::format("{}://{}{}", scheme, shown, target)
                                      : fmt::format("{}://{}:{}{}", scheme, shown, port, target);
}

bool Url::is_for_files() const {
  return default_port(scheme) != 0;
}

}  // namespace hnbemu
