#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace relax_spectro::cli {

/// How far work is, in the parts that a progress bar shows.
struct ProgressState {
  std::string label;  ///< UTF-8, where it can be: a file's name
  double part = 0.0;  ///< that is done, 0 to 1
  std::string counts = {};
  std::optional<double> seconds_left = {};
};

/// The line of a progress bar, at most `columns` wide on a terminal: "a.wav [##..]  50 % 2/4 masks,
/// 3 s left". Where room is short, first the bar is, then the counts and the time are left out, and
/// last the label is cut. Characters that a terminal would obey become "?".
[[nodiscard]] std::string progress_line(const ProgressState& state, std::size_t columns);

/// Seconds that the rest of some work takes at the pace so far; nothing before any is made.
/// @param made, left  in the same unit
[[nodiscard]] std::optional<double> seconds_left(double seconds, double made, double left);

}  // namespace relax_spectro::cli
