#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "base/hash.h"
#include "config/fleet_reader.h"
#include "config/profile.h"

namespace hnbemu::config {
namespace {

// "{index}", "{index:04}" and "{index:06x}": the device's number in its group, from 1, with leading zeros.
std::string expand_index(std::string_view pattern, std::size_t index) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    const auto end = pattern.find('}', i);
    const auto body = pattern.substr(i, end == std::string_view::npos ? 0 : end - i + 1);
    const bool hex = body.size() == 11 && body[9] == 'x';
    if (body == "{index}") {
      out += fmt::to_string(index);
    } else if ((body.size() == 10 || hex) && body.starts_with("{index:0") && body[8] >= '1' && body[8] <= '9') {
      out += hex ? fmt::format("{:0{}X}", index, body[8] - '0') : fmt::format("{:0{}}", index, body[8] - '0');
    } else {
      out += pattern[i++];
      continue;
    }
    i = end + 1;
  }
  return out;
}

// As TR-069 writes MAC addresses and OUIs, so that the same one is the same text.
std::string to_upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// Locally administered, and the same at each run of the same fleet.
std::string mac_of(std::uint64_t seed) {
  const auto byte = [&](unsigned shift) { return seed >> shift & 0xff; };
  return fmt::format("02:{:02X}:{:02X}:{:02X}:{:02X}:{:02X}", byte(32), byte(24), byte(16), byte(8), byte(0));
}

}  // namespace

// The texts of a group are templates: {index}, {id}, {serial}, {mac}, {oui}, in this order.
void FleetReader::fill_in(const yaml::Node& where, DeviceConfig& device, std::size_t index) {
  device.seed = fleet.seed * kGoldenGamma + fnv1a(device.id);
  DeviceFields fields{{"id", device.id}};
  const auto fill = [&](std::string& text) {
    auto filled = expand(expand_index(text, index), fields);
    if (!filled) problems.add(where, filled.error().detail);
    text = filled.value_or("");
    return text;
  };
  fields["serial"] = fill(device.serial);
  if (device.mac.empty()) device.mac = mac_of(device.seed);
  fields["mac"] = device.mac = to_upper(fill(device.mac));
  if (!device.oui.empty()) fields["oui"] = device.oui = to_upper(fill(device.oui));
  if (device.connection_request.username.empty()) device.connection_request.username = device.serial;
  if (device.connection_request.password.empty()) {
    device.connection_request.password = fmt::format("{:016x}", fnv1a(fmt::format("{} password", device.seed)));
  }
  for (auto* const text : {&device.connection_request.username, &device.connection_request.password,
                           &device.ike.local_id, &device.ike.remote_id, &device.ike.psk, &device.initial_segw,
                           &device.initial_hms, &device.serving_segw, &device.serving_hms}) {
    fill(*text);
  }
  if (device.acs) {
    fill(device.acs->username);
    fill(device.acs->password);
  }
  for (auto* const file : {&device.credentials.certificate, &device.credentials.key, &device.credentials.ca}) {
    if (!is_template(*file)) continue;
    fill(*file);
    if (::access(file->c_str(), R_OK) != 0) problems.add(where, fmt::format("{}: cannot read '{}'", device.id, *file));
  }
}

}  // namespace hnbemu::config
