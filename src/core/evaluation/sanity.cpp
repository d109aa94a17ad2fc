#include "relax_spectro/evaluation/sanity.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/require.hpp"

namespace relax_spectro {
namespace {

using core::require;

// Note [When a map passes]
// The yardstick is how far two seeds of the masks agree. Noise of the masks alone keeps two maps
// from being more alike than the root of the product of their own agreements (Spearman, Am. J.
// Psychol. 15(1), 1904): a map passes where those of shuffled models are less than half as like it
// in the mean. One shuffle says little: a network of random weights may by chance react to where
// the sound is. The sign does not count: a map of the sounds alone stays where they are, but a
// shuffled model may as well turn it over. Where two seeds of a model agree to less than 0.5, its
// map is mostly noise, and a low correlation says nothing; but a shuffled model that does not react
// at all has nothing left of the map.
constexpr double kLeastAgreement = 0.5;
constexpr double kMostThatStays = 0.5;

void require_fitting(std::span<const SanityModel> models, const ExplainOptions& options) {
  require(std::ranges::any_of(models, &SanityModel::all_layers),
          "a sanity check needs the model and the model with all its weights shuffled");
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
  const auto whole = std::ranges::count_if(models, &SanityModel::all_layers);
  Comparison comparison(audio, options, models.size() + 1 + static_cast<std::size_t>(whole),
                        progress);
  Explanation first = comparison.explain_with(models.front(), 0);
  if (options.window_classes.empty()) comparison.keep_classes(first);
  SanityCheck check;
  check.model = {std::move(first.contrast), comparison.explain_with(models.front(), 1).contrast};
  check.seeds = map_similarity(check.model[0], check.model[1]);
  for (const SanityModel& model : models.subspan(1)) {
    Explanation shuffled = comparison.explain_with(model, 0);
    const bool shows = reacts(shuffled);
    ShuffledMap map{model.shuffled_layers, std::move(shuffled.contrast), shows, {}};
    if (shows) map.to_model = map_similarity(map.contrast, check.model[1]);
    if (!model.all_layers) {
      check.stages.push_back(std::move(map));
      continue;
    }
    WholeShuffle shuffle{std::move(map), comparison.explain_with(model, 1).contrast, {}};
    shuffle.seeds = map_similarity(shuffle.map.contrast, shuffle.second_seed);
    check.shuffles.push_back(std::move(shuffle));
  }
  check.spectrogram = std::move(first.spectrogram);
  check.method = std::move(first.method);
  check.masks = comparison.masks();
  check.warnings = std::move(first.warnings);
  return check;
}

bool SanityCheck::seeds_agree() const { return seeds.spearman.value_or(0.0) >= kLeastAgreement; }

std::optional<double> SanityCheck::what_stays(const WholeShuffle& shuffle) const {
  if (!shuffle.map.reacts) return 0.0;
  const double agreement = shuffle.seeds.spearman.value_or(0.0);
  if (agreement < kLeastAgreement) return std::nullopt;
  return std::abs(shuffle.map.to_model.spearman.value_or(0.0)) /
         std::sqrt(*seeds.spearman * agreement);
}

std::optional<double> SanityCheck::mean_that_stays() const {
  if (!seeds_agree()) return std::nullopt;
  double sum = 0.0;
  std::size_t count = 0;
  for (const WholeShuffle& shuffle : shuffles) {
    const std::optional<double> stays = what_stays(shuffle);
    if (!stays) continue;
    sum += *stays;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

SanityVerdict SanityCheck::verdict() const {
  const std::optional<double> stays = mean_that_stays();
  if (!stays) return SanityVerdict::cannot_tell;
  return *stays < kMostThatStays ? SanityVerdict::passes : SanityVerdict::does_not_pass;
}

std::string verdict_of(const SanityCheck& check) {
  const std::string seeds = fmt::format("two seeds of the masks agree to {:.2f} (Spearman)",
                                        check.seeds.spearman.value_or(0.0));
  const std::optional<double> mean = check.mean_that_stays();
  if (!mean) {
    return seeds + (check.seeds_agree() ? ", but not with shuffled weights" : " only") +
           ": take more masks; cannot tell";
  }
  std::vector<std::string> each;
  for (const WholeShuffle& shuffle : check.shuffles) {
    const std::optional<double> stays = check.what_stays(shuffle);
    each.push_back(stays ? fmt::format("{:.2f}", *stays) : "noise");
  }
  const bool passes = check.verdict() == SanityVerdict::passes;
  return fmt::format("{:.2f} of the map {} when all weights are shuffled ({}), where {}: {}", *mean,
                     passes ? "is left" : "stays", fmt::join(each, " "), seeds,
                     passes ? "passes" : "does not pass");
}

}  // namespace relax_spectro
