#include "compare/half_maps.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "masks/mask_family.hpp"
#include "relax_spectro/results/result.hpp"
#include "saliency/assemble.hpp"

namespace relax_spectro {
namespace {

/// Every other block of a design.
class HalfDesign final : public MaskDesign {
 public:
  /// @param half  0 or 1
  HalfDesign(std::unique_ptr<MaskDesign> design, std::size_t block, std::size_t half)
      : design_(std::move(design)), block_(block), half_(half) {}

  [[nodiscard]] Mask mask(std::size_t index) const override { return design_->mask(whole(index)); }
  [[nodiscard]] std::size_t size() const override { return design_->size() / 2; }
  /// One: these maps need no standard error.
  [[nodiscard]] std::vector<MaskRange> blocks(MaskRange range) const override { return {range}; }
  [[nodiscard]] bool independent_cells() const override { return design_->independent_cells(); }
  [[nodiscard]] std::optional<double> keep_probability() const override {
    return design_->keep_probability();
  }

  /// The number of a mask in the whole design.
  [[nodiscard]] std::size_t whole(std::size_t index) const {
    return (2 * (index / block_) + half_) * block_ + index % block_;
  }

 private:
  std::unique_ptr<MaskDesign> design_;
  std::size_t block_;
  std::size_t half_;
};

Array2d<double> half_map(const Result& result, const ExplainOptions& options, std::size_t half) {
  const Explanation& explanation = result.explanation;
  const std::size_t frames = explanation.windows.front().frames.count;
  MaskSet set = make_masks(options.masks, mask_axes(result.card.front_end, frames));
  auto owned = std::make_unique<HalfDesign>(std::move(set.design), set.step, half);
  const HalfDesign& design = *owned;
  set.design = std::move(owned);
  RecordingWindows recording{explanation.spectrogram, {}, explanation.method.hop_s, {}};
  std::vector<core::WindowStudy> studies;
  for (std::size_t w = 0; w < explanation.windows.size(); ++w) {
    const WindowSummary& window = explanation.windows[w];
    recording.windows.push_back(window.frames);
    WindowScores measured;
    measured.scores.resize(window.masks / (2 * set.step) * set.step);
    for (std::size_t i = 0; i < measured.scores.size(); ++i) {
      measured.scores[i] = explanation.scores(w, design.whole(i));
    }
    studies.push_back({{}, {std::move(measured)}, {}});
  }
  core::SharedMasks masks(set);
  return core::assemble(recording, masks, options, studies, 0).contrast;
}

}  // namespace

std::optional<std::array<Array2d<double>, 2>> half_maps(const Result& result) {
  const Explanation& explanation = result.explanation;
  const ResolvedMethod& method = explanation.method;
  if (method.estimator == Estimator::mean_drop) {
    return std::array{explanation.contrast, explanation.contrast};
  }
  const bool has_halves =
      !result.provenance.masks_file &&
      (method.estimator == Estimator::regression || method.estimator == Estimator::mask_sum);
  if (!has_halves) return std::nullopt;
  ExplainOptions options = result.options;
  options.masks.seed = method.effective_seed;
  options.masks.seed_by = SeedBy::run;
  options.estimator = method.estimator;
  options.repeat.reset();
  const MaskSet set = make_masks(
      options.masks, mask_axes(result.card.front_end, explanation.windows.front().frames.count));
  const auto few = [&set](const WindowSummary& window) { return window.masks < 2 * set.step; };
  if (std::ranges::any_of(explanation.windows, few)) return std::nullopt;
  return std::array{half_map(result, options, 0), half_map(result, options, 1)};
}

}  // namespace relax_spectro
