#include "app/signals.h"

#include <cerrno>
#include <ctime>

namespace hnbemu::app {

Signals::Signals() {
  sigemptyset(&set_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  ::signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of that write
}

bool Signals::wait_for(Millis time) const {
  const auto seconds = std::chrono::duration_cast<Seconds>(time);
  const timespec limit{seconds.count(), (time - seconds).count() * 1'000'000};
  return sigtimedwait(&set_, nullptr, &limit) > 0;
}

}  // namespace hnbemu::app
