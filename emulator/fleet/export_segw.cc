#include "fleet/export_segw.h"

#include <algorithm>
#include <filesystem>

#include "fleet/credentials.h"
#include "fleet/inventory.h"
#include "lab/file.h"

namespace hnbemu::fleet {
namespace {

constexpr std::string_view kCertificates = R"(  femtocells {{
    version = 2
    mobike = no  # it would tell the devices addresses behind the SeGW
    unique = replace
    pools = femtocells
    local {{
      auth = pubkey
      certs = segw.pem
      id = {name}
    }}
    remote {{
      auth = pubkey
      cacerts = manufacturer.pem
    }}
    children {{
      net {{
        local_ts = 0.0.0.0/0
      }}
    }}
  }}
)";

constexpr std::string_view kSharedKeys = R"(  femtocells-psk {{
    version = 2
    mobike = no
    unique = replace
    pools = femtocells
    local {{
      auth = psk
      id = {name}
    }}
    remote {{
      auth = psk
    }}
    children {{
      net {{
        local_ts = 0.0.0.0/0
      }}
    }}
  }}
)";

struct Row {
  const config::DeviceConfig* device;
  std::string identity;
};

// Identities hold '=', '#' and blanks, which mean something to the file's reader.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string swanctl_conf(const std::string& name, const config::Fleet& fleet, const std::vector<Row>& rows) {
  const auto has_psk = [](const Row& row) { return !row.device->ike.psk.empty(); };
  const auto has_own_certificate = [](const Row& row) { return !row.device->credentials.certificate.empty(); };
  std::string text =
      "# A SeGW for the devices of the fleet '" + fleet.name + "': copy this directory over /etc/swanctl.\n";
  if (std::ranges::any_of(rows, [&](const Row& row) { return !has_psk(row) && has_own_certificate(row); })) {
    text +=
        "# Some devices have certificates of your own: put who signed them into x509ca/ and into cacerts, and give\n"
        "# the SeGW a certificate that their 'ca' files have signed.\n";
  }
  text += "connections {\n";
  if (!std::ranges::all_of(rows, has_psk)) text += fmt::format(kCertificates, fmt::arg("name", name));
  if (std::ranges::any_of(rows, has_psk)) text += fmt::format(kSharedKeys, fmt::arg("name", name));
  text += fmt::format(
      "}}\npools {{\n  femtocells {{\n    addrs = {}\n    # dns = the address of the inner DNS server\n  }}\n}}\n",
      fleet.lab.inner_pool.to_string());
  text += "secrets {\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    if (!has_psk(row)) continue;
    text += fmt::format("  ike-{} {{\n    id = {}\n    secret = 0x", i + 1, quoted(row.identity));
    for (const unsigned char byte : row.device->ike.psk)
      text += fmt::format("{:02x}", byte);  // no quoting to get wrong
    text += "\n  }\n";
  }
  return text + "}\n";
}

std::string identities_csv(const std::vector<Row>& rows) {
  std::string text = "id,serial,ike_identity,authentication\n";
  for (const auto& row : rows) {
    const auto* const how = row.device->ike.psk.empty() ? "certificate" : "psk";
    text += fmt::format("{},{},{},{}\n", csv_field(row.device->id), csv_field(row.device->serial),
                        csv_field(row.identity), how);
  }
  return text;
}

}  // namespace

Result<std::vector<std::string>> export_segw(const std::string& directory, const std::string& segw_name,
                                             const config::Fleet& fleet, const lab::Pki& pki) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
    return fail(Cause::configuration, directory + " is not an empty directory: name another");
  }
  std::vector<Row> rows;
  for (const auto& device : fleet.devices) {
    auto identity = ike_identity(device);
    if (!identity) return tl::unexpected(identity.error());
    rows.push_back({&device, std::move(*identity)});
  }
  const auto own = pki.issue_operator(segw_name, lab::CertificateFault::none);
  if (!own) return tl::unexpected(own.error());
  struct File {
    std::string path;
    std::string text;
    mode_t mode = 0644;
  };
  const std::vector<File> files{{"swanctl.conf", swanctl_conf(segw_name, fleet, rows), 0600},
                                {"x509ca/manufacturer.pem", pki.manufacturer.certificate()},
                                {"x509ca/operator.pem", pki.operator_root.certificate()},
                                {"x509/segw.pem", own->certificate},
                                {"private/segw.pem", own->private_key, 0600},
                                {"identities.csv", identities_csv(rows)}};
  std::vector<std::string> written;
  for (const auto& file : files) {
    const auto path = fs::path(directory) / file.path;
    fs::create_directories(path.parent_path(), error);
    if (error) return fail_errno("cannot make " + path.parent_path().string(), error.value());
    if (auto done = lab::write_file(path, file.text, file.mode); !done) return tl::unexpected(done.error());
    written.push_back(path);
  }
  return written;
}

}  // namespace hnbemu::fleet
