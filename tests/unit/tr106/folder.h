#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "doubles/temporary_directory.h"

namespace hnbemu::tr106 {

// A folder of data-model documents that lasts as long as a test.
class Folder {
 public:
  // Writes a document of those elements; gives its path.
  std::filesystem::path document(const std::string& name, const std::string& elements) {
    return file(name, "<dm:document xmlns:dm=\"urn:broadband-forum-org:cwmp:datamodel-1-5\">\n" + elements +
                          "\n</dm:document>\n");
  }
  std::filesystem::path file(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }

 private:
  const doubles::TemporaryDirectory temporary_;
  const std::filesystem::path path_ = temporary_.path();
};

}  // namespace hnbemu::tr106
