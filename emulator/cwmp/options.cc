#include "cwmp/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/number.h"
#include "cwmp/base64.h"
#include "cwmp/xml_document.h"

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;
template <class T>
using Read = tl::expected<T, Options::Refusal>;

constexpr std::string_view kSignatureUri = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::size_t kMaxName = 64;              // A.4.1.4, OptionName
constexpr std::size_t kMaxOptionsOfVoucher = 64;  // more: fault 9004
constexpr std::array<std::string_view, 3> kModes{"Disabled", "EnabledWithExpiration", "EnabledWithoutExpiration"};
constexpr std::uint32_t kDisabled = 0, kEnabled = 3;  // OptionStruct's State

tl::unexpected<Options::Refusal> invalid(std::string why) {
  return tl::unexpected(Options::Refusal{FaultCode::invalid_arguments, std::move(why)});
}
tl::unexpected<Options::Refusal> too_many(std::string why) {
  return tl::unexpected(Options::Refusal{FaultCode::resources_exceeded, std::move(why)});
}

std::string_view text_of(const XmlElement& option, std::string_view name) {
  const auto found = option.child(name);
  return found ? found->trimmed() : std::string_view{};
}

bool is_of(const XmlElement& id, const DeviceId& device) {
  return text_of(id, "Manufacturer") == device.manufacturer && text_of(id, "OUI") == device.oui &&
         text_of(id, "ProductClass") == device.product_class && text_of(id, "SerialNumber") == device.serial_number;
}

// StartDate + Duration DurationUnits. A month is taken as 30 days of an emulated operator's calendar.
Read<std::string> expiration(const XmlElement& option, WallTime start) {
  const auto duration = parse_number<std::int64_t>(text_of(option, "Duration"));
  const auto units = text_of(option, "DurationUnits");
  const bool months = units == "Months";
  if (!duration || *duration < 1 || *duration > Options::kMaxDuration) return invalid("an Option's Duration");
  if (!months && units != "Days") return invalid("an Option's DurationUnits are neither Days nor Months");
  return to_date_time(start + std::chrono::hours(24) * (months ? 30 : 1) * *duration);
}

Read<OptionStruct> read_option(const XmlElement& element, const DeviceId& device, WallTime now) {
  OptionStruct option;
  option.name = std::string(text_of(element, "OptionIdent"));
  if (option.name.empty() || option.name.size() > kMaxName) return invalid("an Option's OptionIdent");
  const auto id = element.child("DeviceId");
  if (!id) return invalid(fmt::format("Option '{}' has no DeviceId", option.name));
  if (!is_of(*id, device)) {
    return tl::unexpected(Options::Refusal{FaultCode::request_denied, "the voucher is another device's"});
  }
  const auto serial = parse_number<std::uint32_t>(text_of(element, "VSerialNum"));
  if (!serial) return invalid("an Option's VSerialNum");
  option.voucher_sn = *serial;
  const auto* const mode = std::ranges::find(kModes, text_of(element, "Mode"));
  if (mode == kModes.end()) return invalid("an Option's Mode");
  option.mode = static_cast<int>(mode - kModes.begin());
  option.state = option.mode == 0 ? kDisabled : kEnabled;
  const auto date = text_of(element, "StartDate");
  const auto start = date.empty() ? now : parse_date_time(date);
  if (!start) return invalid("an Option's StartDate");
  option.start_date = to_date_time(*start);
  if (option.mode == 1) {
    auto end = expiration(element, *start);
    if (!end) return tl::unexpected(end.error());
    option.expiration_date = std::move(*end);
  }
  const auto transferable = text_of(element, "Transferable");
  option.is_transferable = transferable == "1" || transferable == "true";
  return option;
}

Read<std::vector<OptionStruct>> read_voucher(std::string_view text, const DeviceId& device, WallTime now) {
  if (text.size() > Options::kMaxVoucherBytes / 3 * 4) return too_many("a voucher is too large");
  const auto xml = from_base64(text);
  if (!xml) return invalid("a voucher is no base64");
  const auto document = XmlDocument::parse(*xml);
  if (!document) return invalid(fmt::format("a voucher is no XML: {}", document.error().detail));
  const auto root = document->root();
  if (root.name() != "Signature" || root.uri() != kSignatureUri) return invalid("a voucher is no dsig:Signature");
  std::vector<OptionStruct> options;
  for (auto child = root.first_child(); child; child = child->next()) {
    if (child->name() != "Object") continue;
    const auto element = child->child("Option");
    if (!element) continue;
    auto option = read_option(*element, device, now);
    if (!option) return tl::unexpected(option.error());
    if (options.size() == kMaxOptionsOfVoucher) return too_many("a voucher has too many Options");
    options.push_back(std::move(*option));
  }
  if (options.empty()) return invalid("a voucher without an Option");
  return options;
}

}  // namespace

tl::expected<void, Options::Refusal> Options::apply(const SetVouchers& request, const DeviceId& device, WallTime now) {
  if (request.vouchers.empty()) return invalid("VoucherList is empty");
  if (request.vouchers.size() > kMaxVouchers) return too_many(fmt::format("more than {} vouchers", kMaxVouchers));
  auto after = options_;
  for (const auto& voucher : request.vouchers) {
    auto read = read_voucher(voucher, device, now);
    if (!read) return tl::unexpected(read.error());
    for (auto& option : *read) {
      std::erase_if(after, [&](const auto& other) { return other.name == option.name; });
      if (after.size() == kMaxOptions) return too_many(fmt::format("more than {} options", kMaxOptions));
      after.push_back(std::move(option));
    }
  }
  options_ = std::move(after);
  return {};
}

std::vector<OptionStruct> Options::told(std::string_view name, WallTime now) const {
  std::vector<OptionStruct> told;
  for (auto option : options_) {
    if (!name.empty() && option.name != name) continue;
    const auto end = parse_date_time(option.expiration_date);
    if (end && *end <= now) {
      option.state = kDisabled;
      option.mode = 0;
    }
    told.push_back(std::move(option));
  }
  return told;
}

}  // namespace hnbemu::cwmp
