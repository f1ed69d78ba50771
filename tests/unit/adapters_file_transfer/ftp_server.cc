#include "ftp_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include "base/address.h"
#include "loopback/raw_server.h"

namespace hnbemu::file_transfer {

using loopback::send_all;

std::vector<std::string> FtpServer::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

std::string FtpServer::stored() const {
  const std::lock_guard lock(mutex_);
  return stored_;
}

std::string FtpServer::data_peer() const {
  const std::lock_guard lock(mutex_);
  return data_peer_;
}

void FtpServer::converse(int control) {
  send_all(control, manners_.greeting);
  std::string line;
  for (char byte = 0; ::recv(control, &byte, 1, 0) == 1;) {
    if (byte == '\r') continue;
    if (byte != '\n') {
      line += byte;
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      commands_.push_back(line);
    }
    const auto space = line.find(' ');
    const auto verb = line.substr(0, space);
    answer(control, verb, space == std::string::npos ? "" : line.substr(space + 1));
    if (manners_.dies && verb == "RETR") return;
    line.clear();
  }
}

void FtpServer::answer(int control, const std::string& verb, const std::string& argument) {
  if (verb == "USER") {
    send_all(control, "331 password?\r\n");
  } else if (verb == "PASS") {
    send_all(control, manners_.password_reply);
  } else if (verb == "PWD") {
    send_all(control, "257 \"/\" is it\r\n");
  } else if (verb == "EPSV" || verb == "PASV") {
    listen(control, verb);
  } else if (verb == "SIZE") {
    send_all(control, fmt::format("213 {}\r\n", manners_.content.size()));
  } else if (verb == "REST") {
    from_ = manners_.rest_reply.starts_with('3') ? std::stoul(argument) : 0;
    send_all(control, manners_.rest_reply);
  } else if (verb == "RETR" || verb == "STOR") {
    serve_data(control, verb == "STOR");
  } else if (verb == "QUIT") {
    send_all(control, manners_.quit_reply);
  } else {
    send_all(control, "200 well\r\n");
  }
}

void FtpServer::listen(int control, const std::string& verb) {
  listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, size) != 0) return;
  ::listen(listener_.get(), 1);
  ::getsockname(listener_.get(), generic, &size);
  const unsigned port = ntohs(address.sin_port);
  const auto& scripted = verb == "EPSV" ? manners_.epsv_reply : manners_.pasv_reply;
  if (verb == "PASV") {
    const auto& words = scripted.empty() ? "227 to (127,0,0,1,{},{})\r\n" : scripted;
    send_all(control, fmt::format(fmt::runtime(words), port / 256, port % 256));
  } else {
    send_all(control, scripted.empty() ? fmt::format("229 to (|||{}|)\r\n", port) : scripted);
  }
}

void FtpServer::serve_data(int control, bool store) {
  const auto& opening = store ? manners_.stor_reply : manners_.retr_reply;
  send_all(control, opening);
  if (opening.starts_with('5') || opening.starts_with('4')) return;
  sockaddr_in peer{};
  socklen_t size_of_peer = sizeof peer;
  const UniqueFd data(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&peer), &size_of_peer, SOCK_CLOEXEC));
  {
    const std::lock_guard lock(mutex_);
    data_peer_ = IpAddress::v4(ntohl(peer.sin_addr.s_addr)).to_string();
  }
  if (store) {
    char piece[4096];
    for (ssize_t size = 0; (size = ::recv(data.get(), piece, sizeof piece, 0)) > 0;) {
      const std::lock_guard lock(mutex_);
      stored_.append(piece, static_cast<std::size_t>(size));
    }
  } else {
    send_all(data.get(), manners_.content.substr(std::exchange(from_, 0), manners_.sent));
  }
  if (!manners_.dies) send_all(control, manners_.end_reply);
}

}  // namespace hnbemu::file_transfer
