#include "hms/measurement_files.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

namespace hnbemu::hms {
namespace {

constexpr std::size_t kMaxName = 200;

// TS 32.432 has no others in a name.
bool is_name(std::string_view name) {
  const auto good = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("+-_.").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= kMaxName && name.front() != '.' && std::ranges::all_of(name, good);
}

HttpReply reply(int status) {
  HttpReply reply;
  reply.status = status;
  return reply;
}

}  // namespace

bool MeasurementFiles::is_file(const HttpRequest& request) {
  return (request.method == "PUT" || request.method == "POST") && request.target.starts_with(kPath);
}

HttpReply MeasurementFiles::receive(const HttpRequest& request) {
  const auto name = request.target.substr(kPath.size());
  if (!is_name(name)) return reply(400);
  const std::scoped_lock lock(mutex_);
  if (!directory_.empty()) {
    const auto part = directory_ + "/.part";
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    file << request.body;
    file.close();
    std::error_code error;
    if (file) std::filesystem::rename(part, directory_ + "/" + name, error);
    if (!file || error) return reply(507);
  }
  const auto known = std::ranges::find(files_, name, &File::name);
  const bool is_new = known == files_.end();
  if (!is_new) {
    bytes_ -= known->bytes;
    files_.erase(known);
  }
  files_.push_back({name, request.body.size()});
  bytes_ += request.body.size();
  make_room();
  return reply(is_new ? 201 : 204);
}

void MeasurementFiles::make_room() {
  while (files_.size() > kMaxFiles || (bytes_ > kMaxBytes && files_.size() > 1)) {
    std::error_code none;
    if (!directory_.empty()) std::filesystem::remove(directory_ + "/" + files_.front().name, none);
    bytes_ -= files_.front().bytes;
    files_.pop_front();
  }
}

std::vector<std::string> MeasurementFiles::names() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& file : files_) names.push_back(file.name);
  return names;
}

}  // namespace hnbemu::hms
