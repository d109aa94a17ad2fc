#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/evaluation/flipping.hpp"
#include "relax_spectro/masks/mask.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro::core {

[[nodiscard]] nlohmann::ordered_json source_json(const SourceFile& file);
[[nodiscard]] nlohmann::ordered_json shape_json(Shape2d shape);

/// How something was made: the fields that results and parts of results have in common.
/// @param format  what the file calls itself.
[[nodiscard]] nlohmann::ordered_json made_by_json(std::string_view format,
                                                  const ExplainOptions& options,
                                                  const ResolvedMethod& method,
                                                  const ModelCard& card,
                                                  const Provenance& provenance);

/// Every option as resolved.
[[nodiscard]] nlohmann::ordered_json options_json(const ExplainOptions& options,
                                                  const ResolvedMethod& method,
                                                  const Provenance& provenance);

/// The same of a flipping.
/// @param step_size  as resolved.
/// @param map        the array that orders the input.
[[nodiscard]] nlohmann::ordered_json flip_options_json(const FlipOptions& options,
                                                       std::size_t step_size,
                                                       const std::string& map);

/// What was spent on it.
[[nodiscard]] nlohmann::ordered_json engine_json(const EngineUse& use);

/// What a model hears: each class with its label, where it has one, and its probability.
[[nodiscard]] nlohmann::ordered_json heard_json(const std::vector<HeardClass>& heard);

/// A window of a recording: which frames.
[[nodiscard]] nlohmann::ordered_json window_json(const Spectrogram& spectrogram, FrameRange frames);

}  // namespace relax_spectro::core
