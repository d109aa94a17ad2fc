#include "relax_spectro/sanity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "require.hpp"

namespace relax_spectro {
namespace {

using core::require;

// Note [When a map passes]
// The yardstick is how far two seeds of the masks agree. Noise of the masks alone keeps two maps
// from being more alike than the root of the product of their own agreements (Spearman, Am. J.
// Psychol. 15(1), 1904): a map passes where the shuffled model's is less than half as like it. The
// sign does not count: a map of the sounds alone stays where they are, but a shuffled model may as
// well turn it over. Where two seeds of either model agree to less than 0.5, its map is mostly
// noise, and a low correlation says nothing; but a shuffled model that does not react at all has
// nothing left of the map.
constexpr double kLeastAgreement = 0.5;
constexpr double kMostThatStays = 0.5;

void require_fitting(std::span<const SanityModel> models, const ExplainOptions& options) {
  require(models.size() >= 2, "a sanity check needs the model and the model with shuffled weights");
  require(!options.masks.listed,
          "masks of a --masks-file have no other seed to compare with; leave it out");
  require(options.masks.family != MaskFamily::window || options.masks.windows.size() == 1,
          "--window lists several sizes, and maps of different sizes would be compared; give one");
  require(!options.repeat, "--repeat is no part of a sanity check; leave it out");
}

constexpr double kRounding = 1e-6;  // of float outputs

/// Whether the score changes in any window, beyond rounding.
bool reacts(const Explanation& explanation) {
  return std::ranges::any_of(explanation.windows, [](const WindowSummary& window) {
    return window.score_sd > kRounding * std::max(std::abs(window.score_mean), kRounding);
  });
}

/// Explains one recording with one model after the other, with one progress over all.
class Comparison {
 public:
  Comparison(const Audio& audio, ExplainOptions options, std::size_t explanations,
             const ExplainProgress& progress)
      : audio_(&audio), options_(std::move(options)), left_(explanations), progress_(&progress) {}

  Explanation explain_with(const SanityModel& model, std::uint64_t seed_step) {
    ExplainOptions options = options_;
    options.masks.seed += seed_step;
    options.reference = model.reference;
    const auto tell = [this](std::size_t done, std::size_t forecast) {
      if (*progress_) (*progress_)(masks_ + done, masks_ + forecast * left_);
    };
    Explanation explanation = explain(*model.engine, *audio_, options, tell);
    for (const WindowSummary& window : explanation.windows) masks_ += window.masks;
    --left_;
    return explanation;
  }

  /// Lets later models be asked about the classes that one chose.
  void keep_classes(const Explanation& explanation) {
    for (const WindowSummary& window : explanation.windows) {
      if (window.class_index) options_.window_classes.push_back(*window.class_index);
    }
  }
  [[nodiscard]] std::size_t masks() const { return masks_; }

 private:
  const Audio* audio_;
  ExplainOptions options_;
  std::size_t left_;
  const ExplainProgress* progress_;
  std::size_t masks_ = 0;
};

}  // namespace

SanityCheck check_sanity(std::span<const SanityModel> models, const Audio& audio,
                         const ExplainOptions& options, const ExplainProgress& progress) {
  require_fitting(models, options);
  Comparison comparison(audio, options, models.size() + 2, progress);
  Explanation first = comparison.explain_with(models.front(), 0);
  if (options.window_classes.empty()) comparison.keep_classes(first);
  SanityCheck check;
  check.model = {std::move(first.contrast), comparison.explain_with(models.front(), 1).contrast};
  check.seeds = map_similarity(check.model[0], check.model[1]);
  for (const SanityModel& model : models.subspan(1)) {
    Explanation shuffled = comparison.explain_with(model, 0);
    const bool shows = reacts(shuffled);
    check.stages.push_back({model.shuffled_layers, std::move(shuffled.contrast), shows, {}});
    ShuffledMap& stage = check.stages.back();
    if (shows) stage.to_model = map_similarity(stage.contrast, check.model[1]);
  }
  check.shuffled = {check.stages.back().contrast,
                    comparison.explain_with(models.back(), 1).contrast};
  check.shuffled_seeds = map_similarity(check.shuffled[0], check.shuffled[1]);
  check.spectrogram = std::move(first.spectrogram);
  check.method = std::move(first.method);
  check.masks = comparison.masks();
  check.warnings = std::move(first.warnings);
  return check;
}

bool SanityCheck::seeds_agree() const { return seeds.spearman.value_or(0.0) >= kLeastAgreement; }

SanityVerdict SanityCheck::verdict() const {
  if (!seeds_agree()) return SanityVerdict::cannot_tell;
  if (!all_shuffled().reacts) return SanityVerdict::passes;
  const double shuffled_agreement = shuffled_seeds.spearman.value_or(0.0);
  if (shuffled_agreement < kLeastAgreement) return SanityVerdict::cannot_tell;
  const double most = std::sqrt(*seeds.spearman * shuffled_agreement);
  const double stays = std::abs(all_shuffled().to_model.spearman.value_or(0.0));
  return stays < kMostThatStays * most ? SanityVerdict::passes : SanityVerdict::does_not_pass;
}

std::string verdict_of(const SanityCheck& check) {
  const std::string seeds =
      fmt::format("two seeds of the model agree to {:.2f}", check.seeds.spearman.value_or(0.0));
  if (!check.seeds_agree()) return seeds + " only (Spearman): take more masks; cannot tell";
  if (!check.all_shuffled().reacts) {
    return "nothing is left of the map when the weights are shuffled: the score is then "
           "constant, " +
           seeds + " (Spearman): passes";
  }
  const std::string numbers =
      fmt::format("correlation {:.2f} (Spearman), {}, of the shuffled model to {:.2f}",
                  check.all_shuffled().to_model.spearman.value_or(0.0), seeds,
                  check.shuffled_seeds.spearman.value_or(0.0));
  switch (check.verdict()) {
    case SanityVerdict::passes:
      return "the map changes when the weights are shuffled: " + numbers + ": passes";
    case SanityVerdict::does_not_pass:
      return "the map stays when the weights are shuffled: " + numbers + ": does not pass";
    case SanityVerdict::cannot_tell:
      break;
  }
  return numbers + " only: take more masks; cannot tell";
}

}  // namespace relax_spectro
