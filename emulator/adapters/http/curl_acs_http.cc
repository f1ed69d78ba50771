#include "adapters/http/curl_acs_http.h"

#include "adapters/http/transfer.h"

namespace hnbemu::http {

CurlAcsHttp::CurlAcsHttp(boost::asio::any_io_executor executor, const netns::Namespace& home, TlsConfig tls)
    : transfer_(std::make_shared<Transfer>(std::move(executor), home, std::move(tls))) {}

CurlAcsHttp::~CurlAcsHttp() {
  transfer_->close_all();
}

Task<Result<AcsResponse>> CurlAcsHttp::post(AcsRequest request, Path path, Deadline deadline) {
  return transfer_->post(std::move(request), std::move(path), deadline);
}

void CurlAcsHttp::reset() {
  transfer_->close_all();
}

}  // namespace hnbemu::http
