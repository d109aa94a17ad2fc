#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "featout/patches.hpp"
#include "files/labels_table.hpp"
#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// Which labelled recordings get a copy.
struct CopyChoice {
  enum class Kind {
    correct,    ///< the label is the most probable class
    all,        ///< all of them
    confident,  ///< the label's probability is at least a number
  };
  Kind kind = Kind::correct;
  double probability = 0.0;  ///< for `confident`: 0 to 1

  /// Reads `correct`, `all` or `confident:P`. @throws ConfigError
  [[nodiscard]] static CopyChoice parse(std::string_view text);
};

/// Why a recording gets no copy, for the user. Nothing if it gets one.
/// @param result  its arrays are not needed.
/// @param label   of the recording; empty if unknown. The map must be of this class.
[[nodiscard]] std::optional<std::string> reason_against_copy(const Result& result,
                                                             const std::string& label,
                                                             const CopyChoice& choice);

/// The input of a recording, with its salient places suppressed.
struct SuppressedInput {
  std::vector<Patch> patches;  ///< none: no peak is above its errors
  Array2d<double> weights;
  Array2d<float> spectrogram;
  double touched = 0.0;  ///< share of the bins that have a weight
  double mass = 0.0;     ///< see mass_taken()
};

/// @param result  with its arrays contrast, standard_error and spectrogram.
/// @param seed    of random places; each recording draws its own from it.
/// @throws ConfigError  the map has no standard errors, but options ask for them.
[[nodiscard]] SuppressedInput suppress(const Result& result, const PatchOptions& options,
                                       const Fill& fill, std::uint64_t seed);

/// The box of a patch, from the centre of its first bin to that of its last.
[[nodiscard]] TimeFrequencyBox box_of(const Patch& patch, const Spectrogram& spectrogram);

/// What a model makes of a recording's label.
struct LabelScore {
  double logit = 0.0;        ///< the mean over windows
  double probability = 0.0;  ///< the largest of any window
};

/// @param input  of the whole recording.
/// @throws ModelError, MemoryError
[[nodiscard]] LabelScore label_score(Engine& engine, const Result& result,
                                     const Array2d<float>& input);

/// One over the number of the model's classes: below it, a copy has lost its label.
[[nodiscard]] double chance(const ModelCard& card);

/// A row of the table of copies.
struct CopyRow {
  std::string file;    ///< of the copy, beside the table
  std::string source;  ///< the recording
  RecordingLabel label;
  SuppressedInput made;
  Spectrogram axes;  ///< without values
  std::optional<LabelScore> before;
  std::optional<LabelScore> after;
};

/// The table of copies (data/FORMAT.md). Copies have the group of their recording, or else the
/// recording is their group.
/// @param round  empty: none.
[[nodiscard]] std::string copies_csv(const std::vector<CopyRow>& rows, const std::string& round);

/// NAME.featout.npz: the input, the weights and the axes. @throws IoError
void write_suppressed(const std::filesystem::path& path, const SuppressedInput& made,
                      const Spectrogram& axes);

}  // namespace relax_spectro
