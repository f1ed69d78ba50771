#include "app/connection_request.h"

#include <curl/curl.h>

#include <memory>
#include <thread>

#include "base/time.h"

namespace hnbemu::app {
namespace {

constexpr long kTimeoutS = 10;
constexpr int kTries = 20;  // of a device that is busy, or was asked too often (TR-069 3.2.2: 503)
constexpr Seconds kBetween{1};
constexpr long kBusy = 503;

std::size_t ignore(char* /*data*/, std::size_t size, std::size_t count, void* /*user*/) {
  return size * count;
}

}  // namespace

Result<> request_connection(const DeviceView& network, const std::string& url, const std::string& username,
                            const std::string& password) {
  if (auto entered = enter_network(network); !entered) return entered;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(curl.get(), CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
  curl_easy_setopt(curl.get(), CURLOPT_USERNAME, username.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, password.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, kTimeoutS);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, ignore);
  long status = kBusy;
  for (int tries = 0; status == kBusy && tries < kTries; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(kBetween);
    const auto code = curl_easy_perform(curl.get());
    if (code != CURLE_OK)
      return fail(Cause::network, fmt::format("connection request to {}: {}", url, curl_easy_strerror(code)));
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  }
  if (status == 200 || status == 204) return {};
  const auto cause = status == 401 ? Cause::authentication : Cause::http_status;
  return fail(
      cause,
      fmt::format("connection request to {}: HTTP {}; the HMS's request waits for the next session", url, status),
      static_cast<int>(status));
}

}  // namespace hnbemu::app
