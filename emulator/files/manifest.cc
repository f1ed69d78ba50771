#include <algorithm>
#include <charconv>

#include "files/firmware.h"
#include "files/text.h"

namespace hnbemu::files {
namespace {

constexpr std::string_view kFirstLine = "hnbemu firmware image 1";
constexpr std::size_t kSumDigits = 64;
constexpr std::size_t kSignatureDigits = 128;

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_text(std::string_view text) {
  return text.size() <= kMaxManifestText && is_utf8(text) && !has_control_characters(text);
}

tl::unexpected<Error> no_image(std::string why) {
  return fail(Cause::configuration, "no firmware image: " + std::move(why));
}

// Takes lines off the front of an image.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  std::size_t taken() const { return taken_; }

  // Nothing if the line is not there.
  std::optional<std::string_view> take() {
    const auto end = text_.substr(taken_).find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text_.substr(taken_, end);
    taken_ += end + 1;
    return line;
  }
  std::optional<std::string_view> take(std::string_view key) {
    auto line = take();
    if (!line || !line->starts_with(key) || !line->substr(key.size()).starts_with(": ")) return std::nullopt;
    return line->substr(key.size() + 2);
  }

 private:
  std::string_view text_;
  std::size_t taken_ = 0;
};

}  // namespace

Result<std::string> manifest_text(const FirmwareManifest& manifest) {
  for (const auto* const text :
       {&manifest.oui, &manifest.product_class, &manifest.hardware_version, &manifest.software_version}) {
    if (!is_text(*text))
      return fail(Cause::configuration, fmt::format("'{}' is no text of at most {} bytes", *text, kMaxManifestText));
  }
  if (manifest.software_version.empty()) return fail(Cause::configuration, "an image needs a software version");
  return fmt::format(
      "{}\noui: {}\nproduct_class: {}\nhardware_version: {}\nsoftware_version: {}\npayload_size: {}\n"
      "payload_sha256: {}\n",
      kFirstLine, manifest.oui, manifest.product_class, manifest.hardware_version, manifest.software_version,
      manifest.payload_size, manifest.payload_sha256);
}

Result<SignedManifest> parse_manifest(std::string_view image) {
  Lines lines(image.substr(0, kMaxManifestBytes));
  if (lines.take() != kFirstLine)
    return no_image(fmt::format("it does not begin with '{}' ('hnbemu firmware make' makes one)", kFirstLine));
  SignedManifest read;
  auto& manifest = read.manifest;
  const std::pair<std::string_view, std::string*> texts[] = {{"oui", &manifest.oui},
                                                             {"product_class", &manifest.product_class},
                                                             {"hardware_version", &manifest.hardware_version},
                                                             {"software_version", &manifest.software_version}};
  for (const auto& [key, text] : texts) {
    const auto value = lines.take(key);
    if (!value || !is_text(*value)) return no_image(fmt::format("its manifest has no legal {}", key));
    *text = *value;
  }
  if (manifest.software_version.empty()) return no_image("its manifest has no software_version");
  const auto size = lines.take("payload_size").value_or("");
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), manifest.payload_size);
  const bool legal = error == std::errc{} && fmt::to_string(manifest.payload_size) == size;
  if (!legal || manifest.payload_size > kMaxPayloadBytes) return no_image("its manifest has no legal payload_size");
  manifest.payload_sha256 = lines.take("payload_sha256").value_or("");
  if (!is_hex(manifest.payload_sha256, kSumDigits)) return no_image("its manifest has no legal payload_sha256");
  read.signed_bytes = lines.taken();
  read.signature = lines.take("signature").value_or("");
  if (!is_hex(read.signature, kSignatureDigits) || lines.take() != "")
    return no_image("its manifest does not end with a signature");
  read.payload_begin = lines.taken();
  return read;
}

}  // namespace hnbemu::files
