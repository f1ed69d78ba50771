#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <utility>

// A certificate authority for tests; all of it lives in memory and for an hour.
namespace hnbemu::hms {

class TestPki {
 public:
  struct Identity {
    std::string certificate;  // PEM
    std::string key;
  };

  TestPki() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), ca_(make("test CA", {}, key_.get(), nullptr), X509_free) {}

  std::string ca() const { return pem(ca_.get()); }
  // `names` as in an openssl.cnf: "DNS:localhost,IP:127.0.0.1"; "" for none.
  Identity issue(const std::string& common_name, const std::string& names) const {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(make(common_name, names, key.get(), ca_.get()),
                                                                  X509_free);
    return {pem(certificate.get()), pem(key.get())};
  }

 private:
  X509* make(const std::string& common_name, const std::string& names, EVP_PKEY* key, X509* issuer) const {
    static long serial = 1;
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0);
    X509_set_issuer_name(certificate, issuer != nullptr ? X509_get_subject_name(issuer) : name);
    add_extension(certificate, NID_basic_constraints, issuer != nullptr ? "CA:FALSE" : "critical,CA:TRUE");
    if (!names.empty()) add_extension(certificate, NID_subject_alt_name, names);
    X509_sign(certificate, key_.get(), EVP_sha256());
    return certificate;
  }
  static void add_extension(X509* certificate, int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  template <class Write>
  static std::string written(Write write) {
    BIO* bio = BIO_new(BIO_s_mem());
    write(bio);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
  }
  static std::string pem(X509* certificate) {
    return written([&](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
  }
  static std::string pem(EVP_PKEY* key) {
    return written([&](BIO* bio) { PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> ca_;
};

}  // namespace hnbemu::hms
