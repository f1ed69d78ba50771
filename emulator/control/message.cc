#include "control/message.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace hnbemu::control {

Reply reply(const boost::json::object& body) {
  return {200, boost::json::serialize(body)};
}

Reply refuse(int status, const std::string& text) {
  return {status, boost::json::serialize(boost::json::object{{"error", text}})};
}

Result<Request> to_request(std::string method, std::string_view target, std::string body) {
  const auto url = boost::urls::parse_origin_form({target.data(), target.size()});
  if (!url) return fail(Cause::protocol, fmt::format("'{}' is no path", target));
  Request request;
  request.method = std::move(method);
  request.body = std::move(body);
  for (const auto& segment : url->segments()) request.path.push_back(std::string(segment));
  for (const auto& parameter : url->params()) {
    request.query.emplace_back(std::string(parameter.key), std::string(parameter.value));
  }
  const auto printable = [](const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  };
  const bool good = std::ranges::all_of(request.path, printable) &&
                    std::ranges::all_of(request.query, [&](const auto& one) { return printable(one.second); });
  if (!good) return fail(Cause::protocol, "a path and a query are of printable ASCII characters");
  return request;
}

}  // namespace hnbemu::control
