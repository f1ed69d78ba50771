#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace hnbemu::tr106 {

// A folder of data-model documents that lasts as long as a test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hnbemu-tr106-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

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
  std::filesystem::path path_;
};

}  // namespace hnbemu::tr106
