#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace hnbemu::file_transfer {

// An FTP server that does what a test says, good or bad (RFC 959, EPSV of RFC 2428).
struct FtpManners {
  std::string greeting = "220 ready\r\n";
  std::string password_reply = "230 in\r\n";
  std::string epsv_reply;  // "": the port of the data connection
  std::string pasv_reply;  // likewise
  std::string retr_reply = "150 coming\r\n";
  std::string stor_reply = "150 go on\r\n";
  std::string rest_reply = "350 from there\r\n";
  std::string end_reply = "226 done\r\n";  // "": never
  std::string quit_reply = "221 bye\r\n";  // "": never
  std::string content = "firmware";
  std::size_t sent = std::string::npos;  // of the content, before the data connection ends …
  bool dies = false;                     // … and the control connection with it
};

class FtpServer {
 public:
  explicit FtpServer(FtpManners manners) : manners_(std::move(manners)) {}

  void converse(int control);  // one connection

  std::vector<std::string> commands() const;
  std::string stored() const;
  std::string data_peer() const;  // where the last data connection came from

 private:
  void answer(int control, const std::string& verb, const std::string& argument);
  void serve_data(int control, bool store);
  void listen(int control, const std::string& verb);

  const FtpManners manners_;
  mutable std::mutex mutex_;
  std::vector<std::string> commands_;
  std::string stored_;
  std::string data_peer_;
  std::size_t from_ = 0;
  UniqueFd listener_;
};

}  // namespace hnbemu::file_transfer
