#include "lab/pki.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace hnbemu::lab {
namespace {

template <class T, void (*Release)(T*)>
struct Releaser {
  void operator()(T* object) const { Release(object); }
};
using Memory = std::unique_ptr<BIO, Releaser<BIO, BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Releaser<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY, EVP_PKEY_free>>;
using Store = std::unique_ptr<X509_STORE, Releaser<X509_STORE, X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Releaser<X509_STORE_CTX, X509_STORE_CTX_free>>;

Certificate certificate_of(const std::string& pem) {
  const Memory bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Key key_of(const std::string& pem) {
  const Memory bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

// What a TLS client that trusts `root` and connects to `name` says.
int verify(const std::string& pem, const CertificateAuthority& root, const std::string& name,
           int purpose = X509_PURPOSE_SSL_SERVER) {
  const Store store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), certificate_of(root.certificate()).get());
  const auto certificate = certificate_of(pem);
  const StoreContext context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  auto* const parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set1_host(parameters, name.data(), name.size());
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

class PkiTest : public testing::Test {
 protected:
  Pki pki_ = Pki::create().value();
};

TEST_F(PkiTest, WhenACertificateIsIssued_ThenItVerifiesStrictlyForItsNameAndBothSidesOfTls) {
  const auto issued = pki_.operator_root.issue("hms-initial.operator.example").value();
  EXPECT_EQ(verify(issued.certificate, pki_.operator_root, "hms-initial.operator.example"), X509_V_OK);
  EXPECT_EQ(verify(issued.certificate, pki_.operator_root, "hms-initial.operator.example", X509_PURPOSE_SSL_CLIENT),
            X509_V_OK);
}

TEST_F(PkiTest, WhenACertificateIsIssued_ThenItsKeyFitsAndIsOnCurveP256) {
  const auto issued = pki_.manufacturer.issue("hnb-0001.manufacturer.example").value();
  const auto key = key_of(issued.private_key);
  EXPECT_EQ(X509_check_private_key(certificate_of(issued.certificate).get(), key.get()), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(key.get()), 256);
}

TEST_F(PkiTest, WhenTheNameIsAnother_ThenVerificationSaysSo) {
  const auto issued = pki_.operator_root.issue("segw-other.operator.example").value();
  EXPECT_EQ(verify(issued.certificate, pki_.operator_root, "segw-initial.operator.example"),
            X509_V_ERR_HOSTNAME_MISMATCH);
}

TEST_F(PkiTest, WhenTheAuthorityIsAnother_ThenVerificationSaysSo) {
  const auto issued = pki_.stranger.issue("hms-initial.operator.example").value();
  EXPECT_EQ(verify(issued.certificate, pki_.operator_root, "hms-initial.operator.example"),
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

TEST_F(PkiTest, WhenTheCertificateIsExpired_ThenVerificationSaysSo) {
  const auto issued = pki_.operator_root.issue("hms-initial.operator.example", Validity::expired()).value();
  EXPECT_EQ(verify(issued.certificate, pki_.operator_root, "hms-initial.operator.example"),
            X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_F(PkiTest, WhenTheNameIsAnAddress_ThenTheCertificateIsForTheAddress) {
  const auto issued = pki_.operator_root.issue("192.0.2.10").value();
  const auto certificate = certificate_of(issued.certificate);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "192.0.2.10", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "192.0.2.11", 0), 0);
}

TEST_F(PkiTest, WhenANameIsNotAHostName_ThenItIsRefused) {
  const std::string too_long(65, 'a');
  for (const auto& name : {std::string{}, std::string{"a,DNS:b"}, std::string{"*.example"}, too_long}) {
    const auto issued = pki_.operator_root.issue(name);
    ASSERT_FALSE(issued) << name;
    EXPECT_EQ(issued.error().cause, Cause::configuration);
  }
}

TEST_F(PkiTest, WhenACredentialIsWritten_ThenOnlyTheOwnerReadsTheKey) {
  const auto directory = testing::TempDir() + "/pki";
  std::filesystem::create_directories(directory);
  ASSERT_TRUE(write(pki_.manufacturer.issue("hnb-0001.example").value(), directory, "hnb-0001"));
  struct stat key {};
  ASSERT_EQ(::stat((directory + "/hnb-0001.key").c_str(), &key), 0);
  EXPECT_EQ(key.st_mode & 0777U, 0600U);
  EXPECT_TRUE(std::filesystem::exists(directory + "/hnb-0001.pem"));
  EXPECT_FALSE(write({}, directory + "/missing", "hnb-0001"));
  std::filesystem::remove_all(directory);
}

class PkiFiles : public ::testing::Test {
 protected:
  PkiFiles() : folder_(fmt::format("{}hnbemu_pki_{}", ::testing::TempDir(), ::getpid())) {}
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(PkiFiles, WhenLoadedAgain_ThenWhatWasIssuedBeforeIsStillGood) {
  const auto first = Pki::load_or_create(folder_);
  ASSERT_TRUE(first) << first.error().detail;
  const auto device = first->issue_device("hnb.example");
  const auto again = Pki::load_or_create(folder_);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(verify(device->certificate, again->manufacturer, "hnb.example"), X509_V_OK);
  EXPECT_EQ(verify(again->issue_device("b.example")->certificate, first->manufacturer, "b.example"), X509_V_OK);
  EXPECT_NE(again->operator_root.certificate(), again->manufacturer.certificate());
  struct stat status {};
  ASSERT_EQ(::stat((folder_ + "/operator.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(PkiFiles, WhenAFileIsGoneOrAnothers_ThenItIsNamedAndNothingIsReplaced) {
  ASSERT_TRUE(Pki::load_or_create(folder_));
  std::filesystem::copy_file(folder_ + "/stranger.key", folder_ + "/operator.key",
                             std::filesystem::copy_options::overwrite_existing);
  auto wrong = Pki::load_or_create(folder_);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().detail.find("operator.key"), std::string::npos) << wrong.error().detail;
  std::filesystem::remove(folder_ + "/operator.key");
  wrong = Pki::load_or_create(folder_);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().detail.find("cannot read"), std::string::npos) << wrong.error().detail;
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/operator.key"));
}

}  // namespace
}  // namespace hnbemu::lab
