#include "cli/progress_bar.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "cli/interruption.hpp"
#include "cli/progress_line.hpp"
#include "cli/streams.hpp"

namespace relax_spectro::cli {
namespace {

constexpr std::string_view kWipe = "\r\x1b[K";

/// How many columns a line on stderr may have. The last column is left free: some terminals wrap.
std::size_t columns_of_stderr() {
  constexpr std::size_t kOfNoTerminal = 120;
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kOfNoTerminal;
  return size.ws_col - 1U;
}

}  // namespace

ProgressBar::ProgressBar(std::string label, bool shown) : label_(std::move(label)), shown_(shown) {
  stop_if_interrupted();
  note_interruptions();
}

ProgressBar::~ProgressBar() { wipe(); }

void ProgressBar::wipe() {
  if (!drawn_) return;
  put_message(kWipe);
  drawn_ = false;
}

bool ProgressBar::on_terminal() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

bool ProgressBar::is_time(bool last) const {
  using namespace std::chrono_literals;
  return shown_ && (!drawn_ || last || Clock::now() - last_drawn_ >= 100ms);
}

void ProgressBar::update(std::size_t done, std::size_t total) {
  stop_if_interrupted();
  if (total == 0) return;
  const double part = static_cast<double>(done) / static_cast<double>(total);
  const std::chrono::duration<double> elapsed = Clock::now() - start_;
  draw(part, fmt::format("{}/{} masks", done, total),
       seconds_left(elapsed.count(), part, 1.0 - part));
}

void ProgressBar::draw(double part, const std::string& counts, std::optional<double> seconds_left) {
  if (!is_time(part >= 1.0)) return;
  put_message(std::string(kWipe) +
              progress_line({label_, part, counts, seconds_left}, columns_of_stderr()));
  drawn_ = true;
  last_drawn_ = Clock::now();
}

}  // namespace relax_spectro::cli
