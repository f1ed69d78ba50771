#pragma once

#include "ports/echo.h"
#include "ports/name_lookup.h"
#include "ports/throughput.h"
#include "ports/udp.h"

namespace hnbemu {

// What a device's diagnostic tests need beside its other ports.
struct DiagnosticPorts {
  Echo& echo;
  NameLookup& lookup;
  ThroughputTest& throughput;
  Udp& udp;
};

}  // namespace hnbemu
