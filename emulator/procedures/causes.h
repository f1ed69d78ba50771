#pragma once

#include <optional>
#include <string_view>

#include "procedures/context.h"

// True causes of alarms (TS 32.583 5.5, TS 32.593 5.3): what the device itself sees to be wrong.
namespace hnbemu::procedures {

// What the alarms are about: path of the cell's control object, or of the device.
std::string alarm_object(const Context& context);

// `cause` is one of config::kAlarmCauses. False if nothing changed: the alarm is there already, or this device has none
// for it.
bool raise_cause(Context& context, std::string_view cause, std::string_view text);
bool clear_cause(Context& context, std::string_view cause);

// What a failed attempt or session says of the way to the HMS, and what one that went well does.
void note_failure(Context& context, const Error& error);
void note_registered(Context& context);  // tunnel, names and HMS are all right
void note_session(Context& context);     // the HMS is there

}  // namespace hnbemu::procedures
