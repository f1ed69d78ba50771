#include "cwmp/mask.h"

#include <gtest/gtest.h>

#include <random>

#include "cwmp/codec.h"

namespace hnbemu::cwmp {
namespace {

TEST(MaskSecrets, WhenParametersAreSecretsByName_ThenTheirValuesAreHidden) {
  Envelope envelope;
  envelope.body = SetParameterValues{{{"Device.ManagementServer.Password", "hunter2", "xsd:string"},
                                      {"Device.ManagementServer.Username", "me", "xsd:string"},
                                      {"Device.WiFi.PreSharedKey", "hunter3", "xsd:string"},
                                      {"Device.X", "visible", "xsd:string"}},
                                     "key"};
  const auto masked = mask_secrets(encode(envelope));
  EXPECT_EQ(masked.find("hunter"), std::string::npos);
  EXPECT_NE(masked.find("***"), std::string::npos);
  EXPECT_NE(masked.find("visible"), std::string::npos);
  EXPECT_NE(masked.find(">me<"), std::string::npos);
}

TEST(MaskSecrets, WhenAnElementIsAPassword_ThenItIsHiddenWhateverItsPrefix) {
  EXPECT_EQ(mask_secrets("<c:Download><Username>me</Username><Password>x</Password></c:Download>"),
            "<c:Download><Username>me</Username><Password>***</Password></c:Download>");
  EXPECT_EQ(mask_secrets("<a:Name> A.Password\n</a:Name><a:Value xsi:type=\"xsd:string\">x</a:Value>"),
            "<a:Name> A.Password\n</a:Name><a:Value xsi:type=\"xsd:string\">***</a:Value>");
}

TEST(MaskSecrets, WhenTheTextIsNoXml_ThenItComesBack) {
  for (const auto* const text : {"", "plain", "<", "<<>>", "a<b", "<Value"}) EXPECT_EQ(mask_secrets(text), text);
  std::mt19937 random(1);
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    for (auto length = random() % 50; length > 0; --length) text += "<>/: aN"[random() % 7];
    EXPECT_EQ(mask_secrets(text), text);
  }
}

}  // namespace
}  // namespace hnbemu::cwmp
