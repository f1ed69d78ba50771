#include "cwmp/mask.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>

namespace hnbemu::cwmp {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string parameter(std::string_view name, std::string_view value) {
  return fmt::format(
      "<ParameterValueStruct><Name>{}</Name><Value xsi:type=\"xsd:string\">{}</Value></ParameterValueStruct>", name,
      value);
}

TEST(MaskTest, WhenAParameterIsASecretByItsName_ThenItsValueIsHiddenAndTheRestStays) {
  for (const auto* name : {"Device.ManagementServer.Password", "Device.ManagementServer.ConnectionRequestPassword",
                           "Device.X.PreSharedKey", "Device.X.PSK", "Device.X.SharedSecret", "Device.X.KeyPassphrase",
                           "Device.X.PrivateKey", "Device.X.1.WEPKey"}) {
    EXPECT_EQ(mask_secrets("<a>" + parameter(name, "s3cret") + "</a>"), "<a>" + parameter(name, "***") + "</a>");
  }
  for (const auto* name : {"Device.ManagementServer.Username", "Device.ManagementServer.URL", "Device.PasswordHint",
                           "Device.Users.Password.Enable"}) {
    EXPECT_EQ(mask_secrets(parameter(name, "open")), parameter(name, "open"));
  }
}

TEST(MaskTest, WhenSecretsAndOthersFollowEachOther_ThenOnlyTheSecretsAreHidden) {
  EXPECT_EQ(mask_secrets(parameter("A.Password", "x") + parameter("A.B", "y") + parameter("A.Secret", "z")),
            parameter("A.Password", "***") + parameter("A.B", "y") + parameter("A.Secret", "***"));
}

TEST(MaskTest, WhenThereArePrefixesAndWhitespace_ThenTheSecretIsHidden) {
  EXPECT_EQ(mask_secrets("<c:Name\n>\n  A.Password\t\n</c:Name >\n<c:Value\n  t='a>b'>\n s3cret\n</c:Value\n>"),
            "<c:Name\n>\n  A.Password\t\n</c:Name >\n<c:Value\n  t='a>b'>***</c:Value\n>");
}

TEST(MaskTest, WhenTheRpcHasAPasswordOfItsOwn_ThenItIsHiddenAndTheUsernameStays) {
  EXPECT_EQ(mask_secrets("<cwmp:Download><Username>u</Username><Password>p</Password></cwmp:Download>"),
            "<cwmp:Download><Username>u</Username><Password>***</Password></cwmp:Download>");
}

TEST(MaskTest, WhenTheSecretIsEmpty_ThenItStaysEmpty) {
  EXPECT_EQ(mask_secrets(parameter("A.Password", "")), parameter("A.Password", ""));
  const std::string empty = "<Name>A.Password</Name><Value xsi:type=\"xsd:string\"/><Name>A.B</Name><Value>y</Value>";
  EXPECT_EQ(mask_secrets(empty), empty);
}

TEST(MaskTest, WhenTheSecretIsWrappedInOtherMarkup_ThenItIsHiddenAsWell) {
  for (const auto* value :
       {"<![CDATA[s3cret]]>", "<!-- note -->s3cret", "<b>s3cret</b>", "<?pi?>s3cret", "s3<!-- > -->cret",
        "<Value>s3cret</Value>s3cret", "<![CDATA[</Value>s3cret]]>", "a &lt; s3cret", "<x y='/'>s3cret"}) {
    EXPECT_THAT(mask_secrets(parameter("A.Password", value)), Not(HasSubstr("cret"))) << value;
    EXPECT_THAT(mask_secrets(parameter("A.Password", value)), HasSubstr("***</Value></ParameterValueStruct>")) << value;
  }
  EXPECT_EQ(mask_secrets("<Name>A.Pass<!-- -->word</Name><Value>x</Value>"),
            "<Name>A.Pass<!-- -->word</Name><Value>***</Value>");
  EXPECT_EQ(mask_secrets("<Name><![CDATA[A.Password]]></Name><Value>x</Value>"),
            "<Name><![CDATA[A.Password]]></Name><Value>***</Value>");
}

TEST(MaskTest, WhenTheMessageIsCutAnywhere_ThenTheSecretIsNotShown) {
  const auto whole = parameter("A.Password", "<!-- c --><![CDATA[s3cret]]> s3cret ");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    EXPECT_THAT(mask_secrets(std::string_view(whole).substr(0, size)), Not(HasSubstr("s3")));
  }
}

TEST(MaskTest, WhenTheTextIsNoXml_ThenItComesBackAsItIs) {
  for (const auto* text :
       {"", "<", "<>", "</>", "1 < 2 > 0", "<html><br><a href='x>y", "<!--", "<![CDATA[", "HTTP 404, empty"}) {
    EXPECT_EQ(mask_secrets(text), text);
  }
}

TEST(MaskTest, WhenAPeerSendsMegabytesOfBrokenMarkup_ThenItTakesNoLonger) {
  for (const auto* part :
       {"<", "<a b='", "<!--", "<![CDATA[", "<Name>", "<Name>A.Password</Name><Value>", "</", "<a b=\"<"}) {
    std::string text;
    while (text.size() < 4'000'000) text += part;
    const auto begin = std::chrono::steady_clock::now();
    mask_secrets(text);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << part;
  }
}

}  // namespace
}  // namespace hnbemu::cwmp
