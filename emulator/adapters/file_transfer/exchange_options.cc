#include "adapters/file_transfer/exchange.h"

// What libcurl is told before a transfer.
namespace hnbemu::file_transfer {
namespace {

constexpr unsigned kPortOfExplicitTls = 21;
// Before a larger file the server is asked whether it wants it (Expect: 100-continue): what it denies is not sent.
constexpr std::uint64_t kMaxUnasked = std::uint64_t{64} * 1024;

// What libcurl takes: a space or another byte that no URL has is escaped.
std::string escaped(std::string_view target) {
  std::string out;
  for (const unsigned char byte : target) {
    if (byte > ' ' && byte < 0x7f) {
      out += static_cast<char>(byte);
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

}  // namespace

void Exchange::set_options() {
  set_common_options();
  set_tls_options();
  http() ? set_http_options() : set_ftp_options();
  set_direction();
  set(CURLOPT_HTTPHEADER, headers_);
}

void Exchange::set_common_options() {
  const auto& url = request_.url;
  const bool explicit_tls = url.scheme == "ftps" && url.port == kPortOfExplicitTls;
  const auto scheme = explicit_tls ? "ftp" : url.scheme;
  const auto text = fmt::format("{}://{}:{}{}", scheme, url.host, url.port, escaped(url.target));
  set(CURLOPT_URL, text.c_str());
  set(CURLOPT_PROTOCOLS_STR, scheme.c_str());
  if (url.scheme == "ftps") {
    set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    set(CURLOPT_FTPSSLAUTH, static_cast<long>(CURLFTPAUTH_TLS));
  }
  // For any host: whatever libcurl reads in the URL, it has no name to resolve.
  const auto target = fmt::format("::{}:{}", request_.address.to_string(), url.port);
  connect_to_ = curl_slist_append(nullptr, target.c_str());
  set(CURLOPT_CONNECT_TO, connect_to_);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(patience_.connect.count()));
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(patience_.stall.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, patience_.slowest_bytes_per_second);
  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Exchange::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  if (!request_.username.empty()) {
    set(CURLOPT_USERNAME, request_.username.c_str());
    set(CURLOPT_PASSWORD, request_.password.c_str());
  }
}

void Exchange::set_tls_options() {
  const auto blob = [this](CURLoption option, const std::string& pem) {
    curl_blob bytes{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_NOCOPY};  // tls_ outlives the handle
    if (!pem.empty()) curl_easy_setopt(easy_, option, &bytes);
  };
  // With TLS 1.3, libcurl closes the data connection of an upload over session tickets that it has not read: the server
  // is reset before it has read all.
  const bool ftps_upload = request_.url.scheme == "ftps" && !get();
  const long newest = ftps_upload ? CURL_SSLVERSION_MAX_TLSv1_2 : CURL_SSLVERSION_MAX_DEFAULT;
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2) | newest);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // the host's own roots are none of the device's
  set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
  blob(CURLOPT_CAINFO_BLOB, tls_->ca);
  blob(CURLOPT_SSLCERT_BLOB, tls_->certificate);
  blob(CURLOPT_SSLKEY_BLOB, tls_->private_key);
}

void Exchange::set_http_options() {
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_USERAGENT, "hnbemu");
  if (!request_.username.empty()) set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC | CURLAUTH_DIGEST));
  if (!get()) {
    const auto& type = request_.content_type;
    add_header("Content-Type: " + (type.empty() ? "application/octet-stream" : type));
    if (file_.size() <= kMaxUnasked) add_header("Expect:");
  } else if (request_.resume > 0) {
    // Not CURLOPT_RESUME_FROM, for which a server that begins again (200) is an error.
    set(CURLOPT_RANGE, fmt::format("{}-", request_.resume).c_str());
    if (!validator_.empty()) add_header("If-Range: " + validator_);
  }
}

void Exchange::set_ftp_options() {
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(patience_.stall.count()));
  set(CURLOPT_FTP_SKIP_PASV_IP, 1L);
  set(CURLOPT_SSH_AUTH_TYPES, static_cast<long>(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
  set(CURLOPT_SSH_KNOWNHOSTS, static_cast<const char*>(nullptr));
  if (get()) {
    set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(request_.resume));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.limit));
  }
}

void Exchange::set_direction() {
  if (get()) {
    set(CURLOPT_HTTPGET, 1L);
    set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
    set(CURLOPT_WRITEDATA, this);
    return;
  }
  const auto size = static_cast<curl_off_t>(file_.size());
  if (http() && request_.method == FileRequest::Method::post) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, size);
  } else {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, size);
  }
  set(CURLOPT_READFUNCTION, &Exchange::on_read);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_SEEKFUNCTION, &Exchange::on_seek);
  set(CURLOPT_SEEKDATA, this);
  // What an upload is answered with is of no use.
  set(
      CURLOPT_WRITEFUNCTION,
      +[](char*, std::size_t size_of_one, std::size_t count, void*) { return size_of_one * count; });
}

}  // namespace hnbemu::file_transfer
