#include "loopback/raw_server.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>

#include "cwmp/codec.h"

namespace hnbemu::loopback {
namespace {

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const auto at = head.find(kName);
  std::size_t length = 0;
  if (at != std::string_view::npos) {
    std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  }
  return length;
}

}  // namespace

std::optional<std::string> read_request(int socket) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::string bytes;
  char piece[16'384];
  for (;;) {
    const auto end = bytes.find(kEnd);
    if (end != std::string::npos) {
      const auto begin = end + kEnd.size();
      if (bytes.size() - begin >= content_length(bytes)) return bytes.substr(begin);
    }
    const auto size = ::recv(socket, piece, sizeof piece, 0);
    if (size <= 0) return std::nullopt;
    bytes.append(piece, static_cast<std::size_t>(size));
  }
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string http_reply(std::string_view status_and_headers, std::string_view body) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n{}", status_and_headers, body.size(), body);
}

void be_a_good_acs(int socket) {
  while (const auto body = read_request(socket)) {
    const auto reply = body->empty() ? std::string("HTTP/1.1 204 No Content\r\n\r\n")
                                     : http_reply("200 OK\r\nContent-Type: text/xml",
                                                  cwmp::encode({cwmp::Version::v1_0, "1", {}, cwmp::InformResponse{}}));
    if (!send_all(socket, reply)) return;
  }
}

RawServer::RawServer() : acceptor_([this] { accept_connections(); }) {}

RawServer::~RawServer() {
  listener_.close();
  acceptor_.join();
  std::unique_lock lock(mutex_);
  for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
  closed_.wait(lock, [this] { return open_.empty(); });
}

void RawServer::play(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

void RawServer::accept_connections() {
  for (;;) {
    const int socket = listener_.accept().release();
    if (socket < 0) return;
    const std::lock_guard lock(mutex_);
    open_.insert(socket);
    std::thread([this, socket, script = script_] {
      script(socket);
      const std::lock_guard again(mutex_);
      open_.erase(socket);
      ::close(socket);
      closed_.notify_all();
    }).detach();
  }
}

}  // namespace hnbemu::loopback
