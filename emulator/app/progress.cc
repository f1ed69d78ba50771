#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace hnbemu::app {
namespace {

constexpr const char* kPlain = "";
constexpr const char* kGreen = "\033[32m";
constexpr const char* kRed = "\033[31m";
constexpr const char* kBold = "\033[1m";
constexpr const char* kReset = "\033[0m";

}  // namespace

Progress::Progress(std::FILE* out)
    : out_(out), colours_(::isatty(::fileno(out)) == 1 && std::getenv("NO_COLOR") == nullptr) {}

void Progress::step(const std::string& device, const procedures::StepRecord& record) {
  const auto& step = record.step;
  const auto what = fmt::format("{:<17} {:<4} {:<46} {:>6} ms  {}", step.clause, step.id, step.name,
                                record.duration.count(), record.error ? to_string(record.error->cause) : "ok");
  line(device, record.error ? kRed : kPlain, what);
}

void Progress::state(const device::Status& status) {
  const bool good = status.state == device::State::in_service;
  line(status.id, good ? kGreen : status.error ? kRed : kBold, to_string(status));
}

void Progress::event(const std::string& device, const std::string& text) {
  line(device, kPlain, text);
}

void Progress::note(const std::string& text) {
  line("hnbemu", kBold, text);
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
}

void Progress::line(const std::string& device, const char* colour, const std::string& text) {
  const auto elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  fmt::print(out_, "{:8.3f}  {:<10}  {}{}{}\n", elapsed, device, colours_ ? colour : "", text, colours_ ? kReset : "");
  std::fflush(out_);
}

}  // namespace hnbemu::app
