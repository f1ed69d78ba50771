#include "adapters/ipsec/vici_client.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>

namespace hnbemu::ipsec::vici {
namespace {

namespace asio = boost::asio;
constexpr auto use_result = asio::as_tuple(asio::use_awaitable);
constexpr Millis kConnectRetry{20};
constexpr Millis kFirstAnswer{2000};  // of a daemon that has just opened its socket
constexpr std::size_t kMaxQueuedCommands = 32;

struct Request {
  Request(const asio::any_io_executor& executor, Deadline deadline) : answered(executor, deadline) {}
  std::string bytes;
  asio::steady_timer answered;  // cancelled when the answer is there; expires at the command's deadline
  std::optional<Result<Packet>> answer;
};

}  // namespace

// Shared with the handlers of the operations under way, so that they find it whatever happened to the client.
struct Client::State : std::enable_shared_from_this<State> {
  explicit State(const asio::any_io_executor& executor) : socket(executor) {}

  asio::local::stream_protocol::socket socket;
  std::deque<std::shared_ptr<Request>> requests;  // charon works on the front one
  bool open = false;
  std::array<char, 4> header{};
  std::string body;
  EventHandler on_event;
  std::function<void()> on_closed;

  void read_header() {
    asio::async_read(socket, asio::buffer(header), [self = shared_from_this()](auto error, std::size_t) {
      if (error) return self->closed(Cause::system);
      std::size_t size = 0;
      for (const char c : self->header) size = size << 8 | static_cast<std::uint8_t>(c);
      if (size > kMaxPacketBytes) return self->closed(Cause::protocol);
      self->body.resize(size);
      self->read_body();
    });
  }
  void read_body() {
    asio::async_read(socket, asio::buffer(body), [self = shared_from_this()](auto error, std::size_t) {
      if (error) return self->closed(Cause::system);
      auto packet = decode(self->body);
      if (!packet) return self->closed(Cause::protocol);
      self->deliver(std::move(*packet));
      if (self->open) self->read_header();
    });
  }
  void deliver(Packet packet) {
    if (packet.type == PacketType::event) {
      const auto handler = on_event;  // may close the client
      if (handler) handler(packet.name, packet.message);
      return;
    }
    if (requests.empty()) return closed(Cause::protocol);
    finish(*requests.front(), std::move(packet));
    requests.pop_front();
    if (!requests.empty()) send_front();
  }
  static void finish(Request& request, Result<Packet> answer) {
    request.answer = std::move(answer);
    request.answered.cancel();
  }
  void send_front() {
    const auto request = requests.front();
    asio::async_write(socket, asio::buffer(request->bytes),
                      [self = shared_from_this(), request](auto error, std::size_t) {
                        if (error) self->closed(Cause::system);
                      });
  }
  void closed(Cause cause) {
    if (!open) return;
    open = false;
    boost::system::error_code ignored;
    socket.close(ignored);
    for (const auto& request : std::exchange(requests, {})) finish(*request, fail(cause, "charon went away"));
    if (on_closed) asio::post(socket.get_executor(), std::exchange(on_closed, nullptr));
  }

  Task<Result<Packet>> exchange(Packet packet, Deadline deadline) {
    const auto self = shared_from_this();
    auto bytes = encode(packet);
    if (!bytes) co_return tl::unexpected(bytes.error());
    if (!open) co_return fail(Cause::system, "charon is not there");
    if (requests.size() >= kMaxQueuedCommands) co_return fail(Cause::resources, "too many commands wait for charon");
    const bool cancelled_before = co_await is_cancelled();
    const auto request = std::make_shared<Request>(socket.get_executor(), deadline);
    request->bytes = std::move(*bytes);
    requests.push_back(request);
    if (requests.size() == 1) send_front();
    co_await request->answered.async_wait(use_result);
    // A cancellation that comes together with the answer is one all the same: nobody would tell of it again.
    const bool cancelled_now = co_await is_cancelled();
    if (request->answer && cancelled_now && !cancelled_before) co_return fail(Cause::cancelled, packet.name);
    if (request->answer) co_return std::move(*request->answer);
    // The front one is with charon already and stays, so that its answer is not taken for another's.
    if (requests.front() != request) std::erase(requests, request);
    if (std::chrono::steady_clock::now() < deadline) co_return fail(Cause::cancelled, packet.name);
    co_return fail(Cause::timeout, fmt::format("charon did not answer '{}'", packet.name));
  }
};

Client::Client(asio::any_io_executor executor) : state_(std::make_shared<State>(executor)) {}

Client::~Client() {
  close();
}

void Client::close() {
  state_->on_event = nullptr;
  state_->on_closed = nullptr;
  state_->closed(Cause::cancelled);
}

bool Client::is_open() const {
  return state_->open;
}
void Client::on_event(EventHandler handler) {
  state_->on_event = std::move(handler);
}
void Client::on_closed(std::function<void()> handler) {
  state_->on_closed = std::move(handler);
}

Task<Result<>> Client::connect(std::string socket_path, std::vector<std::string> events, Deadline deadline,
                               std::function<bool()> is_running) {
  const auto state = state_;
  asio::steady_timer pause(state->socket.get_executor());
  const asio::local::stream_protocol::endpoint endpoint(socket_path);
  const bool cancelled_before = co_await is_cancelled();
  while (!state->open && std::chrono::steady_clock::now() < deadline && (!is_running || is_running())) {
    const auto [error] = co_await state->socket.async_connect(endpoint, use_result);
    const bool cancelled = co_await is_cancelled();
    if (cancelled && !cancelled_before) co_return fail(Cause::cancelled, "connecting to charon");
    if (!error) {
      state->open = true;
      state->read_header();
      Packet version{PacketType::cmd_request, "version", {}};
      const auto patience = std::min(deadline, std::chrono::steady_clock::now() + kFirstAnswer);
      const auto alive = co_await state->exchange(std::move(version), patience);
      if (alive) break;
      state->closed(Cause::cancelled);
      if (alive.error().cause == Cause::cancelled) co_return tl::unexpected(alive.error());
    }
    boost::system::error_code ignored;
    state->socket.close(ignored);
    pause.expires_after(kConnectRetry);
    const auto [stopped] = co_await pause.async_wait(use_result);
    if (stopped) co_return fail(Cause::cancelled, "connecting to charon");
  }
  if (!state->open) co_return fail(Cause::timeout, fmt::format("charon does not answer on {}", socket_path));
  for (auto& name : events) {
    Packet subscribe{PacketType::event_register, name, {}};
    const auto confirmed = co_await state->exchange(std::move(subscribe), deadline);
    if (!confirmed) co_return tl::unexpected(confirmed.error());
    if (confirmed->type != PacketType::event_confirm) co_return fail(Cause::protocol, "charon knows no event " + name);
  }
  co_return Result<>{};
}

Task<Result<Section>> Client::command(std::string name, Section message, Deadline deadline) {
  const auto state = state_;
  Packet packet{PacketType::cmd_request, name, std::move(message)};
  auto answer = co_await state->exchange(std::move(packet), deadline);
  if (!answer) co_return tl::unexpected(answer.error());
  if (answer->type != PacketType::cmd_response) co_return fail(Cause::protocol, "charon knows no command " + name);
  if (answer->message.text("success") == "no") {
    co_return fail(Cause::configuration, fmt::format("charon: {}: {}", name, answer->message.text("errmsg")));
  }
  co_return std::move(answer->message);
}

}  // namespace hnbemu::ipsec::vici
