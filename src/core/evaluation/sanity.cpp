#include "evaluation/sanity.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/require.hpp"

namespace relax_spectro {
namespace {

using core::require;

// Note [When a map passes]
// The noise of the masks limits the similarity of two maps. It cannot exceed the geometric mean of
// both maps' own agreement between two seeds (Spearman, Am. J. Psychol. 15(1), 1904). A map passes
// if the similarity to the shuffled models' maps is on average less than half of that limit. The
// sign does not count: a shuffled model may invert a map that depends only on the sounds.
// A shuffled model is set aside if its score is constant, because it has no map. It is also set
// aside if its two seeds agree by less than 0.5, because its map is mostly noise. Results of single
// shuffles vary widely (0.23 to 0.71 for one recording of a rooster), so fewer than three usable
// shuffles are inconclusive.
constexpr double kLeastAgreement = 0.5;
constexpr double kMostThatStays = 0.5;

void require_fitting(std::span<const SanityModel> models, const ExplainOptions& options) {
  require(std::ranges::any_of(models, &SanityModel::all_layers),
          "a sanity check needs the model and the model with all its weights shuffled");
  require(!options.masks.listed,
          "masks of a --masks-file have no other seed to compare with; explain without it");
  require(options.masks.source() != MaskSource::swept || options.masks.windows.size() == 1,
          "--window lists several sizes, and "
          "maps of different sizes would be compared; explain with one");
}

constexpr double kRounding = 1e-6;  // rounding error of float outputs

/// Whether the score changes in any window by more than rounding.
bool reacts(const Explanation& explanation) {
  return std::ranges::any_of(explanation.windows, [](const WindowSummary& window) {
    return window.score_sd > kRounding * std::max(std::abs(window.score_mean), kRounding);
  });
}

/// Explains one recording with several models, with a common progress report.
class Comparison {
 public:
  Comparison(const Audio& audio, ExplainOptions options, std::size_t explanations,
             const ExplainProgress& progress)
      : audio_(&audio), options_(std::move(options)), left_(explanations), progress_(&progress) {
    options_.repeat.reset();  // does not affect the map
    options_.more_scores.clear();
  }

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

  /// Makes later models use the classes that the first one chose.
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

/// Describes how many shuffles were used, and how many were set aside.
std::string shuffles_text(const SanityCheck& check) {
  std::vector<std::string> each;
  for (const WholeShuffle& shuffle : check.shuffles) {
    const std::optional<double> stays = check.what_stays(shuffle);
    if (stays) each.push_back(fmt::format("{:.2f}", *stays));
  }
  std::string text = fmt::format("{} of {} shuffles{}{}", each.size(), check.shuffles.size(),
                                 each.empty() ? "" : ": ", fmt::join(each, " "));
  const std::size_t constant = check.count(ShuffleOutcome::constant);
  const std::size_t noise = check.count(ShuffleOutcome::noise);
  if (constant + noise > 0) text += "; set aside: ";
  if (constant > 0) text += fmt::format("{} with a constant score", constant);
  if (constant > 0 && noise > 0) text += ", ";
  if (noise > 0) text += fmt::format("{} mostly noise", noise);
  return text;
}

/// Both correlations, because a peak that stays shows more in values than in ranks.
std::string correlations_text(const MapSimilarity& similarity) {
  const auto text = [](const std::optional<double>& correlation) {
    return correlation ? fmt::format("{:.2f}", *correlation) : "none";
  };
  return fmt::format("correlation of ranks {}, of values {}", text(similarity.spearman),
                     text(similarity.pearson));
}

/// Why there is no verdict, and what to do.
std::string why_inconclusive(const SanityCheck& check) {
  if (!check.reacts || !check.seeds.spearman) {
    return "the model's score is constant whatever is masked, so that there is no map to test";
  }
  if (!check.seeds_agree()) {
    return fmt::format(
        "two seeds of the masks agree to {:.2f} only (Spearman; "
        "{} is needed); explain with more masks",
        *check.seeds.spearman, kLeastAgreement);
  }
  const bool mostly_constant =
      check.count(ShuffleOutcome::constant) >= check.count(ShuffleOutcome::noise);
  return fmt::format("too few shuffled models have a map to compare with ({} are needed); {}; {}",
                     kFewestShuffles,
                     mostly_constant ? "test with more --shuffles" : "explain with more masks",
                     shuffles_text(check));
}

}  // namespace

SanityCheck check_sanity(const Array2d<double>& contrast, std::span<const SanityModel> models,
                         const Audio& audio, const ExplainOptions& options,
                         const ExplainProgress& progress) {
  require_fitting(models, options);
  const auto whole = std::ranges::count_if(models, &SanityModel::all_layers);
  Comparison comparison(audio, options, models.size() + static_cast<std::size_t>(whole), progress);
  Explanation second = comparison.explain_with(models.front(), 1);
  if (options.window_classes.empty()) comparison.keep_classes(second);
  SanityCheck check;
  check.reacts = reacts(second);
  check.model = {contrast, std::move(second.contrast)};
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
  check.spectrogram = std::move(second.spectrogram);
  check.method = std::move(second.method);
  check.masks = comparison.masks();
  check.warnings = std::move(second.warnings);
  return check;
}

ShuffleOutcome WholeShuffle::outcome() const {
  if (!map.reacts || !seeds.spearman) return ShuffleOutcome::constant;
  return *seeds.spearman < kLeastAgreement ? ShuffleOutcome::noise : ShuffleOutcome::tells;
}

bool SanityCheck::seeds_agree() const {
  return reacts && seeds.spearman.value_or(0.0) >= kLeastAgreement;
}

std::size_t SanityCheck::count(ShuffleOutcome outcome) const {
  return static_cast<std::size_t>(std::ranges::count(shuffles, outcome, &WholeShuffle::outcome));
}

std::optional<double> SanityCheck::what_stays(const WholeShuffle& shuffle) const {
  if (!seeds_agree() || shuffle.outcome() != ShuffleOutcome::tells) return std::nullopt;
  return std::abs(shuffle.map.to_model.spearman.value_or(0.0)) /
         std::sqrt(*seeds.spearman * *shuffle.seeds.spearman);
}

std::optional<double> SanityCheck::mean_that_stays() const {
  std::vector<double> each;
  for (const WholeShuffle& shuffle : shuffles) {
    if (const std::optional<double> stays = what_stays(shuffle)) each.push_back(*stays);
  }
  if (each.size() < kFewestShuffles) return std::nullopt;
  return std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(each.size());
}

SanityVerdict SanityCheck::verdict() const {
  const std::optional<double> stays = mean_that_stays();
  if (!stays) return SanityVerdict::inconclusive;
  return *stays < kMostThatStays ? SanityVerdict::passes : SanityVerdict::does_not_pass;
}

std::string verdict_of(const SanityCheck& check) {
  const std::optional<double> mean = check.mean_that_stays();
  if (!mean) return "inconclusive: " + why_inconclusive(check);
  const bool passes = check.verdict() == SanityVerdict::passes;
  return fmt::format(
      "{}: {:.2f} of the map {} when all weights are shuffled; two seeds of the masks agree to "
      "{:.2f} (Spearman); mean of {}",
      passes ? "passes" : "does not pass", *mean, passes ? "is left" : "stays",
      *check.seeds.spearman, shuffles_text(check));
}

std::string text_of(const SanityCheck& check, const WholeShuffle& shuffle) {
  if (shuffle.outcome() == ShuffleOutcome::constant) return "set aside, its score is constant";
  if (shuffle.outcome() == ShuffleOutcome::noise) return "set aside, mostly noise";
  const std::optional<double> stays = check.what_stays(shuffle);
  if (!stays) return "not compared";
  return fmt::format("{:.2f} of the map stays ({})", *stays,
                     correlations_text(shuffle.map.to_model));
}

std::string text_of(const ShuffledMap& stage) {
  return stage.reacts ? correlations_text(stage.to_model) : "its score is constant";
}

}  // namespace relax_spectro
