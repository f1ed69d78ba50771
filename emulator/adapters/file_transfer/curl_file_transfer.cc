#include "adapters/file_transfer/curl_file_transfer.h"

#include "adapters/file_transfer/crew.h"
#include "adapters/file_transfer/exchange.h"
#include "adapters/http/curl_multi.h"

namespace hnbemu::file_transfer {

// Shared with the transfers under way.
class CurlFileTransfer::Client {
 public:
  Client(boost::asio::any_io_executor executor, const netns::Namespace& home, http::TlsConfig tls, Patience patience)
      : executor_(std::move(executor)),
        home_(home),
        tls_(std::make_shared<const http::TlsConfig>(std::move(tls))),
        patience_(patience),
        curl_(executor_, home) {}

  static Task<Result<FileReply>> transfer(std::shared_ptr<Client> self, FileRequest request, Path path,
                                          Deadline deadline);

 private:
  // What the server had called the file that came in part, so that the rest is of the same.
  struct Part {
    std::string url;
    std::string file;
    std::string validator;
  };

  static Task<Outcome> attempt(std::shared_ptr<Client> self, FileRequest request, Path path, Deadline deadline);
  std::string validator_for(const FileRequest& request) const;

  const boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  const std::shared_ptr<const http::TlsConfig> tls_;
  const Patience patience_;
  http::CurlMulti curl_;
  unsigned running_ = 0;  // transfers of curl_
  Part part_;
};

std::string CurlFileTransfer::Client::validator_for(const FileRequest& request) const {
  const bool same = part_.file == request.file && part_.url == request.url.to_string();
  return same ? part_.validator : "";
}

Task<Outcome> CurlFileTransfer::Client::attempt(std::shared_ptr<Client> self, FileRequest request, Path path,
                                                Deadline deadline) {
  const auto validator = self->validator_for(request);
  auto exchange = std::make_unique<Exchange>(request, self->tls_, self->patience_, validator);
  if (auto opened = exchange->open(); !opened) co_return Outcome{tl::unexpected(opened.error())};
  if (!exchange->http()) {
    co_return co_await perform_on_thread(self->executor_, self->home_, std::move(exchange), std::move(path), deadline);
  }
  ++self->running_;
  const auto code = co_await self->curl_.perform(exchange->easy(), std::move(path), deadline);
  auto outcome = code ? exchange->conclude(*code) : Outcome{exchange->failed(code.error())};
  if (request.method == FileRequest::Method::get) {
    self->part_ = {request.url.to_string(), request.file, exchange->validator()};
  }
  exchange->close();
  if (--self->running_ == 0) self->curl_.close_all();  // nothing is kept open for files to come
  co_return outcome;
}

Task<Result<FileReply>> CurlFileTransfer::Client::transfer(std::shared_ptr<Client> self, FileRequest request, Path path,
                                                           Deadline deadline) {
  auto outcome = co_await attempt(self, request, path, deadline);
  if (outcome.begin_again) {
    request.resume = 0;
    outcome = co_await attempt(self, request, path, deadline);
  }
  co_return std::move(outcome.reply);
}

CurlFileTransfer::CurlFileTransfer(boost::asio::any_io_executor executor, const netns::Namespace& home,
                                   http::TlsConfig tls, Patience patience)
    : client_(std::make_shared<Client>(std::move(executor), home, std::move(tls), patience)) {}

CurlFileTransfer::~CurlFileTransfer() = default;

Task<Result<FileReply>> CurlFileTransfer::transfer(FileRequest request, Path path, Deadline deadline) {
  return Client::transfer(client_, std::move(request), std::move(path), deadline);
}

}  // namespace hnbemu::file_transfer
