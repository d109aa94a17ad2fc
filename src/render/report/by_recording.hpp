#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "report.hpp"

namespace relax_spectro::render {

/// The label of each labelled result, by the path of its JSON.
using ResultLabels = std::map<std::filesystem::path, std::string>;

/// As Report::by_recording. The label of one of a recording's results is that of all.
[[nodiscard]] std::vector<ReportedRecording> by_recording(std::span<const NamedResult> results,
                                                          const ResultLabels& labels);

}  // namespace relax_spectro::render
