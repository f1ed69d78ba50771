#include "files/cm_file.h"

#include <expat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "datamodel/path.h"
#include "files/gunzip.h"

namespace hnbemu::files {
namespace {

constexpr char kSeparator = ' ';  // between namespace and name; no URI contains one
constexpr std::size_t kPieceBytes = 16'384;
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Field {
  const char* element;
  const char* attribute;
  std::string CmFile::*text;
};
constexpr Field kFields[] = {
    {"fileHeader", "fileFormatVersion", &CmFile::format_version},
    {"fileHeader", "vendorName", &CmFile::vendor_name},
    {"managedElement", "OUI", &CmFile::oui},
    {"managedElement", "ProductClass", &CmFile::product_class},
    {"managedElement", "localDn", &CmFile::local_dn},
    {"managedElement", "swVersion", &CmFile::software_version},
    {"managedElement", "hwVersion", &CmFile::hardware_version},
    {"fileFooter", "dateTime", &CmFile::date},
};

std::string_view local(const char* expanded) {
  const char* const separator = std::strrchr(expanded, kSeparator);
  return separator == nullptr ? expanded : separator + 1;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kSpace) == std::string_view::npos;
}

// Expat's handlers. The first error stops the parser.
class Reader {
 public:
  Reader() : parser_(XML_ParserCreateNS(nullptr, kSeparator), &XML_ParserFree) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(
        parser_.get(), [](void* self, const char* name, const char** attributes) { of(self).start(name, attributes); },
        [](void* self, const char*) { of(self).end(); });
    XML_SetCharacterDataHandler(parser_.get(), [](void* self, const char* data, int size) {
      of(self).text({data, static_cast<std::size_t>(size)});
    });
    XML_SetStartDoctypeDeclHandler(parser_.get(), [](void* self, const char*, const char*, const char*, int) {
      of(self).stop("a document type is not allowed");
    });
  }

  Result<> feed(std::string_view piece) {
    fed_ += piece.size();
    if (fed_ > kMaxCmFileBytes) return wrong(fmt::format("more than {} bytes", kMaxCmFileBytes));
    auto parsed = parse(piece, false);
    if (!parsed) return parsed;
    const auto at = static_cast<std::size_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(parser_.get()), 0));
    if (fed_ > at + kMaxCmTagBytes + kPieceBytes)
      return wrong(fmt::format("a tag or comment of more than {} bytes", kMaxCmTagBytes));
    return parsed;
  }

  Result<CmFile> finish() {
    if (auto parsed = parse({}, true); !parsed) return tl::unexpected(parsed.error());
    if (!has_footer_) return wrong("it has no fileFooter");
    if (file_.oui.empty()) return wrong("it does not say whose it is: no managedElement with an OUI");
    return std::move(file_);
  }

 private:
  // What the path has of it, when it ends, is taken off again.
  struct Open {
    std::size_t path_size;  // before it
    bool is_row = false;
    bool has_children = false;
  };

  static Reader& of(void* self) { return *static_cast<Reader*>(self); }

  tl::unexpected<Error> wrong(std::string_view what) const {
    return fail(Cause::configuration,
                fmt::format("CM file, line {}: {}", XML_GetCurrentLineNumber(parser_.get()), what));
  }

  Result<> parse(std::string_view piece, bool last) {
    if (XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()), last) == XML_STATUS_OK) return {};
    if (error_) return tl::unexpected(*error_);
    return wrong(XML_ErrorString(XML_GetErrorCode(parser_.get())));
  }

  void stop(std::string_view what) {
    if (error_) return;
    error_ = wrong(what).value();
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  void start(const char* expanded, const char** attributes) {
    if (error_) return;
    const auto name = local(expanded);
    if (++elements_ > kMaxCmElements) return stop(fmt::format("more than {} elements", kMaxCmElements));
    if (open_.size() == kMaxCmDepth) return stop(fmt::format("nested deeper than {}", kMaxCmDepth));
    if (!open_.empty()) {
      if (!is_blank(text_)) return stop("text between elements");
      open_.back().has_children = true;
    }
    text_.clear();
    open_.push_back({path_.size()});
    if (open_.size() <= 2) return start_of_file(name, attributes);
    if (!in_data_) return stop(fmt::format("unknown element '{}'", name.substr(0, 40)));
    if (open_.size() == 3 && name == "managedElement") {
      if (std::exchange(has_element_, true)) return stop("a second managedElement");
      return take_fields(name, attributes);
    }
    start_of_object(name, attributes);
  }

  // configDataFile and what is right below it.
  void start_of_file(std::string_view name, const char** attributes) {
    if (open_.size() == 1) {
      if (name != "configDataFile") stop(fmt::format("'{}' is no configDataFile", name.substr(0, 40)));
      return;
    }
    in_data_ = name == "configData";
    if (in_data_ && std::exchange(has_data_, true)) return stop("a second configData");
    const bool footer = name == "fileFooter";
    if (footer && std::exchange(has_footer_, true)) return stop("a second fileFooter");
    if (!in_data_ && !footer && name != "fileHeader")
      return stop(fmt::format("unknown element '{}'", name.substr(0, 40)));
    take_fields(name, attributes);
  }

  void take_fields(std::string_view element, const char** attributes) {
    for (; *attributes != nullptr; attributes += 2) {
      const auto name = local(attributes[0]);
      const auto* const field = std::ranges::find_if(
          kFields, [&](const auto& one) { return element == one.element && name == one.attribute; });
      if (field == std::end(kFields)) continue;
      const std::string_view value = attributes[1];
      if (value.size() > kMaxCmIdentityBytes)
        return stop(fmt::format("{} of more than {} bytes", name, kMaxCmIdentityBytes));
      file_.*field->text = value;
    }
  }

  void start_of_object(std::string_view name, const char** attributes) {
    std::optional<std::string_view> index;
    for (; *attributes != nullptr; attributes += 2)
      if (local(attributes[0]) == "index") index = attributes[1];
    path_.append(name).push_back('.');
    if (index) {
      if (!datamodel::instance_number(*index)) return stop(fmt::format("'{}' is no index", index->substr(0, 40)));
      path_.append(*index).push_back('.');
      open_.back().is_row = true;
      file_.rows.push_back(path_);
    }
    if (path_.size() > datamodel::kMaxPathLength)
      stop(fmt::format("a path of more than {} characters", datamodel::kMaxPathLength));
  }

  void text(std::string_view more) {
    if (error_) return;
    text_ += more;
    if (text_.size() > datamodel::kMaxValueBytes)
      stop(fmt::format("a text of more than {} bytes", datamodel::kMaxValueBytes));
  }

  void end() {
    if (error_) return;
    const auto ended = open_.back();
    open_.pop_back();
    const bool is_leaf = path_.size() > ended.path_size && !ended.has_children && !ended.is_row;
    if (is_leaf) {
      file_.parameters.push_back({path_.substr(0, path_.size() - 1), text_});
    } else if (!is_blank(text_)) {
      return stop("text between elements");
    }
    text_.clear();
    path_.resize(ended.path_size);
  }

  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  CmFile file_;
  std::vector<Open> open_;
  std::string path_;  // of the object that is open, with a dot behind it
  std::string text_;
  std::size_t fed_ = 0;
  std::size_t elements_ = 0;
  bool in_data_ = false;
  bool has_data_ = false;
  bool has_element_ = false;
  bool has_footer_ = false;
  std::optional<Error> error_;
};

}  // namespace

bool is_cm_file(std::string_view beginning) {
  if (is_gzip(beginning)) return true;
  if (beginning.starts_with(kByteOrderMark)) beginning.remove_prefix(kByteOrderMark.size());
  const auto first = beginning.find_first_not_of(kSpace);
  return first != std::string_view::npos && beginning[first] == '<';
}

Result<CmFile> read_cm_file(std::istream& stream) {
  Reader reader;
  Gunzip gunzip(kMaxCmFileBytes, [&](std::string_view piece) { return reader.feed(piece); });
  std::array<char, kPieceBytes> buffer;
  std::optional<bool> packed;
  for (std::size_t left = kMaxCmFileBytes; stream;) {
    stream.read(buffer.data(), buffer.size());
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(stream.gcount()));
    if (piece.size() > left)
      return fail(Cause::configuration, fmt::format("CM file: more than {} bytes", kMaxCmFileBytes));
    left -= piece.size();
    if (!packed) packed = is_gzip(piece);
    auto fed = *packed ? gunzip.feed(piece) : reader.feed(piece);
    if (!fed) return tl::unexpected(fed.error());
  }
  if (!stream.eof()) return fail(Cause::system, "cannot read the CM file");
  if (packed.value_or(false)) {
    if (auto whole = gunzip.finish(); !whole) return tl::unexpected(whole.error());
  }
  return reader.finish();
}

}  // namespace hnbemu::files
