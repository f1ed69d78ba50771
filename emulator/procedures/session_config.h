#pragma once

#include "cwmp/session.h"
#include "procedures/context.h"

namespace hnbemu::procedures {

// What the next session begins with, and tells: `4 VALUE CHANGE` is among the events if a value has changed.
cwmp::SessionConfig session_config(Context& context);

}  // namespace hnbemu::procedures
