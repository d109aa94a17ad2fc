#include "cli/streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "cli/stage.hpp"

namespace relax_spectro::cli {
namespace {

// errno of the first write to stdout that failed.
int output_error = 0;
bool output_is_terminal = false;

void note_output_error() {
  if (output_error == 0) output_error = errno != 0 ? errno : EIO;
}

}  // namespace

void prepare_streams() {
  // Opened so that every use of it fails, as on a closed stream.
  for (const auto& [descriptor, mode] :
       {std::pair{STDIN_FILENO, O_WRONLY}, {STDOUT_FILENO, O_RDONLY}, {STDERR_FILENO, O_RDONLY}}) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    if (open("/dev/null", mode) != descriptor) std::_Exit(kInternal);
  }
  output_is_terminal = isatty(STDOUT_FILENO) == 1;
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void put_message(std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  static_cast<void>(std::fflush(stderr));
}

void put_output(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_output_error();
}

bool finish_output() {
  // Only the last write shows that a disk is full.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) note_output_error();
  if (output_error == 0 || output_is_terminal) return true;
  if (output_error != EPIPE) {  // a reader such as head has read enough
    say(fmt::format("stdout: the output could not be written: {}. Files are complete",
                    std::strerror(output_error)));
  }
  return false;
}

}  // namespace relax_spectro::cli
