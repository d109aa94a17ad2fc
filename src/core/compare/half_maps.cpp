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
  /// @param whole  must outlive this.
  /// @param half   0 or 1
  HalfDesign(const MaskDesign& whole, std::size_t block, std::size_t half)
      : whole_(&whole), block_(block), half_(half) {}

  [[nodiscard]] Mask mask(std::size_t index) const override {
    return whole_->mask(whole_index(index));
  }
  [[nodiscard]] std::size_t size() const override { return whole_->size() / 2; }
  /// One: these maps need no standard error.
  [[nodiscard]] std::vector<MaskRange> blocks(MaskRange range) const override { return {range}; }
  [[nodiscard]] bool independent_cells() const override { return whole_->independent_cells(); }
  [[nodiscard]] std::optional<double> keep_probability() const override {
    return whole_->keep_probability();
  }

  /// The number of a mask in the whole design.
  [[nodiscard]] std::size_t whole_index(std::size_t index) const {
    return (2 * (index / block_) + half_) * block_ + index % block_;
  }

 private:
  const MaskDesign* whole_;
  std::size_t block_;
  std::size_t half_;
};

/// @param set  has this half's design.
Array2d<double> half_map(const Result& result, const ExplainOptions& options, const MaskSet& set,
                         const HalfDesign& design) {
  const Explanation& explanation = result.explanation;
  const Spectrogram& axes = explanation.spectrogram;
  RecordingWindows recording{axes, {}, explanation.method.hop_s, {}};
  recording.spectrogram.values = {axes.frequency_hz.size(),
                                  axes.time_s.size()};  // only their shape
  std::vector<core::WindowStudy> studies;
  for (std::size_t w = 0; w < explanation.windows.size(); ++w) {
    const WindowSummary& window = explanation.windows[w];
    recording.windows.push_back(window.frames);
    WindowScores measured;
    measured.scores.resize(window.masks / (2 * set.step) * set.step);
    for (std::size_t i = 0; i < measured.scores.size(); ++i) {
      measured.scores[i] = explanation.scores(w, design.whole_index(i));
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
  MaskSet set = make_masks(
      options.masks, mask_axes(result.card.front_end, explanation.windows.front().frames.count));
  const auto few = [&set](const WindowSummary& window) { return window.masks < 2 * set.step; };
  if (std::ranges::any_of(explanation.windows, few)) return std::nullopt;
  const std::unique_ptr<MaskDesign> whole = std::move(set.design);
  std::array<Array2d<double>, 2> maps;
  for (std::size_t half = 0; half < maps.size(); ++half) {
    auto design = std::make_unique<HalfDesign>(*whole, set.step, half);
    const HalfDesign& of_half = *design;
    set.design = std::move(design);
    maps[half] = half_map(result, options, set, of_half);
  }
  return maps;
}

}  // namespace relax_spectro
