#include "adapters/connection_requests/message.h"

namespace hnbemu::connection_requests {

namespace http = boost::beast::http;

Request to_request(const Parser& parser) {
  const auto& message = parser.get();
  return {std::string(message.method_string()), std::string(message.target()),
          std::string(message[http::field::authorization])};
}

Response to_response(const Answer& answer) {
  Response response;
  response.version(11);
  response.result(answer.status);
  if (!answer.challenge.empty()) response.set(http::field::www_authenticate, answer.challenge);
  if (answer.status == 405) response.set(http::field::allow, "GET");
  response.keep_alive(false);
  response.content_length(0);
  return response;
}

unsigned refusal_of(boost::system::error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

}  // namespace hnbemu::connection_requests
