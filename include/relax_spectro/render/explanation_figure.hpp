#pragma once

#include <string>

#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/model/model_card.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// The figure of a result: spectrogram, importance and uncertainty, stacked. Above are the recording,
/// what was heard, the model and the masks; below are the verdict and the warnings.
/// @param result  with its arrays spectrogram, contrast, uncertainty, standard_error, repeat and
///                sizes.
[[nodiscard]] Figure explanation_figure(const Result& result);

/// The figure of a model's input.
[[nodiscard]] Figure spectrogram_figure(const Spectrogram& spectrogram, const ModelCard& card,
                                        const std::string& title);

}  // namespace relax_spectro
