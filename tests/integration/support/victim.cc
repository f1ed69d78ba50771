#include "integration/support/victim.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <thread>

namespace hnbemu::test {
namespace {

constexpr std::string_view kOption = "--victim=";

std::map<std::string, std::function<void()>>& victims() {
  static std::map<std::string, std::function<void()>> all;
  return all;
}

}  // namespace

Victim::Victim(const std::string& name, std::function<void()> body) {
  victims()[name] = std::move(body);
}

bool is_gone(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  if (!std::getline(file, text)) return true;
  const auto state = text.rfind(')') + 2;  // proc(5): pid (comm) state; comm may hold anything
  return state >= text.size() || text[state] == 'Z' || text[state] == 'X';
}

bool goes_within(pid_t pid, std::chrono::milliseconds time) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (!is_gone(pid)) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace hnbemu::test

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first.starts_with(hnbemu::test::kOption)) {
    hnbemu::test::victims().at(std::string(first.substr(hnbemu::test::kOption.size())))();
    return 0;
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
