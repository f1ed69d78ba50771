#include "procedures/file_transfer.h"

#include <algorithm>
#include <filesystem>

#include "procedures/host_addresses.h"

namespace hnbemu::procedures {
namespace {

bool is_redirect(int status) {
  return status >= 300 && status < 400;
}

// A file that is sent is sent again only where the server says so (RFC 9110 15.4): 303 is another thing to fetch.
bool may_follow(const FileJob& job, int status) {
  if (status == 307 || status == 308) return true;
  return (status == 301 || status == 302 || status == 303) && job.method == FileRequest::Method::get;
}

std::uint64_t size_of(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

// One attempt at one URL: the first address that can be connected to has the file.
Task<Result<FileReply>> attempt(Context& context, FileRequest request, Path path, Deadline deadline) {
  auto addresses = co_await addresses_of(context, request.url.host, path);
  if (!addresses) co_return tl::unexpected(addresses.error());
  Result<FileReply> reply = fail(Cause::dns_no_such_name, request.url.host + " has no address");
  for (const auto& address : *addresses) {
    request.address = address;
    auto one = request;
    reply = co_await context.ports.files.transfer(std::move(one), path, deadline);
    if (reply || reply.error().cause != Cause::network) break;
  }
  co_return reply;
}

// Where a redirect leads; a login is for the host that it was given for.
Result<Url> redirected(const FileRequest& request, const FileReply& reply) {
  if (reply.location.empty()) return fail(Cause::protocol, "the file server redirects without a Location");
  auto url = request.url.resolve(reply.location);
  if (!url) return fail(Cause::protocol, "the file server redirects to no URL: " + url.error().detail);
  if (url->scheme != "http" && url->scheme != "https") {
    return fail(Cause::unsupported, fmt::format("the file server redirects to '{}'", url->scheme));
  }
  return url;
}

}  // namespace

Task<Result<std::uint64_t>> move_file(Context& context, FileJob job, Path path, Deadline deadline) {
  auto& clock = context.ports.clock;
  const auto url = Url::parse(job.url);
  if (!url) co_return tl::unexpected(url.error());
  FileRequest request;
  request.method = job.method;
  request.url = *url;
  request.username = job.username;
  request.password = job.password;
  request.file = job.file;
  request.limit = kMaxFileBytes;
  request.content_type = job.content_type;
  const bool get = job.method == FileRequest::Method::get;
  unsigned redirects = 0;
  for (unsigned resumes = 0;;) {
    const auto reply = co_await attempt(context, request, path, deadline);
    if (!reply) {
      const bool again = reply.error().cause == Cause::interrupted && resumes < kMaxResumes && clock.now() < deadline;
      if (!again) co_return tl::unexpected(reply.error());
      const auto until = std::min(deadline, clock.now() + kBeforeResume * (1U << resumes));
      const auto waited = co_await clock.sleep_until(until);
      if (!waited) co_return tl::unexpected(waited.error());
      ++resumes;
      if (get) request.resume = size_of(job.file);
      continue;
    }
    if (!is_redirect(reply->status)) co_return reply->bytes;
    if (!may_follow(job, reply->status)) {
      co_return fail(Cause::protocol, fmt::format("the file server answers HTTP {}", reply->status), reply->status);
    }
    if (++redirects > kMaxFileRedirects) {
      co_return fail(Cause::protocol, fmt::format("the file server redirects more than {} times", kMaxFileRedirects));
    }
    auto there = redirected(request, *reply);
    if (!there) co_return tl::unexpected(there.error());
    if (there->host != request.url.host) request.username = request.password = "";
    request.url = std::move(*there);
  }
}

int fault_code_of(const Error& error, bool upload) {
  switch (error.cause) {
    case Cause::authentication:
      return 9012;
    case Cause::dns_no_such_name:
    case Cause::dns_failure:
    case Cause::network:
    case Cause::tls_certificate:
    case Cause::tls_handshake:
      return 9015;
    case Cause::not_found:
      return 9016;
    case Cause::interrupted:
    case Cause::timeout:
      return upload ? 9011 : 9017;
    default:
      return upload ? 9011 : 9010;
  }
}

}  // namespace hnbemu::procedures
