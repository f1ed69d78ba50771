#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

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
  if (!authority) {
    return fail(Cause::system, fmt::format("{}.pem and {}.key: {}; remove the directory to have new roots made", stem,
                                           stem, authority.error().detail));
  }
  return authority;
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
  if (::access(directory.c_str(), F_OK) != 0) {
    auto made = create();
    if (!made) return made;
    auto beside = directory + ".XXXXXX";
    if (::mkdtemp(beside.data()) == nullptr) return fail_errno("cannot make " + beside, errno);
    for (std::size_t i = 0; i < kRoots.size(); ++i) {
      const std::array authorities{&made->operator_root, &made->manufacturer, &made->stranger};
      auto written =
          authorities[i]->credential().and_then([&](const Credential& root) { return write(root, beside, kRoots[i]); });
      if (!written) return tl::unexpected(written.error());
    }
    if (::rename(beside.c_str(), directory.c_str()) != 0) return fail_errno("cannot make " + directory, errno);
    return made;
  }
  std::vector<CertificateAuthority> roots;
  for (const auto* const name : kRoots) {
    auto root = load_root(directory + "/" + name);
    if (!root) return tl::unexpected(root.error());
    roots.push_back(std::move(*root));
  }
  return Pki{std::move(roots[0]), std::move(roots[1]), std::move(roots[2])};
}

}  // namespace hnbemu::lab
