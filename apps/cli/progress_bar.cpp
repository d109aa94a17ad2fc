#include "cli/progress_bar.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cli/interruption.hpp"

namespace relax_spectro::cli {
namespace {

constexpr std::size_t kBarCells = 24;
constexpr std::string_view kWipe = "\r\x1b[K";

std::string time_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02d} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02d} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace

ProgressBar::ProgressBar(std::string label, bool shown) : label_(std::move(label)), shown_(shown) {
  stop_if_interrupted();
  note_interruptions();
}

ProgressBar::~ProgressBar() { wipe(); }

void ProgressBar::wipe() {
  if (!drawn_) return;
  fmt::print(stderr, "{}", kWipe);
  std::fflush(stderr);
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
       part > 0.0 ? std::optional(elapsed.count() * (1.0 - part) / part) : std::nullopt);
}

void ProgressBar::draw(double part, const std::string& counts, std::optional<double> seconds_left) {
  if (!is_time(part >= 1.0)) return;
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(kBarCells));
  fmt::print(stderr, "{}{} [{}{}] {:3.0f} % {}, {}", kWipe, label_, std::string(filled, '#'),
             std::string(kBarCells - filled, '.'), 100.0 * part, counts,
             seconds_left ? time_text(*seconds_left) + " left" : "");
  std::fflush(stderr);
  drawn_ = true;
  last_drawn_ = Clock::now();
}

}  // namespace relax_spectro::cli
