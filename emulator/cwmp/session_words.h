#pragma once

#include <string>
#include <string_view>

#include "cwmp/session.h"

// How a session judges what the ACS has sent, and words it in its errors.
namespace hnbemu::cwmp {

inline constexpr int kRetryRequest = 8005;  // TR-069 A.5.2
inline constexpr int kRequestDenied = 8001;

std::string quoted(std::string_view text);  // a peer's words: one line, not too long, cut between characters
bool is_empty(const HttpReply& reply);      // a body of white space is none
std::string describe(const Body& body);
// Why a response is none to the request of that ID (TR-069 3.5, SOAP 1.1 4.2.3); "" if it is one.
std::string unfit(const Envelope& response, std::string_view id);

}  // namespace hnbemu::cwmp
