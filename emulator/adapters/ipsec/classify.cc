#include <array>

#include "adapters/ipsec/ike_tunnel.h"

// vici's initiate answers "establishing CHILD_SA failed" whatever happened; the reason is only in the log that it
// streams.
namespace hnbemu::ipsec {
namespace {

struct Phrase {
  std::string_view words;
  Cause cause;
};

// strongSwan 5.9; the first that occurs in the log decides.
constexpr std::array kPhrases{
    Phrase{"constraint check failed", Cause::ike_authentication},
    Phrase{"constraint requires", Cause::ike_authentication},
    Phrase{"MAC mismatched", Cause::ike_authentication},
    Phrase{"no trusted", Cause::ike_authentication},
    Phrase{"no issuer certificate found", Cause::ike_authentication},
    Phrase{"certificate expired", Cause::ike_authentication},
    Phrase{"subject certificate invalid", Cause::ike_authentication},
    Phrase{"AUTHENTICATION_FAILED", Cause::ike_authentication},
    Phrase{"no private key found", Cause::ike_authentication},
    Phrase{"no shared key found", Cause::ike_authentication},
    Phrase{"NO_PROPOSAL_CHOSEN", Cause::ike_negotiation},
    Phrase{"no acceptable", Cause::ike_negotiation},
    Phrase{"TS_UNACCEPTABLE", Cause::ike_negotiation},
    Phrase{"INTERNAL_ADDRESS_FAILURE", Cause::ike_negotiation},
    Phrase{"failed to establish CHILD_SA", Cause::ike_negotiation},
    Phrase{"unable to install", Cause::system},
    Phrase{"giving up after", Cause::ike_no_answer},
    Phrase{"peer not responding", Cause::ike_no_answer},
};

}  // namespace

Error classify(const std::vector<std::string>& log, bool deadline_passed) {
  bool answered = false;
  for (const auto& line : log) answered = answered || line.starts_with("received packet");
  for (const auto& phrase : kPhrases) {
    for (const auto& line : log) {
      if (line.find(phrase.words) != std::string::npos) return Error{phrase.cause, "charon: " + line};
    }
  }
  const std::string last = log.empty() ? "it gave no reason" : log.back();
  if (!answered) return Error{Cause::ike_no_answer, "the SeGW has not answered; charon: " + last};
  if (deadline_passed) return Error{Cause::timeout, "the IKE exchanges did not end in time; charon: " + last};
  return Error{Cause::ike_negotiation, "charon: " + last};
}

}  // namespace hnbemu::ipsec
