#include "hms/tls.h"

#include <fmt/format.h>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

namespace hnbemu::hms {
namespace {

namespace ssl = boost::asio::ssl;

constexpr int kMaxNames = 16;  // of one certificate

// The handshake goes on with a certificate that cannot be verified: the referee records it.
int accept_any(int /*verified*/, X509_STORE_CTX* /*store*/) {
  return 1;
}

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

void add_common_name(X509* certificate, std::vector<std::string>& names) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return;
  names.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index))));
}

void add_dns_names(X509* certificate, std::vector<std::string>& names) {
  const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  if (!all) return;
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()) && i < kMaxNames; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.push_back(text_of(name->d.dNSName));
  }
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_tls_context(const TlsConfig& config) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  const auto failed = [&](std::string_view what) {
    return hnbemu::fail(Cause::configuration, fmt::format("TLS {}: {}", what, error.message()), error.value());
  };
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->use_certificate_chain(boost::asio::buffer(config.certificate_chain), error);
  if (error) return failed("server certificate");
  context->use_private_key(boost::asio::buffer(config.private_key), ssl::context::pem, error);
  if (error) return failed("private key");
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return hnbemu::fail(Cause::configuration, "TLS private key: it is not that of the server certificate");
  }
  // A resumed session would skip the client certificate's verification.
  SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_TICKET);
  if (config.factory_ca.empty()) return context;
  context->add_certificate_authority(boost::asio::buffer(config.factory_ca), error);
  if (error) return failed("factory CA");
  const int strict = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(context->native_handle(), config.refuse_untrusted_client ? strict : SSL_VERIFY_PEER,
                     config.refuse_untrusted_client ? nullptr : accept_any);
  return context;
}

std::optional<ClientCertificate> client_certificate(SSL* connection) {
  X509* certificate = SSL_get0_peer_certificate(connection);
  if (certificate == nullptr) return std::nullopt;
  ClientCertificate client;
  add_common_name(certificate, client.names);
  add_dns_names(certificate, client.names);
  client.trusted = SSL_get_verify_result(connection) == X509_V_OK;
  return client;
}

}  // namespace hnbemu::hms
