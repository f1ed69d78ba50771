#include "fleet/inventory.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "fleet/credentials.h"
#include "fleet/factory_model.h"

namespace hnbemu::fleet {
namespace {

Result<InventoryRow> row_of(const config::DeviceConfig& device, const ProfileModel& profile) {
  const auto own = profile_of(device, profile.profile);
  const auto model = factory_model(device, profile, IpAddress{} /* nothing of it depends on where it is */);
  if (!model) return tl::unexpected(model.error());
  const auto identity = ike_identity(device);
  if (!identity) return tl::unexpected(identity.error());
  const auto value = [&](std::string_view role) { return model->value(own.path(role)).value_or(""); };
  const auto& file = device.credentials.certificate;
  return InventoryRow{device.id,
                      device.profile,
                      own.manufacturer,
                      own.oui,
                      own.product_class,
                      device.serial,
                      device.mac,
                      value("acs_username"),
                      value("acs_password"),
                      value("connection_request_username"),
                      value("connection_request_password"),
                      *identity,
                      device.ike.psk,
                      file.empty() ? "factory" : file};
}

}  // namespace

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",;\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

Result<std::vector<InventoryRow>> inventory(const config::Fleet& fleet,
                                            const std::vector<std::string>& profile_directories) {
  std::map<std::string, ProfileModel> profiles;
  std::vector<InventoryRow> rows;
  for (const auto& device : fleet.devices) {
    auto found = profiles.find(device.profile);
    if (found == profiles.end()) {
      auto loaded = load_profile_model(device.profile, profile_directories);
      if (!loaded) return tl::unexpected(loaded.error());
      found = profiles.emplace(device.profile, std::move(*loaded)).first;
    }
    auto row = row_of(device, found->second);
    if (!row) return tl::unexpected(row.error());
    rows.push_back(std::move(*row));
  }
  return rows;
}

std::string to_csv(const std::vector<InventoryRow>& rows) {
  std::string text = fmt::format("{}\n", fmt::join(kInventoryColumns, ","));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + csv_field(row[i]);
    text += '\n';
  }
  return text;
}

std::string to_json(const std::vector<InventoryRow>& rows) {
  boost::json::array devices;
  for (const auto& row : rows) {
    boost::json::object device;
    for (std::size_t i = 0; i < row.size(); ++i) device[kInventoryColumns[i]] = row[i];
    devices.push_back(std::move(device));
  }
  return boost::json::serialize(boost::json::object{{"devices", std::move(devices)}}) + "\n";
}

}  // namespace hnbemu::fleet
