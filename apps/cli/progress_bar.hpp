#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace relax_spectro::cli {

/// A line on stderr with the progress and the remaining time. It is shown on a terminal only, at
/// most ten times a second, and removed at the end. After SIGINT, SIGTERM or SIGHUP the next update
/// ends the work, so that no file is left half-written.
class ProgressBar {
 public:
  /// @param shown  false: nothing is ever drawn.
  /// @throws Interrupted  the work before it was interrupted.
  ProgressBar(std::string label, bool shown);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// @throws Interrupted
  void update(std::size_t done, std::size_t total);

  /// Draws progress that is not counted in masks alone.
  /// @param part    that is done, 0 to 1.
  /// @param counts  such as "3/20 files".
  void draw(double part, const std::string& counts, std::optional<double> seconds_left);

  /// Makes room for a message. The next update draws the line again.
  void wipe();

  /// Whether stderr is a terminal that can show a bar.
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
