#include "cwmp/rpc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/datamodel/sample_model.h"

namespace hnbemu::cwmp {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr std::string_view kKeyPath = "Device.DeviceInfo.SerialNumber";  // any read-only string will do

class RpcTest : public testing::Test {
 protected:
  Body call(const Body& request) { return answer(context_, request); }
  template <class Response>
  Response expect(const Body& request) {
    auto body = call(request);
    auto* response = std::get_if<Response>(&body);
    EXPECT_TRUE(response) << "fault " << (std::holds_alternative<Fault>(body) ? std::get<Fault>(body).text : "");
    return response ? std::move(*response) : Response{};
  }
  Fault expect_fault(const Body& request, int code) {
    auto fault = expect<Fault>(request);
    EXPECT_EQ(fault.code, code) << fault.text;
    return fault;
  }

  datamodel::DataModel model_{datamodel::sample_model()};
  Effects effects_;
  Transfers transfers_;
  FileTypes files_;
  RpcContext context_{model_, std::string(kKeyPath), effects_, transfers_, files_};
};

TEST_F(RpcTest, WhenTheMethodsAreListed_ThenExactlyThoseAreAnswered) {
  const auto methods = expect<GetRpcMethodsResponse>(GetRpcMethods{}).methods;
  EXPECT_THAT(methods, UnorderedElementsAre("GetRPCMethods", "SetParameterValues", "GetParameterValues",
                                            "GetParameterNames", "SetParameterAttributes", "GetParameterAttributes",
                                            "AddObject", "DeleteObject", "Reboot", "FactoryReset", "ScheduleInform",
                                            "Download", "Upload", "GetQueuedTransfers"));
  for (const auto& request :
       {Body(GetRpcMethods{}), Body(SetParameterValues{}), Body(GetParameterValues{}), Body(GetParameterNames{}),
        Body(SetParameterAttributes{}), Body(GetParameterAttributes{}), Body(AddObject{}), Body(DeleteObject{}),
        Body(Reboot{}), Body(FactoryReset{}), Body(ScheduleInform{})}) {
    const auto answer = call(request);
    const auto* const fault = std::get_if<Fault>(&answer);
    EXPECT_TRUE(fault == nullptr || fault->code != 9000);
  }
}

TEST_F(RpcTest, WhenTheDeviceAppliesValuesLater_ThenStatusIs1) {
  context_.set_status = 1;
  EXPECT_EQ(expect<SetParameterValuesResponse>(SetParameterValues{}).status, 1);
}

TEST_F(RpcTest, WhenAttributesAreSetOnAPath_ThenAllBelowHasThem) {
  expect<SetParameterAttributesResponse>(SetParameterAttributes{{{"Device.Mgmt.", true, 2, false, {}}}});
  expect<SetParameterAttributesResponse>(SetParameterAttributes{{{"Device.Mgmt.Time", false, 0, true, {}}}});
  const auto response =
      expect<GetParameterAttributesResponse>(GetParameterAttributes{{"Device.Mgmt.", "Device.DeviceInfo.UpTime"}});
  const std::vector<std::string> others{"Subscriber"};
  EXPECT_THAT(response.parameters, ElementsAre(ParameterAttributeStruct{"Device.Mgmt.Password", 2, others},
                                               ParameterAttributeStruct{"Device.Mgmt.Enable", 2, others},
                                               ParameterAttributeStruct{"Device.Mgmt.Time", 2, {}},
                                               ParameterAttributeStruct{"Device.DeviceInfo.UpTime", 0, others}));
}

TEST_F(RpcTest, WhenAttributesAreWrong_ThenNoneIsSet) {
  expect_fault(SetParameterAttributes{{{"Device.Mgmt.Time", true, 2, false, {}}, {"Device.No", true, 2, false, {}}}},
               9005);
  expect_fault(
      SetParameterAttributes{{{"Device.Mgmt.Time", true, 2, false, {}}, {"Device.Mgmt.Enable", true, 3, false, {}}}},
      9003);
  expect_fault(GetParameterAttributes{{"Device.No"}}, 9005);
  const auto response = expect<GetParameterAttributesResponse>(GetParameterAttributes{{"Device.Mgmt.Time"}});
  EXPECT_EQ(response.parameters.at(0).notification, 0u);
}

TEST_F(RpcTest, WhenTheMethodIsUnknownOrNotADevices_ThenFault9000) {
  for (const auto& request : {Body(UnknownMethod{"Frobnicate"}), Body(Inform{}), Body(InvalidMessage{"Inform", "x"})}) {
    const auto fault = expect_fault(request, 9000);
    EXPECT_EQ(fault.soap_code, "Server");
    EXPECT_THAT(fault.text, HasSubstr("Method not supported"));
  }
}

TEST_F(RpcTest, WhenArgumentsAreMissing_ThenFault9003SaysWhich) {
  const auto fault = expect_fault(InvalidMessage{"Reboot", "Reboot has no CommandKey"}, 9003);
  EXPECT_EQ(fault.soap_code, "Client");
  EXPECT_THAT(fault.text, HasSubstr("CommandKey"));
}

TEST_F(RpcTest, WhenValuesAreReadByNameAndByPath_ThenNameTypeAndValueAreGiven) {
  const auto response =
      expect<GetParameterValuesResponse>(GetParameterValues{{"Device.DeviceInfo.UpTime", "Device.Mgmt."}});
  EXPECT_THAT(response.parameters,
              ElementsAre(ParameterValueStruct{"Device.DeviceInfo.UpTime", "0", "xsd:unsignedInt"},
                          ParameterValueStruct{"Device.Mgmt.Password", "", "xsd:string"},
                          ParameterValueStruct{"Device.Mgmt.Enable", "true", "xsd:boolean"},
                          ParameterValueStruct{"Device.Mgmt.Time", "0001-01-01T00:00:00Z", "xsd:dateTime"}));
}

TEST_F(RpcTest, WhenTheWholeTreeIsRead_ThenValuesAndNamesAgree) {
  const auto values = expect<GetParameterValuesResponse>(GetParameterValues{{""}}).parameters;
  std::vector<std::string> parameters;
  for (const auto& info : expect<GetParameterNamesResponse>(GetParameterNames{"", false}).parameters) {
    if (!info.name.ends_with('.')) parameters.push_back(info.name);
  }
  ASSERT_EQ(values.size(), parameters.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i].name, parameters[i]);
}

TEST_F(RpcTest, WhenOneNameIsUnknown_ThenFault9005NamesIt) {
  const auto fault = expect_fault(GetParameterValues{{"Device.Mgmt.Enable", "Device.Nothing"}}, 9005);
  EXPECT_EQ(fault.soap_code, "Client");
  EXPECT_THAT(fault.text, HasSubstr("Device.Nothing"));
}

TEST_F(RpcTest, WhenTheAnswerWouldBeEnormous_ThenFault9004) {
  expect_fault(GetParameterValues{std::vector<std::string>(50'000, "")}, 9004);
}

TEST_F(RpcTest, WhenNamesAreAskedOneLevelDown_ThenThatLevelAloneIsGiven) {
  const auto response = expect<GetParameterNamesResponse>(GetParameterNames{"Device.", true});
  EXPECT_THAT(response.parameters, Contains(ParameterInfoStruct{"Device.Mgmt.", false}));
  for (const auto& info : response.parameters) EXPECT_NE(info.name, "Device.");
  expect_fault(GetParameterNames{"Device.Mgmt.Enable", true}, 9003);
  expect_fault(GetParameterNames{"Device.Nothing.", false}, 9005);
}

TEST_F(RpcTest, WhenValuesAreSet_ThenTheyAndTheParameterKeyAreKeptAndStatusIsZero) {
  const auto response = expect<SetParameterValuesResponse>(
      SetParameterValues{{{"Device.Mgmt.Enable", "0", "xsd:boolean"}, {"Device.Cell.1.Name", "x", ""}}, "key"});
  EXPECT_EQ(response.status, 0);
  EXPECT_EQ(model_.value("Device.Mgmt.Enable"), "false");
  EXPECT_EQ(model_.value(kKeyPath), "key");
}

TEST_F(RpcTest, WhenOneValueIsAtFault_ThenNothingIsSetAndEachFaultIsReported) {
  const auto fault = expect_fault(SetParameterValues{{{"Device.Mgmt.Enable", "0", "xsd:boolean"},
                                                      {"Device.Nothing", "0", "xsd:int"},
                                                      {"Device.DeviceInfo.UpTime", "7", "xsd:unsignedInt"},
                                                      {"Device.Cell.1.Pci", "1024", "xsd:unsignedInt"},
                                                      {"Device.Cell.1.State", "Enabled", "xsd:int"}},
                                                     "key"},
                                  9003);
  EXPECT_EQ(fault.soap_code, "Client");
  EXPECT_THAT(fault.set_parameter_values_faults,
              ElementsAre(AllOf(Field(&SetParameterValuesFault::parameter, "Device.Nothing"),
                                Field(&SetParameterValuesFault::code, 9005)),
                          Field(&SetParameterValuesFault::code, 9008), Field(&SetParameterValuesFault::code, 9007),
                          Field(&SetParameterValuesFault::code, 9006)));
  EXPECT_EQ(model_.value("Device.Mgmt.Enable"), "true");
  EXPECT_EQ(model_.value(kKeyPath), "0001");
}

TEST_F(RpcTest, WhenAKeyIsTooLong_ThenFault9003AndNothingHappens) {
  const std::string too_long(33, 'k');
  expect_fault(SetParameterValues{{{"Device.Mgmt.Enable", "0", "xsd:boolean"}}, too_long}, 9003);
  EXPECT_EQ(model_.value("Device.Mgmt.Enable"), "true");
  expect_fault(Reboot{too_long}, 9003);
  EXPECT_THAT(effects_.reboots, testing::IsEmpty());
}

TEST_F(RpcTest, WhenAKeyHas32CharactersOfManyBytes_ThenItIsTaken) {
  std::string key;
  for (int i = 0; i < 32; ++i) key += "\xC3\xA4";
  expect<RebootResponse>(Reboot{key});
  EXPECT_THAT(effects_.reboots, ElementsAre(key));
}

TEST_F(RpcTest, WhenARebootIsAskedForWithoutAKey_ThenItIsAnEffectForAfterTheSession) {
  expect<RebootResponse>(Reboot{""});
  EXPECT_THAT(effects_.reboots, ElementsAre(""));
}

}  // namespace
}  // namespace hnbemu::cwmp
