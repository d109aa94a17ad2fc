#include "cli/interruption.hpp"

#include <atomic>
#include <csignal>

namespace relax_spectro::cli {
namespace {

// A signal handler can reach nothing else.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void note_signal(int) { interrupted = true; }

}  // namespace

void note_interruptions() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART | SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A terminal that closes sends SIGHUP more than once: itself, and through its shell.
  struct sigaction hangup {};
  if (sigaction(SIGHUP, nullptr, &hangup) != 0 || hangup.sa_handler == SIG_IGN) return;  // nohup
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, nullptr);
}

bool is_interrupted() { return interrupted; }

void stop_if_interrupted() {
  if (is_interrupted()) throw Interrupted();
}

}  // namespace relax_spectro::cli
