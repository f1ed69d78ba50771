#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "adapters/file_transfer/exchange.h"
#include "netns/namespace.h"

namespace hnbemu::file_transfer {

// Of all devices together. A thread ends when there is nothing for it to do.
inline constexpr unsigned kMaxThreads = 128;
inline constexpr std::size_t kMaxWaiting = 16'384;

// Performs the exchange on a thread of its own: whatever interface of it is used, libcurl waits inside for the end of
// an FTP or SFTP transfer (226, SSH_FXP_CLOSE, QUIT), as long as the server likes. Data connections go to the peer's
// address alone. When it completes, the file is the caller's again; `home` and `executor` are not used any more.
// Errors beside those of the exchange: timeout, cancelled, resources.
Task<Outcome> perform_on_thread(boost::asio::any_io_executor executor, const netns::Namespace& home,
                                std::unique_ptr<Exchange> exchange, Path path, Deadline deadline);

}  // namespace hnbemu::file_transfer
