#pragma once

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <string>

namespace hnbemu::connection_requests {

inline std::string md5(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_md5(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", bytes[i]);
  return out;
}

inline std::string parameter(const std::string& challenge, const std::string& name) {
  const std::size_t begin = challenge.find(name + "=\"") + name.size() + 2;
  return challenge.substr(begin, challenge.find('"', begin) - begin);
}

// An ACS's Authorization header, by RFC 2617 3.2.2.
struct Credentials {
  std::string username = "acs";
  std::string password = "secret";
  std::string uri = "/Zk3";
  std::string qop = "auth";
  std::string method = "GET";
  int count = 1;

  std::string header(const std::string& challenge) const {
    const std::string realm = parameter(challenge, "realm");
    const std::string nonce = parameter(challenge, "nonce");
    const std::string secret = md5(fmt::format("{}:{}:{}", username, realm, password));
    const std::string what = md5(fmt::format("{}:{}", method, uri));
    const std::string response = md5(fmt::format("{}:{}:{:08x}:c:{}:{}", secret, nonce, count, qop, what));
    return fmt::format(
        R"(Digest username="{}", realm="{}", nonce="{}", uri="{}", qop={}, nc={:08x}, cnonce="c", response="{}")",
        username, realm, nonce, uri, qop, count, response);
  }
};

}  // namespace hnbemu::connection_requests
