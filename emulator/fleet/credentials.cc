#include "fleet/credentials.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "lab/file.h"

namespace hnbemu::fleet {
namespace {

struct CertificateNames {
  std::string dns;      // the first dNSName; "" if there is none
  std::string subject;  // "C=…, O=…, CN=…"
};

std::string text_of(X509_NAME* name) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  constexpr unsigned long kFormat =
      (XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_RFC2253) & ~ASN1_STRFLGS_ESC_MSB;
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, kFormat) < 0) return "";
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

Result<CertificateNames> names_in(const std::string& pem, const std::string& file) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                          &BIO_free_all);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
  if (!certificate) return fail(Cause::configuration, file + " is no PEM certificate");
  CertificateNames found{"", text_of(X509_get_subject_name(certificate.get()))};
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    const auto* const text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    found.dns.assign(text, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    break;
  }
  return found;
}

std::string factory_name(const config::DeviceConfig& device) {
  return device.serial + ".device.example";
}

void agree(ipsec::IkeConfig& ike, const config::IkeSettings& settings) {
  ike.remote_identity = settings.remote_id;
  ike.psk = settings.psk;
  if (!settings.ike_proposals.empty()) ike.ike_proposals = settings.ike_proposals;
  if (!settings.esp_proposals.empty()) ike.esp_proposals = settings.esp_proposals;
  if (!settings.remote_ts.empty()) ike.remote_ts.clear();
  for (const auto& prefix : settings.remote_ts) ike.remote_ts.push_back(prefix.to_string());
  ike.dpd_delay = Seconds{settings.dpd_delay_s};
  ike.ike_rekey = Seconds{settings.ike_rekey_s};
  ike.child_rekey = Seconds{settings.child_rekey_s};
  ike.reauthentication = Seconds{settings.reauth_s};
}

}  // namespace

std::optional<WallTime> expiry_of(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                          &BIO_free_all);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
  std::tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) return std::nullopt;
  return WallTime(Seconds(::timegm(&end)));
}

Result<std::string> ike_identity(const config::DeviceConfig& device) {
  if (!device.ike.local_id.empty()) return device.ike.local_id;
  const auto& file = device.credentials.certificate;
  if (file.empty()) return factory_name(device);
  const auto pem = lab::read_file(file);
  if (!pem) return tl::unexpected(pem.error());
  auto names = names_in(*pem, file);
  if (!names) return tl::unexpected(names.error());
  return names->dns.empty() ? std::move(names->subject) : std::move(names->dns);
}

Result<Credentials> credentials_of(const config::DeviceConfig& device, const lab::Pki& pki, const std::string& acs_ca) {
  const auto& files = device.credentials;
  Result<std::string> certificate;
  Result<std::string> key;
  Result<std::string> ca = pki.operator_root.certificate();
  if (files.certificate.empty()) {
    auto issued = pki.issue_device(factory_name(device));
    if (!issued) return tl::unexpected(issued.error());
    certificate = std::move(issued->certificate);
    key = std::move(issued->private_key);
  } else {
    certificate = lab::read_file(files.certificate);
    key = lab::read_file(files.key);
    ca = lab::read_file(files.ca);
  }
  const auto identity = ike_identity(device);
  const auto trusted = acs_ca.empty() ? ca : lab::read_file(acs_ca);
  for (const auto& text : {certificate, key, ca, identity, trusted}) {
    if (!text) return tl::unexpected(text.error());
  }
  const auto names = names_in(*certificate, files.certificate);
  if (!names) return tl::unexpected(names.error());
  Credentials credentials;
  // Left to charon, a subject keeps the certificate's own encoding, which a text of it loses.
  const bool is_subject = device.ike.psk.empty() && *identity == names->subject;
  if (!is_subject) credentials.ike.identity = *identity;
  credentials.ike.certificate = *certificate;
  credentials.ike.private_key = *key;
  credentials.ike.trusted_cas = {*ca};
  agree(credentials.ike, device.ike);
  credentials.tls = {*trusted, *certificate, *key};
  return credentials;
}

}  // namespace hnbemu::fleet
