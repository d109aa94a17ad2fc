#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace relax_spectro::cli {

/// A line on stderr that shows how far long work is and how long it will still take. Only on a
/// terminal, as wide as it is at the time, at most ten times a second, and wiped away when done.
/// Such work is given up where the user asks for it (SIGINT, SIGTERM, SIGHUP): at the next update,
/// so that nothing is left half-written.
class ProgressBar {
 public:
  /// @param shown  false: nothing is ever drawn.
  /// @throws Interrupted  the work before it was to be given up.
  ProgressBar(std::string label, bool shown);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// @throws Interrupted
  void update(std::size_t done, std::size_t total);

  /// Draws what is not counted in masks alone.
  /// @param part    that is done, 0 to 1.
  /// @param counts  what to say of it: "3/20 files".
  void draw(double part, const std::string& counts, std::optional<double> seconds_left);

  /// Makes room for a message; the next update draws the line again.
  void wipe();

  /// Whether stderr is a terminal that takes a bar.
  [[nodiscard]] static bool on_terminal();

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] bool is_time(bool last) const;

  std::string label_;
  bool shown_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_;
};

}  // namespace relax_spectro::cli
