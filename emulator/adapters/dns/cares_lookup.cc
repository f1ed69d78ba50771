#include "adapters/dns/cares_lookup.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>

#include "adapters/dns/cares_channel.h"
#include "adapters/dns/cares_resolver.h"

namespace hnbemu::dns {
namespace {

using Micros = std::chrono::microseconds;

std::vector<IpAddress> addresses_of(const hostent& host) {
  std::vector<IpAddress> addresses;
  for (char** at = host.h_addr_list; at != nullptr && *at != nullptr && addresses.size() < kMaxAddresses; ++at) {
    in_addr address{};
    std::memcpy(&address, *at, sizeof address);
    addresses.push_back(IpAddress::v4(ntohl(address.s_addr)));
  }
  return addresses;
}

// RFC 1035 4.1.1: the AA bit.
bool is_authoritative(const unsigned char* message, int size) {
  return size > 2 && (message[2] & 0x04) != 0;
}

Error error_of(int status, const IpAddress& server) {
  const auto detail = fmt::format("{}: {}", server.to_string(), ares_strerror(status));
  if (status == ARES_ETIMEOUT) return {Cause::timeout, detail, status};
  return {status == ARES_ECONNREFUSED ? Cause::network : Cause::dns_failure, detail, status};
}

// One question, to one server.
class Question : public Channel {
 public:
  using Channel::Channel;
  Result<> ask(const std::string& name, int type, const IpAddress& server, std::uint16_t port, Deadline deadline);
  Result<NameAnswer> end(const IpAddress& server) const;

 private:
  static void on_answer(void* self, int status, int timeouts, unsigned char* message, int size);
  void read(int status, const unsigned char* message, int size);

  Deadline asked_;
  int type_ = ns_t_a;
  std::optional<int> status_;
  NameAnswer answer_;
};

Result<> Question::ask(const std::string& name, int type, const IpAddress& server, std::uint16_t port,
                       Deadline deadline) {
  asked_ = std::chrono::steady_clock::now();
  type_ = type;
  const auto left = std::chrono::ceil<Millis>(deadline - asked_).count();
  const auto timeout = static_cast<int>(std::clamp<std::int64_t>(left, 1, INT_MAX));
  // An answer that is a refusal counts as one: nobody else is asked.
  const auto opened = open({{server}, port, timeout, 1, ARES_FLAG_NOCHECKRESP});
  if (!opened) return opened;
  ares_query(handle(), name.c_str(), ns_c_in, type, &Question::on_answer, this);
  return {};
}

void Question::on_answer(void* self, int status, int, unsigned char* message, int size) {
  auto& question = *static_cast<Question*>(self);
  if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) return;
  question.answer_.time = std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now() - question.asked_);
  question.read(status, message, size);
  question.answered();
}

void Question::read(int status, const unsigned char* message, int size) {
  using Code = NameAnswer::Code;
  hostent* found = nullptr;
  if (status == ARES_SUCCESS && type_ == ns_t_a) {
    status = ares_parse_a_reply(message, size, &found, nullptr, nullptr);
  } else if (status == ARES_SUCCESS) {
    status = ares_parse_ptr_reply(message, size, nullptr, 0, AF_INET, &found);
  }
  answer_.authoritative = message != nullptr && is_authoritative(message, size);
  status_ = ARES_SUCCESS;
  if (found != nullptr && status == ARES_SUCCESS) {
    answer_.name = found->h_name;
    if (type_ == ns_t_a) answer_.addresses = addresses_of(*found);
  } else if (status == ARES_ENOTFOUND || status == ARES_ENODATA) {
    answer_.code = Code::no_such_name;
  } else if (status == ARES_ESERVFAIL || status == ARES_EREFUSED || status == ARES_ENOTIMP || status == ARES_EFORMERR) {
    answer_.code = Code::refused;
  } else {
    status_ = status;
  }
  if (found != nullptr) ares_free_hostent(found);
}

Result<NameAnswer> Question::end(const IpAddress& server) const {
  if (!status_) return fail(Cause::cancelled, "the device was stopped");
  if (*status_ != ARES_SUCCESS) return tl::unexpected(error_of(*status_, server));
  return answer_;
}

// RFC 1035 3.5: the address backwards.
std::string reverse_name(const IpAddress& address) {
  const auto number = address.to_v4();
  return fmt::format("{}.{}.{}.{}.in-addr.arpa", number & 0xff, number >> 8 & 0xff, number >> 16 & 0xff, number >> 24);
}

}  // namespace

Task<Result<NameAnswer>> CaresLookup::look_up(std::string name, IpAddress server, Path path, Deadline deadline) {
  const auto question = std::make_shared<Question>(executor_, home_, std::move(path));
  if (const auto asked = question->ask(name, ns_t_a, server, port_, deadline); !asked) {
    co_return tl::unexpected(asked.error());
  }
  co_await question->wait(deadline);
  auto answer = question->end(server);
  const bool late = !answer && answer.error().cause == Cause::cancelled && std::chrono::steady_clock::now() >= deadline;
  if (late) answer = fail(Cause::timeout, server.to_string() + " did not answer in time");
  co_return answer;
}

Task<Result<std::string>> CaresLookup::name_of(IpAddress address, Path path, Deadline deadline) {
  if (path.dns_servers.empty()) co_return fail(Cause::dns_failure, "the device was given no DNS server");
  const auto server = path.dns_servers.front();
  const auto question = std::make_shared<Question>(executor_, home_, std::move(path));
  if (const auto asked = question->ask(reverse_name(address), ns_t_ptr, server, port_, deadline); !asked) {
    co_return tl::unexpected(asked.error());
  }
  co_await question->wait(deadline);
  const auto answer = question->end(server);
  if (!answer) co_return tl::unexpected(answer.error());
  if (answer->name.empty()) co_return fail(Cause::dns_no_such_name, address.to_string() + " has no name");
  co_return answer->name;
}

}  // namespace hnbemu::dns
