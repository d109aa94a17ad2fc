#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/map_similarity.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro {

/// A model for explaining recordings: with its trained weights, or with shuffled ones.
struct SanityModel {
  Engine* engine = nullptr;
  std::size_t shuffled_layers = 0;        ///< counted from the last
  bool all_layers = false;                ///< whether these are all layers
  std::optional<ModelOutputs> reference;  ///< this model's outputs for ExplainOptions' reference
};

/// The map of a model with shuffled weights.
struct ShuffledMap {
  std::size_t layers = 0;    ///< number of shuffled layers
  Array2d<double> contrast;  ///< with the first seed
  bool reacts = false;       ///< whether its score changes by more than rounding
  MapSimilarity to_model;    ///< to the original model's map with the second seed
};

/// Whether a shuffled model can be used for the verdict.
enum class ShuffleOutcome {
  tells,     ///< its map can be compared
  constant,  ///< its score or its map is constant, so there is nothing to compare
  noise,     ///< the maps of two seeds of the masks disagree
};

/// A model with all layers shuffled, with two seeds of the masks.
struct WholeShuffle {
  ShuffledMap map;
  Array2d<double> second_seed;  ///< contrast with the second seed
  MapSimilarity seeds;          ///< of the maps with both seeds

  [[nodiscard]] ShuffleOutcome outcome() const;
};

/// The fewest usable shuffles for a verdict.
inline constexpr std::size_t kFewestShuffles = 3;

enum class SanityVerdict { passes, does_not_pass, inconclusive };

/// Tests whether a map depends on what its model has learnt (Adebayo et al., Sanity Checks for
/// Saliency Maps, NeurIPS 2018). It compares the map with maps of the model with shuffled weights.
struct SanityCheck {
  Spectrogram spectrogram;
  std::array<Array2d<double>, 2> model;  ///< contrast: the tested map, and that of another seed
  bool reacts = false;                   ///< whether the model's own score changes at all
  MapSimilarity seeds;                   ///< of these two maps
  std::vector<ShuffledMap> stages;       ///< some layers shuffled, by ascending number
  std::vector<WholeShuffle> shuffles;    ///< with all layers shuffled
  ResolvedMethod method;                 ///< of the map with the other seed
  std::size_t masks = 0;                 ///< evaluated for all maps except the tested one
  std::vector<std::string> warnings;

  /// Whether the model's own maps with two seeds agree.
  [[nodiscard]] bool seeds_agree() const;

  /// The number of shuffles with this outcome.
  [[nodiscard]] std::size_t count(ShuffleOutcome outcome) const;

  /// How much of the map remains after a shuffle, relative to the limit set by noise: 0 to about 1.
  /// Nothing if the shuffle is not usable, or the model's own seeds disagree.
  [[nodiscard]] std::optional<double> what_stays(const WholeShuffle& shuffle) const;

  /// The mean over shuffles; nothing if it is inconclusive. See Note [When a map passes].
  [[nodiscard]] std::optional<double> mean_that_stays() const;

  /// Inconclusive if there is no mean.
  [[nodiscard]] SanityVerdict verdict() const;
};

/// Explains a recording with each model, with masks of the options' seed. The model itself and the
/// fully shuffled ones also get masks of the next seed. Compared maps always have different seeds,
/// so that they do not share the noise of the masks. For a score of the top class, all models use
/// the first model's top class in each window.
/// @param contrast  the tested map: of the model itself, with these options. It is not recomputed.
/// @param models    the model itself, then others; at least one with all layers shuffled.
/// @throws as explain
/// @throws ConfigError  no model has all layers shuffled, the options do not fit, or the map has
///                      another shape.
[[nodiscard]] SanityCheck check_sanity(const Array2d<double>& contrast,
                                       std::span<const SanityModel> models, const Audio& audio,
                                       const ExplainOptions& options,
                                       const ExplainProgress& progress = {});

/// The verdict with its numbers, as text.
[[nodiscard]] std::string verdict_of(const SanityCheck& check);

/// The result of one shuffle, as text: "0.84 of the map stays (correlation of ranks 0.72, of values
/// 0.80)", or why it is set aside.
[[nodiscard]] std::string text_of(const SanityCheck& check, const WholeShuffle& shuffle);

/// The result of a stage, as text: "correlation of ranks 0.84, of values 0.80".
[[nodiscard]] std::string text_of(const ShuffledMap& stage);

}  // namespace relax_spectro
