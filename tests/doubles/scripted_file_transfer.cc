#include "doubles/scripted_file_transfer.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace hnbemu::doubles {
namespace {

void write(const FileRequest& request, std::string_view content) {
  std::error_code none;
  std::filesystem::resize_file(request.file, request.resume, none);
  const auto mode = request.resume > 0 ? std::ios::app : std::ios::trunc;
  std::ofstream(request.file, std::ios::binary | std::ios::out | mode) << content;
}

}  // namespace

Task<Result<FileReply>> ScriptedFileTransfer::transfer(FileRequest request, Path path, Deadline deadline) {
  requests.push_back(request);
  paths.push_back(path);
  ++under_way;
  const auto until = clock_.now() + time;
  const auto waited = co_await clock_.sleep_until(std::min(until, deadline));
  --under_way;
  if (!waited) co_return tl::unexpected(waited.error());
  if (until > deadline) co_return hnbemu::fail(Cause::timeout, "scripted");
  if (!script.empty()) {
    const auto answer = std::move(script.front());
    script.pop_front();
    if (!answer.part.empty()) write(request, answer.part);
    if (answer.error) co_return tl::unexpected(*answer.error);
    co_return FileReply{answer.status, answer.location, 0};
  }
  co_return request.method == FileRequest::Method::get ? get(request) : put(request);
}

Result<FileReply> ScriptedFileTransfer::get(const FileRequest& request) {
  const auto found = files.find(request.url.to_string());
  if (found == files.end()) return hnbemu::fail(Cause::not_found, request.url.to_string());
  const auto& content = found->second;
  if (content.size() > request.limit) return hnbemu::fail(Cause::resources, "too large");
  write(request, std::string_view(content).substr(std::min<std::size_t>(request.resume, content.size())));
  return FileReply{200, "", content.size()};
}

Result<FileReply> ScriptedFileTransfer::put(const FileRequest& request) {
  std::stringstream content;
  content << std::ifstream(request.file, std::ios::binary).rdbuf();
  const auto& stored = sent[request.url.to_string()] = content.str();
  return FileReply{201, "", stored.size()};
}

}  // namespace hnbemu::doubles
