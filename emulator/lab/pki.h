#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "lab/config.h"

using EVP_PKEY = struct evp_pkey_st;
using X509 = struct x509_st;

namespace hnbemu::lab {

// A certificate with its key, both PEM; the key is PKCS #8, not encrypted.
struct Credential {
  std::string certificate;
  std::string private_key;
};

struct Validity {
  WallTime not_before;
  WallTime not_after;

  static Validity around_now();  // from an hour ago, for clocks that differ, to ten years ahead
  static Validity expired();     // until an hour ago
};

// Signs end-entity certificates with ECDSA P-256 and SHA-256.
class CertificateAuthority {
 public:
  static Result<CertificateAuthority> create(const std::string& common_name);
  static Result<CertificateAuthority> load(const Credential& root);

  // `name` is the subject's common name and its subjectAltName dNSName, or iPAddress where it is one: what IKE's
  // ID_FQDN and ID_IPV4_ADDR (RFC 4945 3.1) and a TLS server's name (RFC 6125) are compared with. Usable by TLS
  // servers, TLS clients and IKE.
  Result<Credential> issue(const std::string& name, const Validity& validity = Validity::around_now()) const;
  const std::string& certificate() const { return pem_; }  // PEM
  Result<Credential> credential() const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const;
    void operator()(X509* certificate) const;
  };
  CertificateAuthority() = default;

  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> x509_;
  std::string pem_;
};

// The trust relations of an operator's network (TS 33.320 7.2): devices carry a certificate of their manufacturer,
// SeGWs and HMSs one of the operator; each side trusts the other's root. The stranger is trusted by nobody.
struct Pki {
  CertificateAuthority operator_root;
  CertificateAuthority manufacturer;
  CertificateAuthority stranger;

  static Result<Pki> create();
  // The roots that the directory has, so that certificates stay good over restarts; made, with it, if there are none.
  // Two processes at once get the same ones.
  static Result<Pki> load_or_create(const std::string& directory);
  // For a SeGW or HMS of that name.
  Result<Credential> issue_operator(const std::string& name, CertificateFault fault) const;
  // The factory certificate of a device; `identity` is its IKE identity (TS 33.320 7.2).
  Result<Credential> issue_device(const std::string& identity) const { return manufacturer.issue(identity); }
};

// DIRECTORY/STEM.pem and DIRECTORY/STEM.key, the key readable by the owner alone.
Result<> write(const Credential& credential, const std::string& directory, const std::string& stem);

}  // namespace hnbemu::lab
