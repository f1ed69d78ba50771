#include "procedures/transfer.h"

#include <filesystem>

#include "cwmp/xml_document.h"
#include "procedures/device_files.h"
#include "procedures/file_transfer.h"

namespace hnbemu::procedures {
namespace {

constexpr int kInternalError = 9002;

using Done = Installed;

// The file of a transfer while it is on its way.
class WorkFile {
 public:
  WorkFile(const std::string& storage, std::uint32_t id) : path_(fmt::format("{}/transfer-{}", storage, id)) {
    remove();
  }
  ~WorkFile() { remove(); }
  WorkFile(const WorkFile&) = delete;
  WorkFile& operator=(const WorkFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  void remove() const {
    std::error_code none;
    std::filesystem::remove(path_, none);
  }
  std::string path_;
};

tl::unexpected<FileFault> fault_of(const Error& error, bool upload) {
  return tl::unexpected(FileFault{fault_code_of(error, upload), error.detail});
}

FileJob job_of(const cwmp::Transfer& transfer, const std::string& file) {
  const auto method = transfer.is_download() ? FileRequest::Method::get : FileRequest::Method::put;
  return {method, transfer.url, transfer.username, transfer.password, file};
}

// Nothing if it was cancelled.
Task<std::optional<Done>> carry_out(Context& context, cwmp::Transfer transfer, Path path, Deadline deadline) {
  if (context.storage.empty()) co_return Done(tl::unexpected(FileFault{kInternalError, "the device stores no files"}));
  const WorkFile file(context.storage, transfer.id);
  const bool upload = !transfer.is_download();
  if (upload) {
    const auto made = make_file(context, transfer.file_type, file.path());
    if (!made) co_return Done(tl::unexpected(made.error()));
  }
  auto job = job_of(transfer, file.path());
  const auto moved = co_await move_file(context, std::move(job), std::move(path), deadline);
  if (!moved && moved.error().cause == Cause::cancelled) co_return std::nullopt;
  if (!moved) co_return Done(fault_of(moved.error(), upload));
  if (upload) co_return Done(AfterFile::nothing);
  auto install = install_file(context, transfer.file_type, file.path());
  co_return co_await std::move(install);
}

void log_transfer(Context& context, const cwmp::Transfer& transfer, int code, std::string_view text) {
  const auto what = fmt::format("{} of {}, key '{}'", transfer.is_download() ? "download" : "upload",
                                transfer.file_type, transfer.command_key);
  if (code == 0) context.log.add(LogLevel::notice, what + ": done");
  if (code != 0) context.log.add(LogLevel::error, fmt::format("{}: fault {}: {}", what, code, text));
}

// TR-106 3.2.3: a list's items have commas between them, and spaces around.
bool has_item(std::string_view list, std::string_view item) {
  while (!list.empty()) {
    const auto one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    if (cwmp::trim(one) == item) return true;
  }
  return false;
}

// TR-181 ManagementServer.AutonomousTransferCompletePolicy. A model without it has no way to switch it off.
bool is_wanted(const Context& context, const cwmp::Transfer& transfer) {
  if (context.profile.cwmp_version == "1.0") return false;
  std::string policy(context.profile.path("acs_url"));
  policy = policy.substr(0, policy.rfind('.') + 1) + "AutonomousTransferCompletePolicy.";
  const auto enable = context.model.value(policy + "Enable");
  if (!enable) return true;
  if (*enable != "true") return false;
  const auto passes = [&](const char* name, std::string_view kind) {
    const auto filter = context.model.value(policy + name).value_or("Both");
    return filter == "Both" || filter == kind;
  };
  if (!passes("TransferTypeFilter", transfer.is_download() ? "Download" : "Upload")) return false;
  if (!passes("ResultTypeFilter", transfer.fault_code == 0 ? "Success" : "Failure")) return false;
  const auto types = context.model.value(policy + "FileTypeFilter");
  return !types || has_item(*types, transfer.file_type);  // an empty one excludes all
}

}  // namespace

Task<void> perform_transfer(Context& context, std::uint32_t id, Path path, Deadline deadline) {
  auto& clock = context.ports.clock;
  auto& transfers = context.transfers;
  const auto* const found = transfers.find(id);
  if (found == nullptr) co_return;
  if (found->state == cwmp::Transfer::State::not_started) transfers.begin(id, clock.wall_now());
  auto transfer = *found;
  const bool at_once = transfer.at_once;
  const auto done = co_await carry_out(context, std::move(transfer), std::move(path), deadline);
  if (!done || (at_once && !*done && clock.now() >= deadline)) {
    transfers.put_back(id);
  } else if (*done && **done == AfterFile::reboot) {
    transfers.await_boot(id);
  } else {
    const int code = *done ? 0 : done->error().code;
    auto text = *done ? std::string() : done->error().text;
    log_transfer(context, *transfers.find(id), code, text);
    const bool completed = transfers.end(id, code, std::move(text), clock.wall_now());
    if (completed && !at_once) announce_transfer(context, id);
  }
}

bool announce_transfer(Context& context, std::uint32_t id) {
  const auto* const transfer = context.transfers.find(id);
  if (transfer == nullptr) return false;
  if (transfer->autonomous && !is_wanted(context, *transfer)) {
    context.transfers.take(id);
    return false;
  }
  for (auto& event : context.transfers.events_of(id)) context.events.push(std::move(event));
  return true;
}

}  // namespace hnbemu::procedures
