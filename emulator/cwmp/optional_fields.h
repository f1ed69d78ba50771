#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cwmp/fields.h"
#include "cwmp/messages.h"

// Of the methods that only some devices have (TR-069 A.4.1.3, A.4.1.4, A.4.1.10, A.4.2.4).
namespace hnbemu::cwmp {

void fields(auto& io, Like<SetVouchers> auto& request) {
  io.strings("VoucherList", request.vouchers, "soap-enc:base64");
}

void fields(auto& io, Like<GetOptions> auto& request) {
  io.text("OptionName", request.option_name);
}

void fields(auto& io, Like<OptionStruct> auto& option) {
  io.text("OptionName", option.name);
  io.unsigned_int("VoucherSN", option.voucher_sn);
  io.unsigned_int("State", option.state);
  io.integer("Mode", option.mode);
  io.token("StartDate", option.start_date);
  io.optional_token("ExpirationDate", option.expiration_date);
  io.boolean("IsTransferable", option.is_transferable);
}

void fields(auto& io, Like<GetOptionsResponse> auto& response) {
  io.array("OptionList", "cwmp:OptionStruct", response.options);
}

// InstallOpStruct, UpdateOpStruct, UninstallOpStruct.
void fields(auto& io, Like<DuOperation> auto& operation) {
  using enum DuOperation::Kind;
  const auto kind = operation.kind;
  if (kind == install) io.token("URL", operation.url);
  if (kind == uninstall) io.token("UUID", operation.uuid);
  if (kind != uninstall) io.optional_token("UUID", operation.uuid);
  if (kind != install) io.optional_text("Version", operation.version);
  if (kind == update) io.optional_token("URL", operation.url);
  if (kind != uninstall) {
    io.optional_text("Username", operation.username);
    io.optional_text("Password", operation.password);
  }
  if (kind != update) io.optional_token("ExecutionEnvRef", operation.execution_environment_ref);
}

// By DuOperation::Kind: what an operation is shows in its xsi:type alone.
inline constexpr std::array<std::string_view, 3> kOperationTypes{"InstallOpStruct", "UpdateOpStruct",
                                                                 "UninstallOpStruct"};

inline void fields(FieldReader& io, ChangeDuState& request) {
  io.in().repeated("Operations", [&](MessageReader& item) {
    const auto type = item.own_type();
    const auto* const known = std::ranges::find(kOperationTypes, type);
    if (known == kOperationTypes.end()) {
      return item.invalid(fmt::format("Operations of xsi:type '{}'", type.substr(0, 64)));
    }
    FieldReader operation(item);
    const auto kind = static_cast<DuOperation::Kind>(known - kOperationTypes.begin());
    fields(operation, request.operations.emplace_back(DuOperation{kind}));
  });
  io.text_if_told("CommandKey", request.command_key);
}

inline void fields(FieldWriter& io, const ChangeDuState& request) {
  for (const auto& operation : request.operations) {
    const auto type = kOperationTypes[static_cast<std::size_t>(operation.kind)];
    io.out().open("Operations", fmt::format(R"( xsi:type="cwmp:{}")", type));
    fields(io, operation);
    io.out().close("Operations");
  }
  io.text("CommandKey", request.command_key);
}

void fields(auto& io, Like<OpResultStruct> auto& result) {
  io.token("UUID", result.uuid);
  io.text("DeploymentUnitRef", result.deployment_unit_ref);
  io.text("Version", result.version);
  io.token("CurrentState", result.current_state);
  io.boolean("Resolved", result.resolved);
  io.text("ExecutionUnitRefList", result.execution_unit_ref_list);
  io.token("StartTime", result.start_time);
  io.token("CompleteTime", result.complete_time);
  io.structure("Fault", [&](auto& fault) {
    fault.unsigned_int("FaultCode", result.fault_code);
    fault.text_if_told("FaultString", result.fault_string);
  });
}

void fields(auto& io, Like<DuStateChangeComplete> auto& report) {
  io.repeated("Results", report.results);
  io.text_if_told("CommandKey", report.command_key);
}

}  // namespace hnbemu::cwmp
