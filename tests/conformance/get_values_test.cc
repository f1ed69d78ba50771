#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

using Value = cwmp::ParameterValueStruct;

std::vector<Value> values_of(Device& of, std::vector<std::string> names) {
  return of.ask_for<cwmp::GetParameterValuesResponse>(cwmp::GetParameterValues{std::move(names)}).parameters;
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.2", FullNameReadsOne, "A full name reads that parameter, with its type") {
  power_on();
  EXPECT_THAT(values_of(*this, {"Device.ManagementServer.PeriodicInformInterval"}),
              ElementsAre(Value{"Device.ManagementServer.PeriodicInformInterval", "3600", "xsd:unsignedInt"}));
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.2", PartialPathReadsEachValueBelow,
            "A partial path reads each parameter below, of all instances") {
  power_on();
  const auto values = values_of(*this, {"Device.IP.Interface."});
  EXPECT_THAT(values, Each(Field(&Value::name, StartsWith("Device.IP.Interface."))));
  EXPECT_THAT(values, AllOf(Contains(Field(&Value::name, "Device.IP.Interface.1.Name")),
                            Contains(Field(&Value::name, "Device.IP.Interface.2.IPv4Address.1.IPAddress"))));
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.2", EmptyPathReadsTheWholeTree, "The empty path reads the whole tree") {
  power_on();
  EXPECT_EQ(values_of(*this, {""}).size(), values_of(*this, {"Device."}).size());
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.2", SeveralNamesReadInTheirOrder,
            "Several names are read in the order of asking") {
  power_on();
  const auto values = values_of(*this, {"Device.Time.LocalTimeZone", "Device.Time.Enable"});
  EXPECT_THAT(values,
              ElementsAre(Field(&Value::name, "Device.Time.LocalTimeZone"), Field(&Value::name, "Device.Time.Enable")));
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.2", AnEmptyTableReadsEmpty,
            "A table without instances reads as an empty list") {
  power_on();
  EXPECT_THAT(values_of(*this, {"Device.DNS.Client.Server."}), IsEmpty());
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.2", NoNamesReadNothing, "No names at all read as an empty list") {
  power_on();
  EXPECT_THAT(values_of(*this, {}), IsEmpty());
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.2", AThousandNamesAreRead,
            "1,000 names in one GetParameterValues are answered") {
  power_on();
  EXPECT_THAT(values_of(*this, std::vector<std::string>(1000, "Device.Time.Enable")), SizeIs(1000));
}

HNBEMU_RULE("Parameter values", "TR-106 3.2.1", AnUnknownTimeIsTheUnknownTime,
            "A dateTime that is not known reads as 0001-01-01T00:00:00Z") {
  power_on();
  EXPECT_THAT(values_of(*this, {"Device.FAP.GPS.LastScanTime"}),
              ElementsAre(Value{"Device.FAP.GPS.LastScanTime", "0001-01-01T00:00:00Z", "xsd:dateTime"}));
}

HNBEMU_RULE("Parameter values", "TR-181 hidden", HiddenParametersReadEmpty,
            "Passwords read as the empty string, in a partial path too") {
  power_on();
  ask(cwmp::SetParameterValues{{{"Device.ManagementServer.ConnectionRequestPassword", "s3cret", "xsd:string"},
                                {"Device.ManagementServer.STUNPassword", "s3cret", "xsd:string"}},
                               ""});
  EXPECT_THAT(values_of(*this, {"Device.ManagementServer."}), testing::Not(Contains(Field(&Value::value, "s3cret"))));
}

}  // namespace
}  // namespace hnbemu::conformance
