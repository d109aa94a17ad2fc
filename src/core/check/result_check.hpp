#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "check/map_comparison.hpp"
#include "check/prediction_change.hpp"

namespace relax_spectro {

/// A result in two folders.
struct ResultPair {
  std::string name;                               ///< relative to both folders, without ending
  std::optional<std::filesystem::path> baseline;  ///< its JSON; nothing: missing
  std::optional<std::filesystem::path> current;
};

/// Reads a result with the arrays for the comparison. @throws IoError  as read_result and
/// read_arrays
[[nodiscard]] Result read_compared(const std::filesystem::path& json_path);

/// Pairs the results in two folders and their subfolders by relative name, sorted by name. Or pairs
/// two results whose JSON is given. Other files are ignored.
/// @throws IoError      one of the two does not exist, or neither contains a result.
/// @throws ConfigError  one is a folder, and the other is not.
[[nodiscard]] std::vector<ResultPair> pair_results(const std::filesystem::path& baseline,
                                                   const std::filesystem::path& current);

enum class CheckStatus {
  same,        ///< except for noise
  changed,     ///< by more than noise
  other,       ///< made with other options, from another recording, or with another shape
  missing,     ///< in the baseline only
  added,       ///< not in the baseline
  unreadable,  ///< one of the two
};

[[nodiscard]] std::string_view to_string(CheckStatus status);

struct CheckOptions {
  ComparisonLimits limits;
  std::optional<double> most_flip_change;  ///< for the gap; without it, see Note [Flip changes]
  bool ignore_options = false;  ///< compare results even if they were made with other options

  /// @throws ConfigError
  void validate() const;
};

/// The outcome for one result.
struct CheckedResult {
  std::string name;
  CheckStatus status = CheckStatus::same;
  /// If both results list classes for the same windows.
  std::optional<PredictionChange> prediction;
  std::optional<MapComparison> map;  ///< if both exist and have one shape
  /// Current minus baseline of how much better the map orders the input than its reverse, if both
  /// were tested. With `flip` this is LeRF minus MoRF, insertion minus deletion, or Quantus' area.
  std::optional<CheckedNumber> flip;
  /// Why the result is not the same, as text. A changed class comes first.
  std::vector<std::string> reasons;
  std::vector<std::string> notes;  ///< what was not compared, and why

  /// Whether the check may pass with this result.
  [[nodiscard]] bool passes() const {
    return status == CheckStatus::same || status == CheckStatus::added;
  }
};

/// Checks one pair. An unreadable result is an outcome, not an error.
/// @param pairs  total number, among which the probability of false alarms is divided.
/// @throws ConfigError  options out of range.
[[nodiscard]] CheckedResult check_pair(const ResultPair& pair, const CheckOptions& options,
                                       std::size_t pairs);

/// Replaces a baseline's result by the current one: .json, .npz, its tests .flip.* and .sanity.*,
/// and figures that the baseline has. Each file is written under a temporary name and renamed, the
/// JSON last. Tests and figures that only the baseline has show the old map, and are removed.
/// @param folder  of the baseline, for a pair without a baseline.
/// @returns the files that were written.
/// @throws IoError
std::vector<std::filesystem::path> accept_result(const ResultPair& pair,
                                                 const std::filesystem::path& folder);

}  // namespace relax_spectro
