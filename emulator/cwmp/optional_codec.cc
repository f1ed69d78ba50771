#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cwmp/message_codec.h"

namespace hnbemu::cwmp {
namespace {

constexpr std::array<std::string_view, 3> kOperationTypes{"InstallOpStruct", "UpdateOpStruct", "UninstallOpStruct"};

std::string optional_text(MessageReader& in, std::string_view name) {
  return in.has(name) ? in.text(name) : std::string();
}
std::string optional_token(MessageReader& in, std::string_view name) {
  return in.has(name) ? in.token(name) : std::string();
}
void write_if_told(XmlWriter& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.element(name, text);
}

DuOperation read_operation(MessageReader& in, DuOperation::Kind kind) {
  using enum DuOperation::Kind;
  DuOperation operation{kind};
  operation.uuid = kind == uninstall ? in.token("UUID") : optional_token(in, "UUID");
  if (kind != uninstall) {
    operation.url = kind == install ? in.token("URL") : optional_token(in, "URL");
    operation.username = optional_text(in, "Username");
    operation.password = optional_text(in, "Password");
  }
  if (kind != install) operation.version = optional_text(in, "Version");
  if (kind != update) operation.execution_environment_ref = optional_token(in, "ExecutionEnvRef");
  return operation;
}

}  // namespace

void Wire<SetVouchers>::read(MessageReader& in, SetVouchers& out) {
  out.vouchers = in.strings("VoucherList");
}
void Wire<SetVouchers>::write(XmlWriter& out, const SetVouchers& in) {
  out.open_array("VoucherList", "soap-enc:base64", in.vouchers.size());
  for (const auto& voucher : in.vouchers) out.element("base64", voucher);
  out.close("VoucherList");
}

void Wire<GetOptions>::read(MessageReader& in, GetOptions& out) {
  out.option_name = in.text("OptionName");
}
void Wire<GetOptions>::write(XmlWriter& out, const GetOptions& in) {
  out.element("OptionName", in.option_name);
}

void Wire<GetOptionsResponse>::read(MessageReader& in, GetOptionsResponse& out) {
  in.structs("OptionList", [&](MessageReader& item) {
    OptionStruct option{item.text("OptionName"), item.unsigned_int("VoucherSN"), item.unsigned_int("State"),
                        item.integer("Mode"), item.token("StartDate")};
    option.expiration_date = optional_token(item, "ExpirationDate");
    option.is_transferable = item.boolean("IsTransferable");
    out.options.push_back(std::move(option));
  });
}
void Wire<GetOptionsResponse>::write(XmlWriter& out, const GetOptionsResponse& in) {
  out.open_array("OptionList", "cwmp:OptionStruct", in.options.size());
  for (const auto& option : in.options) {
    out.open("OptionStruct");
    out.element("OptionName", option.name);
    out.element("VoucherSN", option.voucher_sn);
    out.element("State", option.state);
    out.element("Mode", option.mode);
    out.element("StartDate", option.start_date);
    write_if_told(out, "ExpirationDate", option.expiration_date);
    out.element("IsTransferable", option.is_transferable);
    out.close("OptionStruct");
  }
  out.close("OptionList");
}

// What an operation is shows in its xsi:type alone.
void Wire<ChangeDuState>::read(MessageReader& in, ChangeDuState& out) {
  in.repeated("Operations", [&](MessageReader& item) {
    const auto type = item.own_type();
    const auto* const known = std::ranges::find(kOperationTypes, type);
    if (known == kOperationTypes.end())
      return item.invalid(fmt::format("Operations of xsi:type '{}'", type.substr(0, 64)));
    const auto kind = static_cast<DuOperation::Kind>(known - kOperationTypes.begin());
    out.operations.push_back(read_operation(item, kind));
  });
  out.command_key = optional_text(in, "CommandKey");
}
void Wire<ChangeDuState>::write(XmlWriter& out, const ChangeDuState& in) {
  using enum DuOperation::Kind;
  for (const auto& operation : in.operations) {
    const auto type = kOperationTypes[static_cast<std::size_t>(operation.kind)];
    out.open("Operations", fmt::format(R"( xsi:type="cwmp:{}")", type));
    if (operation.kind == install) out.element("URL", operation.url);
    if (operation.kind == uninstall) out.element("UUID", operation.uuid);
    if (operation.kind != uninstall) write_if_told(out, "UUID", operation.uuid);
    write_if_told(out, "Version", operation.version);
    if (operation.kind == update) write_if_told(out, "URL", operation.url);
    write_if_told(out, "Username", operation.username);
    write_if_told(out, "Password", operation.password);
    write_if_told(out, "ExecutionEnvRef", operation.execution_environment_ref);
    out.close("Operations");
  }
  out.element("CommandKey", in.command_key);
}

void Wire<DuStateChangeComplete>::read(MessageReader& in, DuStateChangeComplete& out) {
  in.repeated("Results", [&](MessageReader& item) {
    OpResultStruct result{item.token("UUID"),         item.text("DeploymentUnitRef"), item.text("Version"),
                          item.token("CurrentState"), item.boolean("Resolved"),       item.text("ExecutionUnitRefList"),
                          item.token("StartTime"),    item.token("CompleteTime")};
    auto fault = item.structure("Fault");
    result.fault_code = static_cast<int>(fault.unsigned_int("FaultCode"));
    result.fault_string = optional_text(fault, "FaultString");
    out.results.push_back(std::move(result));
  });
  out.command_key = optional_text(in, "CommandKey");
}
void Wire<DuStateChangeComplete>::write(XmlWriter& out, const DuStateChangeComplete& in) {
  for (const auto& result : in.results) {
    out.open("Results");
    out.element("UUID", result.uuid);
    out.element("DeploymentUnitRef", result.deployment_unit_ref);
    out.element("Version", result.version);
    out.element("CurrentState", result.current_state);
    out.element("Resolved", result.resolved);
    out.element("ExecutionUnitRefList", result.execution_unit_ref_list);
    out.element("StartTime", result.start_time);
    out.element("CompleteTime", result.complete_time);
    out.open("Fault");
    out.element("FaultCode", result.fault_code);
    out.element("FaultString", result.fault_string);
    out.close("Fault");
    out.close("Results");
  }
  out.element("CommandKey", in.command_key);
}

}  // namespace hnbemu::cwmp
