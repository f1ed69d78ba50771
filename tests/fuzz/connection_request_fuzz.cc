#include <boost/beast/core/flat_buffer.hpp>
#include <cstdlib>

#include "adapters/connection_requests/http_connection_requests.h"
#include "adapters/connection_requests/message.h"

// Whoever reaches the device's address, without its password: a request in pieces of any size, through Beast's parser,
// the gate and the Digest. In an input "NONCE" stands for a fresh nonce of the gate, which anybody may have.
namespace hnbemu::connection_requests {
namespace {

namespace http = boost::beast::http;

const ConnectionRequestAccess kAccess{"/Zk3", "acs", "secret"};
const Deadline kNow{std::chrono::hours(24)};

// Its first byte says how much comes at once.
class Pieces {
 public:
  explicit Pieces(std::string bytes) : bytes_(std::move(bytes)) {
    if (!bytes_.empty()) piece_ = std::size_t{1} + static_cast<unsigned char>(bytes_.front()) * 8;
    at_ = bytes_.empty() ? 0 : 1;
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    const auto rest = boost::asio::buffer(bytes_.data() + at_, std::min(piece_, bytes_.size() - at_));
    const auto size = boost::asio::buffer_copy(buffers, rest);
    at_ += size;
    error = rest.size() == 0 ? http::make_error_code(http::error::end_of_stream) : boost::system::error_code{};
    return size;
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    boost::system::error_code error;
    return read_some(buffers, error);
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
  std::size_t piece_ = 1;
};

std::string nonce_of(std::string_view challenge) {
  constexpr std::string_view kName = "nonce=\"";
  const auto begin = challenge.find(kName) + kName.size();
  return std::string(challenge.substr(begin, challenge.find('"', begin) - begin));
}

void send(Gate& gate, std::string bytes) {
  Pieces stream(std::move(bytes));
  boost::beast::flat_buffer buffer(kMaxHeaderBytes);
  Parser parser;
  parser.header_limit(kMaxHeaderBytes);
  boost::system::error_code error;
  http::read_header(stream, buffer, parser, error);
  if (error) {
    const auto status = refusal_of(error);
    if (status != 0 && status != 400 && status != 431) std::abort();
    return;
  }
  const auto answer = gate.answer(
      to_request(parser), kAccess, [] { return true; }, kNow);
  if (answer.status == 200) std::abort();  // without the password
  if (answer.status != 401 && answer.status != 404 && answer.status != 405) std::abort();
  if (to_response(answer).result_int() != answer.status) std::abort();
}

}  // namespace
}  // namespace hnbemu::connection_requests

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hnbemu::connection_requests;
  Gate gate;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto nonce = nonce_of(gate.answer({"GET", kAccess.target, ""}, kAccess, {}, kNow).challenge);
  constexpr std::string_view kPlace = "NONCE";
  if (const auto place = bytes.find(kPlace); place != std::string::npos) bytes.replace(place, kPlace.size(), nonce);
  send(gate, std::move(bytes));
  return 0;
}
