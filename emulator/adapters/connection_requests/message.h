#pragma once

#include <boost/beast/http.hpp>

#include "adapters/connection_requests/gate.h"

// A connection request and its answer on the wire.
namespace hnbemu::connection_requests {

using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
using Response = boost::beast::http::response<boost::beast::http::empty_body>;

Request to_request(const Parser& parser);
Response to_response(const Answer& answer);
// The status for a request that is none; 0: the connection failed or was too slow, there is nobody to answer.
unsigned refusal_of(boost::system::error_code error);

}  // namespace hnbemu::connection_requests
