#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/url.h"
#include "cwmp/rpc_handlers.h"

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;

constexpr std::size_t kMaxText = 256;  // of URL, names and passwords (the schema's)

// A.3.2.8: the URL holds no login.
bool has_login(std::string_view url) {
  const auto authority = url.substr(url.find("://") + 3);
  return authority.substr(0, authority.find_first_of("/?#")).find('@') != std::string_view::npos;
}

// What no transfer can begin with; the rest shows when it is tried.
template <class Request>
std::optional<Fault> check(const Request& request, bool known_type) {
  const auto invalid = [](std::string_view text) { return make_fault(FaultCode::invalid_arguments, text); };
  if (auto fault = check_key("CommandKey", request.command_key)) return fault;
  if (!known_type) return invalid(fmt::format("the device has no file of FileType '{}'", request.file_type));
  for (const auto* const text : {&request.url, &request.username, &request.password}) {
    if (text->size() > kMaxText) return invalid(fmt::format("a text of more than {} characters", kMaxText));
  }
  const auto url = Url::parse(request.url);
  if (!url) return invalid(url.error().detail);
  if (has_login(request.url)) return invalid("the URL has a user name in it");
  if (!url->is_for_files()) return make_fault(FaultCode::unsupported_protocol, url->scheme);
  return std::nullopt;
}

template <class Request>
std::optional<Fault> check_download(const RpcContext& context, const Request& request) {
  const auto& files = context.files;
  if (auto fault = check(request, files.can_download && files.can_download(request.file_type))) return fault;
  if (request.target_file_name.size() > kMaxText) {
    return make_fault(FaultCode::invalid_arguments, "TargetFileName is too long");
  }
  if (request.file_size <= files.max_bytes) return std::nullopt;
  return make_fault(FaultCode::resources_exceeded,
                    fmt::format("FileSize {}: the device has room for {}", request.file_size, files.max_bytes));
}

const TransferResponse& later() {
  static const TransferResponse response{1, std::string(unknown_time), std::string(unknown_time)};
  return response;
}

Fault refusal(FaultCode code) {
  const bool full = code == FaultCode::resources_exceeded;
  return make_fault(code, full ? fmt::format("{} transfers wait", Transfers::kMaxTransfers) : "TimeWindowList");
}

}  // namespace

// SuccessURL and FailureURL are for the browser of a user who asked for the download: a device without one has no use
// for them.
Body download(RpcContext& context, const Body& body) {
  const auto& request = std::get<Download>(body);
  if (auto fault = check_download(context, request)) return std::move(*fault);
  const auto added = context.transfers.add(request, context.now);
  if (!added) return refusal(added.error());
  return DownloadResponse{later()};
}

Body upload(RpcContext& context, const Body& body) {
  const auto& request = std::get<Upload>(body);
  const auto& files = context.files;
  if (auto fault = check(request, files.can_upload && files.can_upload(request.file_type))) return std::move(*fault);
  const auto added = context.transfers.add(request, context.now);
  if (!added) return refusal(added.error());
  return UploadResponse{later()};
}

Body schedule_download(RpcContext& context, const Body& body) {
  const auto& request = std::get<ScheduleDownload>(body);
  if (auto fault = check_download(context, request)) return std::move(*fault);
  const auto added = context.transfers.add(request, context.now);
  if (!added) return refusal(added.error());
  return ScheduleDownloadResponse{};
}

Body cancel_transfer(RpcContext& context, const Body& request) {
  const auto done = context.transfers.cancel(std::get<CancelTransfer>(request).command_key);
  if (!done) return make_fault(done.error());
  return CancelTransferResponse{};
}

// A.4.1.1: what the ACS has asked for; A.4.1.7 has the others too.
Body get_queued_transfers(RpcContext& context, const Body&) {
  GetQueuedTransfersResponse response;
  for (const auto& transfer : context.transfers.all()) {
    if (transfer.autonomous) continue;
    response.transfers.push_back({transfer.command_key, static_cast<int>(transfer.state)});
  }
  return response;
}

Body get_all_queued_transfers(RpcContext& context, const Body&) {
  GetAllQueuedTransfersResponse response;
  for (const auto& transfer : context.transfers.all()) {
    response.transfers.push_back({transfer.command_key, static_cast<int>(transfer.state), transfer.is_download(),
                                  transfer.file_type, transfer.file_size, transfer.target_file_name});
  }
  return response;
}

}  // namespace hnbemu::cwmp
