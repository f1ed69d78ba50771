#pragma once

#include <curl/curl.h>

#include <string_view>

#include "ports/file_transfer.h"

namespace hnbemu::file_transfer {

struct Outcome {
  Result<FileReply> reply;
  bool begin_again = false;  // the server cannot continue where `resume` says
};

// How far a transfer had come when libcurl gave it up.
struct Progress {
  bool connected = false;
  bool moved = false;   // at least one byte of the file
  long response = 0;    // the last status of HTTP, or reply of FTP (RFC 959 4.2); 0: none
  std::string_view at;  // URL and address, for people
  std::string_view words;
};

// What libcurl's verdict means to a device; not for CURLE_OK.
Error error_of(CURLcode code, const Progress& progress);
// What an HTTP status of 300 or more means: 3xx is a value.
Result<FileReply> reply_of(int status, std::string location, std::string_view at);

}  // namespace hnbemu::file_transfer
