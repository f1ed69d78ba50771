#include <set>

#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAreArray;

std::vector<std::string> methods_of(Device& of) {
  return of.ask_for<cwmp::GetRpcMethodsResponse>(cwmp::GetRpcMethods{}).methods;
}

HNBEMU_RULE("GetRPCMethods", "TR-069 A.3.1.1", ItSaysWhatItHas,
            "The list has the methods of parameters and objects, Reboot, and of the optional ones what there is") {
  power_on();
  EXPECT_THAT(methods_of(*this),
              IsSupersetOf({"GetRPCMethods", "SetParameterValues", "GetParameterValues", "GetParameterNames",
                            "SetParameterAttributes", "GetParameterAttributes", "AddObject", "DeleteObject", "Reboot",
                            "FactoryReset", "ScheduleInform"}));
}

HNBEMU_RULE("GetRPCMethods", "TR-069 A.3.1.1", WhatItSaysItHas, "No method on the list is answered with fault 9000") {
  power_on();
  for (const auto& method : methods_of(*this)) {
    if (method == "FactoryReset") continue;
    EXPECT_NE(fault_code(cwmp::UnknownMethod{method}), 9000) << method;
  }
}

HNBEMU_RULE("GetRPCMethods", "TR-069 A.3.1.1", NothingIsSaidTwice, "No method is on the list twice") {
  power_on();
  const auto methods = methods_of(*this);
  EXPECT_THAT(methods, UnorderedElementsAreArray(std::set<std::string>(methods.begin(), methods.end())));
}

HNBEMU_RULE("GetRPCMethods", "TR-069 A.3.1.1", TheListIsTheCpesOwn, "The list has no method of the ACS") {
  power_on();
  const auto methods = methods_of(*this);
  for (const std::string method : {"Inform", "TransferComplete", "Kicked", "RequestDownload"}) {
    EXPECT_THAT(methods, Not(testing::Contains(method)));
  }
}

}  // namespace
}  // namespace hnbemu::conformance
