#pragma once

#include "occlusion/occlusion.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro::test {

/// Batches of one size, on one thread.
inline EngineOptions batches_of(std::size_t batch_size) {
  EngineOptions options;
  options.batch = BatchForm{batch_size, false};
  options.workers = 1;
  options.threads = 1;
  return options;
}

/// Explains with a new engine.
inline Explanation explain_with(Model& model, const Audio& audio, const ExplainOptions& options,
                                const EngineOptions& engine_options = batches_of(16)) {
  Engine engine(model, engine_options);
  return explain(engine, audio, options);
}

/// The outputs of one window.
inline ModelOutputs outputs_of(Model& model, const Array2d<float>& window) {
  return Engine(model, batches_of(1)).forward_alone(window);
}

/// The scores of masks, from a new engine.
inline std::vector<double> scores_with(Model& model, const OccludedWindow& occluded,
                                       const MaskLaw& law, const MaskDesign& design,
                                       MaskRange range, const Score& score,
                                       const EngineOptions& engine_options = batches_of(16)) {
  Engine engine(model, engine_options);
  return occlusion_scores(engine, occluded, law, design, range, std::span(&score, 1)).front();
}

}  // namespace relax_spectro::test
