#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "lab/file.h"
#include "lab/pki.h"

namespace hnbemu::lab {
namespace {

constexpr std::array kRoots{"operator", "manufacturer", "stranger"};

Result<CertificateAuthority> load_root(const std::string& stem) {
  const auto certificate = read_file(stem + ".pem");
  const auto key = read_file(stem + ".key");
  for (const auto* const text : {&certificate, &key}) {
    if (!*text) return tl::unexpected(text->error());
  }
  auto authority = CertificateAuthority::load({*certificate, *key});
  if (!authority)
    return fail(Cause::configuration, fmt::format("{0}.pem, {0}.key: {1}", stem, authority.error().detail));
  return authority;
}

Result<Pki> load(const std::string& directory) {
  std::vector<CertificateAuthority> roots;
  for (const auto* const name : kRoots) {
    auto root = load_root(directory + "/" + name);
    if (!root) {
      return fail(Cause::configuration,
                  fmt::format("{}; restore it, use another --state-dir, or remove {} to have new roots made, by which "
                              "certificates exported before become void",
                              root.error().detail, directory));
    }
    roots.push_back(std::move(*root));
  }
  return Pki{std::move(roots[0]), std::move(roots[1]), std::move(roots[2])};
}

Result<> write_roots(const Pki& pki, const std::string& directory) {
  const std::array authorities{&pki.operator_root, &pki.manufacturer, &pki.stranger};
  for (std::size_t i = 0; i < kRoots.size(); ++i) {
    auto written = authorities[i]->credential().and_then(
        [&](const Credential& root) { return write(root, directory, kRoots[i]); });
    if (!written) return written;
  }
  return {};
}

bool is_missing_or_empty(const std::string& directory) {
  std::error_code error;
  return !std::filesystem::exists(directory, error) || std::filesystem::is_empty(directory, error);
}

}  // namespace

Result<> write(const Credential& credential, const std::string& directory, const std::string& stem) {
  const auto path = directory + "/" + stem;
  return write_file(path + ".pem", credential.certificate).and_then([&] {
    return write_file(path + ".key", credential.private_key, 0600);
  });
}

// The roots are written beside and moved into place as one, so that a crash leaves all of them or none.
Result<Pki> Pki::load_or_create(const std::string& directory) {
  if (!is_missing_or_empty(directory)) return load(directory);
  auto made = create();
  if (!made) return made;
  auto beside = directory + ".XXXXXX";
  if (::mkdtemp(beside.data()) == nullptr) return fail_errno("cannot make " + beside, errno);
  const auto written = write_roots(*made, beside);
  const int failure = written && ::rename(beside.c_str(), directory.c_str()) != 0 ? errno : 0;
  if (written && failure == 0) return made;
  std::error_code ignored;
  std::filesystem::remove_all(beside, ignored);
  if (!written) return tl::unexpected(written.error());
  if (failure == EEXIST || failure == ENOTEMPTY) return load(directory);  // another process was faster
  return fail_errno("cannot make " + directory, failure);
}

}  // namespace hnbemu::lab
