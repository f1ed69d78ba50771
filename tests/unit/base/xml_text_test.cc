#include "base/xml_text.h"

#include <gtest/gtest.h>

namespace hnbemu {
namespace {

TEST(XmlTextTest, WhenACharacterIsReserved_ThenItIsAnEntity) {
  EXPECT_EQ(to_xml_text(R"(a<b>&"c"'d')"), "a&lt;b&gt;&amp;&quot;c&quot;'d'");
}

TEST(XmlTextTest, WhenAParserWouldChangeTheWhiteSpace_ThenItIsACharacterReference) {
  EXPECT_EQ(to_xml_text("a\tb\r\nc d"), "a&#9;b&#13;&#10;c d");
}

TEST(XmlTextTest, WhenNoDocumentMayHaveIt_ThenItIsReplaced) {
  EXPECT_EQ(to_xml_text(std::string_view("a\0b\x1F", 4)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
}

TEST(XmlTextTest, WhenTheTextIsBeyondAscii_ThenItStandsForItself) {
  EXPECT_EQ(to_xml_text("\u00E9\u20AC"), "\u00E9\u20AC");
}

}  // namespace
}  // namespace hnbemu
