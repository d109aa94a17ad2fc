#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace relax_spectro::cli {

/// A line on stderr that shows how far long work is and how long it will still take. Only on a
/// terminal, at most ten times a second, and wiped away when done.
class ProgressBar {
 public:
  /// @param shown  false: nothing is ever drawn.
  ProgressBar(std::string label, bool shown);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void update(std::size_t done, std::size_t total);

  /// Whether stderr is a terminal that takes a bar.
  [[nodiscard]] static bool on_terminal();

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  bool shown_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_;
};

}  // namespace relax_spectro::cli
