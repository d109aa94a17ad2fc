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
  std::string name;                               ///< relative to both folders, without an ending
  std::optional<std::filesystem::path> baseline;  ///< its JSON; nothing: not there
  std::optional<std::filesystem::path> current;
};

/// Reads a result with what is compared of it. @throws IoError  as read_result and read_arrays
[[nodiscard]] Result read_compared(const std::filesystem::path& json_path);

/// Pairs the results of two folders, and of the folders in them, by their relative names, in the
/// order of those; or two results whose JSON is named. Other files are passed over.
/// @throws IoError      one of the two is not there, or there is no result in either.
/// @throws ConfigError  one is a folder, and the other is not.
[[nodiscard]] std::vector<ResultPair> pair_results(const std::filesystem::path& baseline,
                                                   const std::filesystem::path& current);

enum class CheckStatus {
  same,        ///< but for noise
  changed,     ///< more than noise does
  other,       ///< made with other options, of another recording, or of another shape
  missing,     ///< in the baseline only
  added,       ///< not in the baseline
  unreadable,  ///< one of the two
};

[[nodiscard]] std::string_view to_string(CheckStatus status);

struct CheckOptions {
  ComparisonLimits limits;
  std::optional<double> most_flip_change;  ///< of the gap; without it: Note [Flip changes]
  bool ignore_options = false;  ///< compare what was made with other options all the same

  /// @throws ConfigError
  void validate() const;
};

/// What became of one result.
struct CheckedResult {
  std::string name;
  CheckStatus status = CheckStatus::same;
  /// Where both results say what their model heard in the same windows.
  std::optional<PredictionChange> prediction;
  std::optional<MapComparison> map;  ///< where there are two of one shape
  /// Current less baseline of how much better the map orders the input than its reverse
  /// (`flip`: LeRF less MoRF; insertion less deletion; Quantus' area), where both were tested so.
  std::optional<Measure> flip;
  /// Why it is not the same, in words. A class that changed comes first.
  std::vector<std::string> reasons;
  std::vector<std::string> notes;  ///< what was not compared, and why

  /// Whether the check may pass in spite of it.
  [[nodiscard]] bool passes() const {
    return status == CheckStatus::same || status == CheckStatus::added;
  }
};

/// Checks one pair. What cannot be read is a result too.
/// @param pairs  in all, among which the probability of false alarms is shared out.
/// @throws ConfigError  options out of range.
[[nodiscard]] CheckedResult check_pair(const ResultPair& pair, const CheckOptions& options,
                                       std::size_t pairs);

/// Makes what a current result consists of (.json, .npz, its tests .flip.* and .sanity.*, figures
/// where the baseline has them) the baseline's: file by file, each written under a temporary name
/// and moved into place, the JSON last. Tests and figures of the baseline that the current result
/// has none of are of the old map, and are removed.
/// @param folder  of the baseline; the pair's own baseline is where the result has one.
/// @returns the files that were written.
/// @throws IoError
std::vector<std::filesystem::path> accept_result(const ResultPair& pair,
                                                 const std::filesystem::path& folder);

}  // namespace relax_spectro
