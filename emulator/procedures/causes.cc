#include "procedures/causes.h"

namespace hnbemu::procedures {
namespace {

std::string_view cause_of(const Error& error) {
  switch (error.cause) {
    case Cause::dns_no_such_name:
    case Cause::dns_failure:
      return "dns_failure";
    case Cause::ike_no_answer:
      return "peer_dead";
    case Cause::ike_authentication:
    case Cause::ike_negotiation:
    case Cause::tunnel_lost:
      return "tunnel_down";
    case Cause::resources:
    case Cause::cancelled:
    case Cause::configuration:
    case Cause::system:
      return {};
    default:
      return "hms_unreachable";
  }
}

}  // namespace

std::string alarm_object(const Context& context) {
  const auto path = context.profile.path("admin_state");
  return std::string(path.empty() ? context.profile.root() : path.substr(0, path.rfind('.')));
}

bool raise_cause(Context& context, std::string_view cause, std::string_view text) {
  const auto* const alarm = context.alarms.for_cause(cause);
  if (alarm == nullptr) return false;
  return context.alarms.raise({alarm->identifier, alarm_object(context)}, context.ports.clock.wall_now(), text);
}

bool clear_cause(Context& context, std::string_view cause) {
  const auto* const alarm = context.alarms.for_cause(cause);
  if (alarm == nullptr) return false;
  return context.alarms.clear({alarm->identifier, alarm_object(context)}, context.ports.clock.wall_now());
}

void note_failure(Context& context, const Error& error) {
  if (const auto cause = cause_of(error); !cause.empty()) raise_cause(context, cause, error.detail);
}

void note_registered(Context& context) {
  clear_cause(context, "tunnel_down");
  clear_cause(context, "peer_dead");
  note_session(context);
}

void note_session(Context& context) {
  clear_cause(context, "dns_failure");
  clear_cause(context, "hms_unreachable");
}

}  // namespace hnbemu::procedures
