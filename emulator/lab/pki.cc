#include "lab/pki.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace hnbemu::lab {
namespace {

using std::chrono::hours;

constexpr hours kClockTolerance{1};
constexpr hours kLifetime{24 * 365 * 10};
constexpr int kSerialBits = 127;  // RFC 5280 4.1.2.2: positive, at most 20 octets
constexpr long kX509Version3 = 2;
std::array kNoPassphrase{'\0'};  // else OpenSSL would ask for one on the terminal

template <class T, void (*Release)(T*)>
struct Releaser {
  void operator()(T* object) const { Release(object); }
};
using Memory = std::unique_ptr<BIO, Releaser<BIO, BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Releaser<BIGNUM, BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION, X509_EXTENSION_free>>;
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Releaser<X509, X509_free>>;

tl::unexpected<Error> fail_openssl(std::string_view what) {
  char reason[256] = "unknown";
  const auto code = ERR_get_error();
  if (code != 0) ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  return fail(Cause::system, fmt::format("OpenSSL: {}: {}", what, reason));
}

std::string contents(const Memory& bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

Result<std::string> to_pem(X509* certificate) {
  const Memory bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) return fail_openssl("writing a certificate");
  return contents(bio);
}

Result<std::string> to_pem(EVP_PKEY* key) {
  const Memory bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return fail_openssl("writing a key");
  }
  return contents(bio);
}

bool set_random_serial(X509* certificate) {
  const Number serial(BN_new());
  return serial && BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_validity(X509* certificate, const Validity& validity) {
  const auto seconds = [](WallTime time) { return std::chrono::system_clock::to_time_t(time); };
  return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(validity.not_before)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(validity.not_after)) != nullptr;
}

bool set_subject(X509* certificate, const std::string& common_name) {
  auto* const name = X509_get_subject_name(certificate);
  const auto add = [&](const char* field, const std::string& value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                      static_cast<int>(value.size()), -1, 0) == 1;
  };
  return add("O", "hnbemu lab") && add("CN", common_name);
}

struct ExtensionText {
  int nid;
  std::string value;
};

bool add_extensions(X509* certificate, X509* issuer, const std::vector<ExtensionText>& extensions) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const auto& [nid, value] : extensions) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return false;
  }
  return true;
}

struct Issuer {
  X509* certificate = nullptr;  // null: the certificate signs itself
  EVP_PKEY* key = nullptr;
};

Result<Certificate> make_certificate(EVP_PKEY* key, const std::string& common_name, const Validity& validity,
                                     const Issuer& issuer, const std::vector<ExtensionText>& extensions) {
  Certificate made(X509_new());
  auto* const certificate = made.get();
  if (certificate == nullptr) return fail_openssl("making a certificate");
  auto* const issuer_certificate = issuer.certificate == nullptr ? certificate : issuer.certificate;
  const bool good = X509_set_version(certificate, kX509Version3) == 1 && set_random_serial(certificate) &&
                    set_validity(certificate, validity) && set_subject(certificate, common_name) &&
                    X509_set_issuer_name(certificate, X509_get_subject_name(issuer_certificate)) == 1 &&
                    X509_set_pubkey(certificate, key) == 1 &&
                    add_extensions(certificate, issuer_certificate, extensions) &&
                    X509_sign(certificate, issuer.key, EVP_sha256()) > 0;
  if (!good) return fail_openssl(fmt::format("making the certificate of {}", common_name));
  return made;
}

Result<Key> make_key() {
  Key key(EVP_EC_gen("P-256"));
  if (!key) return fail_openssl("making an EC key");
  return key;
}

// A DNS name goes into OpenSSL's extension syntax: a comma would add a second subjectAltName.
bool is_host_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;  // ub-common-name, RFC 5280 A.1
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.'; });
}

WallTime wall_now() {
  return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
}

}  // namespace

void CertificateAuthority::Free::operator()(EVP_PKEY* key) const {
  EVP_PKEY_free(key);
}

void CertificateAuthority::Free::operator()(X509* certificate) const {
  X509_free(certificate);
}

Validity Validity::around_now() {
  return {wall_now() - kClockTolerance, wall_now() + kLifetime};
}

Validity Validity::expired() {
  return {wall_now() - kLifetime, wall_now() - kClockTolerance};
}

Result<CertificateAuthority> CertificateAuthority::create(const std::string& common_name) {
  auto key = make_key();
  if (!key) return tl::unexpected(key.error());
  auto certificate = make_certificate(key->get(), common_name, Validity::around_now(), Issuer{nullptr, key->get()},
                                      {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                       {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                       {NID_subject_key_identifier, "hash"}});
  if (!certificate) return tl::unexpected(certificate.error());
  auto pem = to_pem(certificate->get());
  if (!pem) return tl::unexpected(pem.error());
  CertificateAuthority authority;
  authority.key_.reset(key->release());
  authority.x509_.reset(certificate->release());
  authority.pem_ = std::move(*pem);
  return authority;
}

Result<Credential> CertificateAuthority::issue(const std::string& name, const Validity& validity) const {
  if (!is_host_name(name)) {
    return fail(Cause::configuration,
                fmt::format("'{}': a certificate's name has 1 to 64 letters, digits, '-' and '.'", name));
  }
  const auto key = make_key();
  if (!key) return tl::unexpected(key.error());
  const auto certificate = make_certificate(key->get(), name, validity, Issuer{x509_.get(), key_.get()},
                                            {{NID_basic_constraints, "critical,CA:FALSE"},
                                             {NID_key_usage, "critical,digitalSignature"},
                                             {NID_ext_key_usage, "serverAuth,clientAuth"},
                                             {NID_subject_key_identifier, "hash"},
                                             {NID_authority_key_identifier, "keyid:always"},
                                             {NID_subject_alt_name, (IpAddress::parse(name) ? "IP:" : "DNS:") + name}});
  if (!certificate) return tl::unexpected(certificate.error());
  auto certificate_pem = to_pem(certificate->get());
  if (!certificate_pem) return tl::unexpected(certificate_pem.error());
  auto key_pem = to_pem(key->get());
  if (!key_pem) return tl::unexpected(key_pem.error());
  return Credential{std::move(*certificate_pem), std::move(*key_pem)};
}

Result<CertificateAuthority> CertificateAuthority::load(const Credential& root) {
  const Memory certificate(BIO_new_mem_buf(root.certificate.data(), static_cast<int>(root.certificate.size())));
  const Memory key(BIO_new_mem_buf(root.private_key.data(), static_cast<int>(root.private_key.size())));
  if (!certificate || !key) return fail_openssl("reading a root");
  CertificateAuthority authority;
  authority.x509_.reset(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  authority.key_.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, kNoPassphrase.data()));
  if (!authority.x509_ || !authority.key_) return fail_openssl("it is no PEM certificate with its key");
  if (X509_check_private_key(authority.x509_.get(), authority.key_.get()) != 1) {
    return fail_openssl("certificate and key are not of one pair");
  }
  authority.pem_ = root.certificate;
  return authority;
}

Result<Credential> CertificateAuthority::credential() const {
  auto key = to_pem(key_.get());
  if (!key) return tl::unexpected(key.error());
  return Credential{pem_, std::move(*key)};
}

Result<Pki> Pki::create() {
  auto operator_root = CertificateAuthority::create("Operator Root CA");
  if (!operator_root) return tl::unexpected(operator_root.error());
  auto manufacturer = CertificateAuthority::create("Manufacturer Root CA");
  if (!manufacturer) return tl::unexpected(manufacturer.error());
  auto stranger = CertificateAuthority::create("Stranger Root CA");
  if (!stranger) return tl::unexpected(stranger.error());
  return Pki{std::move(*operator_root), std::move(*manufacturer), std::move(*stranger)};
}

Result<Credential> Pki::issue_operator(const std::string& name, CertificateFault fault) const {
  switch (fault) {
    case CertificateFault::none:
      return operator_root.issue(name);
    case CertificateFault::other_name:
      return operator_root.issue("someone-else.example");
    case CertificateFault::other_authority:
      return stranger.issue(name);
    case CertificateFault::expired:
      return operator_root.issue(name, Validity::expired());
  }
  return fail(Cause::system, "no such certificate fault");
}

}  // namespace hnbemu::lab
