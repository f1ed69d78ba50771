#include "adapters/file_transfer/outcome.h"

namespace hnbemu::file_transfer {
namespace {

constexpr long kServiceNotAvailable = 421;  // libcurl takes it for a time-out

// RFC 959 4.2.2: what an FTP server says of a file that it does not give or take.
Cause cause_of_refusal(const Progress& progress) {
  switch (progress.response) {
    case kServiceNotAvailable:
    case 425:  // no data connection
      return Cause::network;
    case 426:  // connection closed, transfer aborted
    case 450:  // file busy
    case 451:  // local error in processing
      return Cause::interrupted;
    case 452:  // no space
    case 552:  // over the user's storage
      return Cause::resources;
    case 530:
    case 532:
      return Cause::authentication;
    default:
      return Cause::not_found;
  }
}

Cause cause_of_loss(const Progress& progress) {
  return progress.moved ? Cause::interrupted : Cause::network;
}

Cause cause_of_silence(const Progress& progress) {
  if (!progress.connected || progress.response == kServiceNotAvailable) return cause_of_loss(progress);
  return progress.moved ? Cause::interrupted : Cause::timeout;
}

Cause cause_of(CURLcode code, const Progress& progress) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return Cause::tls_certificate;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:  // the FTP server takes no AUTH TLS
      return Cause::tls_handshake;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
      return Cause::configuration;
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Cause::unsupported;
    case CURLE_LOGIN_DENIED:
    case CURLE_AUTH_ERROR:
      return Cause::authentication;
    case CURLE_REMOTE_FILE_NOT_FOUND:
      return Cause::not_found;
    case CURLE_REMOTE_ACCESS_DENIED:
    case CURLE_FTP_COULDNT_RETR_FILE:
    case CURLE_UPLOAD_FAILED:
    case CURLE_QUOTE_ERROR:
      return cause_of_refusal(progress);
    case CURLE_PARTIAL_FILE:
      return Cause::interrupted;
    case CURLE_OPERATION_TIMEDOUT:
      return cause_of_silence(progress);
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SSH:          // the SSH connection broke, or could not be made
    case CURLE_FAILED_INIT:  // the peer speaks no SSH
      return cause_of_loss(progress);
    case CURLE_FTP_WEIRD_SERVER_REPLY:
      return progress.response == kServiceNotAvailable || progress.response == 0 ? cause_of_loss(progress)
                                                                                 : Cause::protocol;
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_REMOTE_DISK_FULL:
    case CURLE_OUT_OF_MEMORY:  // also what libcurl says of a header line beyond its own limit
      return Cause::resources;
    default:
      return Cause::protocol;
  }
}

}  // namespace

Error error_of(CURLcode code, const Progress& progress) {
  const auto words = progress.response == kServiceNotAvailable ? "the server has no service now" : progress.words;
  return Error{cause_of(code, progress), fmt::format("{}: {}", progress.at, words), code};
}

Result<FileReply> reply_of(int status, std::string location, std::string_view at) {
  const auto refused = [&](Cause cause, std::string_view words) {
    return fail(cause, fmt::format("{}: HTTP status {}, {}", at, status, words), status);
  };
  switch (status) {
    case 401:
    case 407:
      return refused(Cause::authentication, "the server takes no such user or password");
    case 403:
    case 404:
    case 410:
      return refused(Cause::not_found, "no such file, or no right to it");
    case 507:
      return refused(Cause::resources, "the server has no space left");
    default:
      break;
  }
  if (status >= 300 && status < 400) return FileReply{status, std::move(location), 0};
  return refused(Cause::http_status, "the server does not do this now");
}

}  // namespace hnbemu::file_transfer
