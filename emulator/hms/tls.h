#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "hms/http_message.h"

namespace boost::asio::ssl {
class context;
}
struct ssl_st;

namespace hnbemu::hms {

// PEM texts, not files.
struct TlsConfig {
  std::string certificate_chain;  // the server's own first
  std::string private_key;
  std::string factory_ca;                // signs the devices' certificates; empty: none is asked for
  bool refuse_untrusted_client = false;  // the handshake fails without a trusted certificate (TS 33.320 5.4.1)
};

// Error: configuration, with OpenSSL's words.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const TlsConfig& config);

// The device's certificate after the handshake; nothing if it gave none.
std::optional<ClientCertificate> client_certificate(ssl_st* connection);

}  // namespace hnbemu::hms
