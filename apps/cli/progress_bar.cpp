#include "cli/progress_bar.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

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

ProgressBar::ProgressBar(std::string label, bool shown) : label_(std::move(label)), shown_(shown) {}

ProgressBar::~ProgressBar() {
  if (drawn_) fmt::print(stderr, "{}", kWipe);
}

bool ProgressBar::on_terminal() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void ProgressBar::update(std::size_t done, std::size_t total) {
  using namespace std::chrono_literals;
  const Clock::time_point now = Clock::now();
  if (!shown_ || total == 0 || (drawn_ && done < total && now - last_drawn_ < 100ms)) return;
  const double part = static_cast<double>(done) / static_cast<double>(total);
  const std::chrono::duration<double> elapsed = now - start_;
  const std::string left =
      part > 0.0 ? time_text(elapsed.count() * (1.0 - part) / part) + " left" : "";
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(kBarCells));
  fmt::print(stderr, "{}{} [{}{}] {:3.0f} % {}/{} masks, {}", kWipe, label_,
             std::string(filled, '#'), std::string(kBarCells - filled, '.'), 100.0 * part, done,
             total, left);
  std::fflush(stderr);
  drawn_ = true;
  last_drawn_ = now;
}

}  // namespace relax_spectro::cli
