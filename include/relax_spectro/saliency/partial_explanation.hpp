#pragma once

#include <cstddef>
#include <vector>

#include "relax_spectro/occlusion/recording_windows.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro {

/// A part of the masks, evaluated on every window of a recording. With the seed and its index, a
/// score is all that a mask leaves behind: parts made anywhere, in any order, join into the map.
struct PartialExplanation {
  RecordingWindows recording;
  MaskRange range;                    ///< the masks that were evaluated
  std::size_t mask_count = 0;         ///< of the whole
  std::vector<WindowScores> windows;  ///< one for each of the recording's
  ResolvedMethod method;
};

/// Evaluates masks [range.begin, range.end) only. Batches are as they would be in one run over all
/// masks, if the engine's are of one size.
/// @throws ConfigError  as explain; the number of masks is automatic, or of several window sizes;
///                      or the range is empty, goes beyond that number, or begins or ends within a
///                      batch of a run over all masks.
/// @throws ModelError, MemoryError, AudioError
[[nodiscard]] PartialExplanation explain_part(Engine& engine, const Audio& audio,
                                              const ExplainOptions& options, MaskRange range,
                                              const ExplainProgress& progress = {});

/// Joins the parts of one recording, in any order, into what one run would have given: from the
/// same scores the same bits.
/// @param card     of the model.
/// @param options  that every part was made with.
/// @throws ConfigError  masks are missing or there twice, or the parts are not of one recording;
///                      the message names the masks or the field.
[[nodiscard]] Explanation merge_parts(const ModelCard& card, const ExplainOptions& options,
                                      std::vector<PartialExplanation> parts);

}  // namespace relax_spectro
