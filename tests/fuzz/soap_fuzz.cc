#include <cstdlib>

#include "cwmp/codec.h"
#include "cwmp/session.h"
#include "datamodel/model_builder.h"

// The ACS's side of a session: each part of the input, up to a byte 0x1E, is one body. The first byte of a part says
// what comes with it: '3' a redirect, '4' HTTP 401, '5' HTTP 503, anything else HTTP 200 and the rest as the body.
namespace hnbemu::cwmp {
namespace {

constexpr char kEndOfPart = '\x1E';

// One of each kind of member.
std::shared_ptr<const datamodel::Model> sample_model() {
  using datamodel::Type;
  datamodel::ModelBuilder builder;
  const auto must = [](const Result<>& result) {
    if (!result) std::abort();
  };
  must(builder.add_parameter({.path = "Device.DeviceInfo.SerialNumber", .value = "0001"}));
  must(builder.add_parameter({.path = "Device.Mgmt.ParameterKey"}));
  must(builder.add_parameter({.path = "Device.Mgmt.Password", .writable = true, .hidden = true}));
  must(builder.add_parameter({.path = "Device.Mgmt.Enable", .type = Type::boolean, .writable = true}));
  must(builder.add_parameter({.path = "Device.Mgmt.Time", .type = Type::date_time, .writable = true}));
  must(builder.add_parameter({.path = "Device.Mgmt.Blob", .type = Type::base64, .writable = true}));
  must(builder.add_object({.path = "Device.Cell.{i}.", .writable = true, .max_rows = 3}));
  must(builder.add_parameter({.path = "Device.CellNumberOfEntries", .type = Type::unsigned_int}));
  must(builder.add_parameter({.path = "Device.Cell.{i}.Pci", .type = Type::unsigned_int, .writable = true}));
  must(builder.add_parameter({.path = "Device.Cell.{i}.Power", .type = Type::int_, .writable = true}));
  must(builder.add_row("Device.Cell.1."));
  return builder.build();
}

HttpReply reply_of(std::string_view part) {
  const char kind = part.empty() ? '2' : part.front();
  part.remove_prefix(part.empty() ? 0 : 1);
  switch (kind) {
    case '3':
      return {302, part, {}, {}};
    case '4':
      return {401, {}, {}, {}};
    case '5':
      return {503, {}, part, {}};
    default:
      return {200, {}, {}, part};
  }
}

// What this end has understood it can say again, and hears the same.
void check_decoding(std::string_view xml) {
  const auto envelope = decode(xml);
  if (!envelope || std::holds_alternative<InvalidMessage>(envelope->body)) return;
  const auto again = decode(encode(*envelope));
  const bool same = again && message_name(again->body) == message_name(envelope->body);
  if (!same) std::abort();
  if (encode(*again) != encode(*envelope)) std::abort();
}

void play(std::string_view parts, Version version) {
  static const auto shared_model = sample_model();
  datamodel::DataModel model(shared_model);
  model.seal();
  EventQueue events;
  events.push("1 BOOT");
  SessionConfig config;
  config.version = version;
  config.device_id = {"Example", "00AABB", "HNB", "0001"};
  config.inform_parameters = {"Device.DeviceInfo.SerialNumber"};
  config.parameter_key_path = "Device.Mgmt.ParameterKey";
  config.current_time = "2026-03-01T00:00:00Z";
  config.requests.emplace_back(GetRpcMethods{});
  const auto any = [](std::string_view) { return true; };
  config.files = {any, any, 1024};
  Options options;
  DeploymentUnits deployment_units;
  config.optional = {{"SetVouchers", "GetOptions", "ChangeDUState"}, &options, &deployment_units};
  Transfers transfers;
  Session session(std::move(config), model, events, transfers);
  Action action = session.start();
  while (!std::holds_alternative<Finished>(action)) {
    if (const auto* post = std::get_if<Post>(&action); post != nullptr && !post->body.empty() && !decode(post->body)) {
      std::abort();  // what the device says is well-formed, whatever it was told
    }
    if (parts.empty()) {
      action = session.fail({Cause::network, "closed"});
      break;
    }
    const auto part = parts.substr(0, parts.find(kEndOfPart));
    parts.remove_prefix(std::min(part.size() + 1, parts.size()));
    check_decoding(reply_of(part).body);
    action = session.next(reply_of(part));
    (void)session.take_answered();
    (void)session.take_schedule_inform();
  }
}

}  // namespace
}  // namespace hnbemu::cwmp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view parts(reinterpret_cast<const char*>(data) + 1, size - 1);
  hnbemu::cwmp::play(parts, data[0] == '4' ? hnbemu::cwmp::Version::v1_4 : hnbemu::cwmp::Version::v1_0);
  return 0;
}
