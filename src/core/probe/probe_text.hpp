#pragma once

#include <string>

#include "probe/probe.hpp"

namespace relax_spectro {

/// The accuracy with its interval, and what it compares with, in two sentences.
[[nodiscard]] std::string verdict_of(const Probe& probe);

/// How many recordings have each label before and after a class map, as a table.
[[nodiscard]] std::string distribution_text(const ProbeData& data);

/// What was found besides the report, for people: accuracies of folds and controls, and calibration.
[[nodiscard]] std::string findings_text(const Probe& probe);

}  // namespace relax_spectro
