#include "files/firmware.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>
#include <vector>

namespace hnbemu::files {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

using Digest = std::array<unsigned char, 32>;
using Key = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* key) { EVP_PKEY_free(key); })>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype([](EVP_MD_CTX* context) { EVP_MD_CTX_free(context); })>;

std::string hex(const unsigned char* bytes, std::size_t size) {
  return fmt::format("{:02x}", fmt::join(bytes, bytes + size, ""));
}

std::string hex_of(EVP_MD_CTX* sum) {
  Digest digest{};
  EVP_DigestFinal_ex(sum, digest.data(), nullptr);
  return hex(digest.data(), digest.size());
}

Key key_of(std::string_view oui) {
  const auto seed = fmt::format("hnbemu firmware, vendor {}", oui);
  Digest digest{};
  EVP_Digest(seed.data(), seed.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  static_assert(sizeof(Digest) == kKeyBytes);
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, digest.data(), digest.size()));
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Gives a payload's pieces to `take`, the same ones at each call.
template <class Take>
void make_payload(const FirmwareManifest& manifest, const Take& take) {
  std::seed_seq seed(manifest.software_version.begin(), manifest.software_version.end());
  std::mt19937_64 random(seed);
  std::string piece;
  for (auto left = manifest.payload_size; left > 0; left -= piece.size()) {
    piece.resize(std::min<std::uint64_t>(left, FirmwareReader::kPieceBytes));
    for (std::size_t at = 0; at < piece.size(); at += 8) {
      const auto word = random();
      piece.replace(at, 8, reinterpret_cast<const char*>(&word), std::min<std::size_t>(8, piece.size() - at));
    }
    take(piece);
  }
}

tl::unexpected<Error> unreadable(const std::string& file) {
  return fail_errno("cannot read " + file, errno);
}

}  // namespace

std::string sign(std::string_view text, std::string_view oui) {
  const auto key = key_of(oui);
  const Context context(EVP_MD_CTX_new());
  std::array<unsigned char, kSignatureBytes> signature{};
  auto size = signature.size();
  EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get());
  EVP_DigestSign(context.get(), signature.data(), &size, bytes_of(text), text.size());
  return hex(signature.data(), size);
}

// Ed25519 signs the same text always alike.
bool is_signed(std::string_view text, std::string_view signature, std::string_view oui) {
  return sign(text, oui) == signature;
}

Result<FirmwareManifest> write_firmware(const std::string& file, FirmwareManifest manifest,
                                        const FirmwareFlaws& flaws) {
  if (manifest.payload_size > kMaxPayloadBytes)
    return fail(Cause::configuration, fmt::format("a payload has at most {} bytes", kMaxPayloadBytes));
  const Context sum(EVP_MD_CTX_new());
  EVP_DigestInit_ex(sum.get(), EVP_sha256(), nullptr);
  make_payload(manifest, [&](const auto& piece) { EVP_DigestUpdate(sum.get(), piece.data(), piece.size()); });
  manifest.payload_sha256 = hex_of(sum.get());
  const auto text = manifest_text(manifest);
  if (!text) return tl::unexpected(text.error());

  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << *text << "signature: " << sign(*text, flaws.bad_signature ? manifest.oui + " (another)" : manifest.oui)
         << "\n\n";
  const auto end = flaws.truncated ? manifest.payload_size / 2 : manifest.payload_size;
  std::uint64_t written = 0;
  make_payload(manifest, [&](auto& piece) {
    if (flaws.corrupt && written == 0) piece.front() ^= 1;
    const auto size = std::min<std::uint64_t>(piece.size(), end - written);
    stream.write(piece.data(), static_cast<std::streamsize>(size));
    written += size;
  });
  stream.close();
  if (!stream) return fail_errno("cannot write " + file, errno);
  return manifest;
}

void FirmwareReader::Free::operator()(EVP_MD_CTX* context) const {
  EVP_MD_CTX_free(context);
}

Result<FirmwareReader> FirmwareReader::open(const std::string& file) {
  FirmwareReader reader;
  reader.stream_.open(file, std::ios::binary);
  if (!reader.stream_) return unreadable(file);
  std::string head(kMaxManifestBytes, '\0');
  reader.stream_.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (reader.stream_.bad()) return unreadable(file);
  head.resize(static_cast<std::size_t>(reader.stream_.gcount()));
  auto read = parse_manifest(head);
  if (!read) return tl::unexpected(read.error());
  if (!is_signed(std::string_view(head).substr(0, read->signed_bytes), read->signature, read->manifest.oui))
    return fail(Cause::configuration, "the firmware image's manifest is damaged: its signature does not fit");
  reader.manifest_ = std::move(read->manifest);
  reader.left_ = reader.manifest_.payload_size;
  reader.stream_.clear();
  reader.stream_.seekg(static_cast<std::streamoff>(read->payload_begin));
  reader.sum_.reset(EVP_MD_CTX_new());
  EVP_DigestInit_ex(reader.sum_.get(), EVP_sha256(), nullptr);
  return reader;
}

Result<bool> FirmwareReader::read_piece() {
  std::vector<char> piece(std::min<std::uint64_t>(left_, kPieceBytes));
  stream_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  if (stream_.bad()) return fail_errno("cannot read the firmware image", errno);
  const auto got = static_cast<std::uint64_t>(stream_.gcount());
  EVP_DigestUpdate(sum_.get(), piece.data(), got);
  if (got < piece.size())
    return fail(Cause::configuration, fmt::format("the firmware image is truncated: {} of {} payload bytes are there",
                                                  manifest_.payload_size - left_ + got, manifest_.payload_size));
  left_ -= got;
  if (left_ > 0) return false;
  if (stream_.peek() != std::ifstream::traits_type::eof())
    return fail(Cause::configuration, "the firmware image has more bytes than its manifest says");
  if (hex_of(sum_.get()) != manifest_.payload_sha256)
    return fail(Cause::configuration, "the firmware image's payload is damaged: its SHA-256 does not fit");
  return true;
}

}  // namespace hnbemu::files
