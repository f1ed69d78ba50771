#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

using EVP_MD_CTX = struct evp_md_ctx_st;

// Firmware images (TR-069 A.3.2.8, "1 Firmware Upgrade Image"). An image is a manifest of text lines, the last of them
// an Ed25519 signature of the others, an empty line, and the payload.
namespace hnbemu::files {

inline constexpr std::size_t kMaxManifestBytes = 2048;
inline constexpr std::size_t kMaxManifestText = 64;  // bytes of each of its texts; DeviceInfo has as many
inline constexpr std::uint64_t kMaxPayloadBytes = std::uint64_t{4} << 30;

struct FirmwareManifest {
  std::string oui;
  std::string product_class;
  std::string hardware_version;
  std::string software_version;
  std::uint64_t payload_size = 0;
  std::string payload_sha256;  // 64 lower-case hexadecimal digits
  bool operator==(const FirmwareManifest&) const = default;
};

struct SignedManifest {
  FirmwareManifest manifest;
  std::string signature;      // 128 lower-case hexadecimal digits
  std::size_t signed_bytes;   // of the image, from its beginning
  std::size_t payload_begin;  // in the image
};

// The lines that are signed. Error: a text that a manifest cannot hold.
Result<std::string> manifest_text(const FirmwareManifest& manifest);
// Of an image's beginning, kMaxManifestBytes of it or all. Whether the signature is right is not looked at.
Result<SignedManifest> parse_manifest(std::string_view image);

// A vendor's key follows from its OUI: images are made and trusted anywhere without being handed a key. It tells a
// damaged or foreign image from a right one and keeps no secret.
std::string sign(std::string_view text, std::string_view oui);
bool is_signed(std::string_view text, std::string_view signature, std::string_view oui);

// What is wrong with an image that is made on purpose to be refused.
struct FirmwareFlaws {
  bool truncated = false;      // the second half of the payload is missing
  bool corrupt = false;        // one bit of the payload is another
  bool bad_signature = false;  // by the key of another vendor
};
// Writes an image whose payload is of `payload_size` random-looking bytes, always the same for one version; size and
// sum of `manifest` are filled in.
Result<FirmwareManifest> write_firmware(const std::string& file, FirmwareManifest manifest, const FirmwareFlaws& flaws);

// Reads an image piece by piece, in little memory.
class FirmwareReader {
 public:
  static constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

  // Up to the payload. Errors: system (the file cannot be read), configuration (it is no image of its vendor's).
  static Result<FirmwareReader> open(const std::string& file);
  const FirmwareManifest& manifest() const { return manifest_; }
  // The next piece of the payload; true when it was the last, and all of it is right. Errors as above.
  Result<bool> read_piece();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const;
  };
  FirmwareReader() = default;

  std::ifstream stream_;
  FirmwareManifest manifest_;
  std::uint64_t left_ = 0;
  std::unique_ptr<EVP_MD_CTX, Free> sum_;
};

}  // namespace hnbemu::files
