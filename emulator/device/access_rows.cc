#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "device/access.h"

// What the data model says of the DHCP client: Device.DHCPv4.Client.{i}. (TR-181), where it has it.
namespace hnbemu::device {
namespace {

constexpr std::string_view kTable = "DHCPv4.Client.";

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02X}", static_cast<unsigned char>(byte));
  return text;
}

std::string list(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const auto& address : addresses) texts.push_back(address.to_string());
  return fmt::format("{}", fmt::join(texts, ","));
}

std::string netmask(unsigned length) {
  return IpAddress::v4(length == 0 ? 0 : ~std::uint32_t{0} << (32 - length)).to_string();
}

}  // namespace

void Access::make_rows() {
  auto& model = context_.model;
  const auto outer = context_.profile.path("outer_address");
  const auto owner = std::string(outer.substr(0, outer.rfind('.') + 1));
  model.update(owner + "AddressingType", "DHCP");
  const auto table = std::string(context_.profile.root()).append(kTable);
  const auto names = model.names(table, true);
  if (!names) return;
  const auto row = std::ranges::find_if(*names, [](const auto& name) { return name.path.ends_with('.'); });
  if (row != names->end()) {
    row_ = row->path;
  } else {
    const auto number = model.add_object(table, datamodel::Origin::device);
    if (!number) return;
    row_ = fmt::format("{}{}.", table, *number);
  }
  const auto interface = owner.find("Interface.1.") == std::string::npos ? "" : "IP.Interface.1";
  model.update(row_ + "Interface", std::string(context_.profile.root()) + interface);
  model.update(row_ + "Enable", "true");
  model.update(row_ + "Status", "Enabled");
  const auto add = [&](const std::string& sub_table, std::uint8_t tag, std::string_view value) {
    const auto number = model.add_object(sub_table, datamodel::Origin::device);
    if (!number) return;
    const auto option = fmt::format("{}{}.", sub_table, *number);
    model.update(option + "Tag", fmt::to_string(tag));
    model.update(option + "Order", fmt::to_string(*number));  // of ReqOption
    model.update(option + "Enable", "true");
    model.update(option + "Value", hex(value));
  };
  const auto options = model.value(row_ + "SentOptionNumberOfEntries");
  if (options == "0") {
    for (const auto& [tag, value] : client_.sent_options()) add(row_ + "SentOption.", tag, value);
    for (const char tag : dhcp::Client::requested_options())
      add(row_ + "ReqOption.", static_cast<std::uint8_t>(tag), "");
  }
  model.set_source(row_ + "LeaseTimeRemaining", [this] {
    const auto& lease = client_.lease();
    if (!lease) return std::string("0");
    if (lease->expires == Deadline::max()) return std::string("-1");
    const auto left = std::chrono::floor<Seconds>(lease->expires - clock_.now()).count();
    return fmt::to_string(std::max<std::int64_t>(left, 0));
  });
}

void Access::show() {
  shown_ = client_.state();
  if (row_.empty()) return;
  auto& model = context_.model;
  model.update(row_ + "DHCPStatus", dhcp::to_string(client_.state()));
  const auto& lease = client_.lease();
  model.update(row_ + "IPAddress", lease ? lease->address.address.to_string() : "");
  model.update(row_ + "SubnetMask", lease ? netmask(lease->address.length) : "");
  model.update(row_ + "IPRouters", lease && !lease->router.is_unspecified() ? lease->router.to_string() : "");
  model.update(row_ + "DNSServers", lease ? list(lease->dns_servers) : "");
  model.update(row_ + "DHCPServer", lease ? lease->server.to_string() : "");
  const auto requested = model.names(row_ + "ReqOption.", true);
  for (const auto& name : requested.value_or(std::vector<datamodel::ParameterName>{})) {
    if (!name.path.ends_with('.')) continue;
    std::uint8_t tag = 0;
    const auto text = model.value(name.path + "Tag").value_or("");
    std::from_chars(text.data(), text.data() + text.size(), tag);
    const auto found = lease ? lease->options.find(tag) : std::map<std::uint8_t, std::string>::const_iterator{};
    const bool came = lease && found != lease->options.end();
    model.update(name.path + "Value", came ? hex(found->second) : "");
  }
}

}  // namespace hnbemu::device
