#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/statistics.hpp"
#include "compare/comparison.hpp"

namespace relax_spectro {

/// What is independent in a comparison: groups of recordings.
struct Units {
  std::vector<Rows> recordings;     ///< of each unit
  std::vector<std::string> labels;  ///< those that enough units have, if there are several
};

[[nodiscard]] Units units_of(std::span<const RecordingDifference> recordings);

}  // namespace relax_spectro
