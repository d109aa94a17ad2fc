#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace relax_spectro::cli {

/// The parts of a progress bar.
struct ProgressState {
  std::string label;  ///< the name of a file, UTF-8 if it can be
  double part = 0.0;  ///< that is done, 0 to 1
  std::string counts = {};
  std::optional<double> seconds_left = {};
};

/// The line of a progress bar, at most `columns` wide on a terminal: "a.wav [##..]  50 % 2/4 masks,
/// 3 s left". If there is too little room, the bar becomes shorter. Then counts and time are left
/// out. Last, the label is cut. Control characters become "?".
[[nodiscard]] std::string progress_line(const ProgressState& state, std::size_t columns);

/// Seconds that the rest of some work takes at the pace so far. Nothing before the first part.
/// @param made, left  in the same unit
[[nodiscard]] std::optional<double> seconds_left(double seconds, double made, double left);

}  // namespace relax_spectro::cli
