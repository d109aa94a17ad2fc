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

/// A model that recordings are explained with: as it was learnt, or with weights shuffled.
struct SanityModel {
  Engine* engine = nullptr;
  std::size_t shuffled_layers = 0;        ///< the last that run
  bool all_layers = false;                ///< whether these are all
  std::optional<ModelOutputs> reference;  ///< what this model gives for ExplainOptions' reference
};

/// What a model with shuffled weights makes of a recording.
struct ShuffledMap {
  std::size_t layers = 0;    ///< that are shuffled
  Array2d<double> contrast;  ///< with the first seed
  bool reacts = false;       ///< whether its score changes at all, beyond rounding
  MapSimilarity to_model;    ///< to the map of the model itself with the second seed
};

/// What a shuffled model can say of a map.
enum class ShuffleOutcome {
  tells,     ///< its own map can be compared
  constant,  ///< its score, or its map, is constant: there is nothing to compare
  noise,     ///< two seeds of the masks do not agree on its map
};

/// A model with all layers shuffled, with masks of two seeds.
struct WholeShuffle {
  ShuffledMap map;
  Array2d<double> second_seed;  ///< contrast
  MapSimilarity seeds;          ///< of the two

  [[nodiscard]] ShuffleOutcome outcome() const;
};

/// Shuffles that have to tell for a verdict.
inline constexpr std::size_t kFewestShuffles = 3;

enum class SanityVerdict { passes, does_not_pass, inconclusive };

/// Whether a map depends on what its model has learnt (Adebayo et al., Sanity Checks for Saliency
/// Maps, NeurIPS 2018): the map, and maps of the model with shuffled weights, compared.
struct SanityCheck {
  Spectrogram spectrogram;
  std::array<Array2d<double>, 2> model;  ///< contrast: the map that is tested, and of another seed
  bool reacts = false;                   ///< whether the model's own score changes at all
  MapSimilarity seeds;                   ///< of the two
  std::vector<ShuffledMap> stages;       ///< with some layers shuffled, by rising number
  std::vector<WholeShuffle> shuffles;    ///< with all layers shuffled
  ResolvedMethod method;                 ///< of the map of the other seed
  std::size_t masks = 0;                 ///< evaluated for all maps but the one that is tested
  std::vector<std::string> warnings;

  /// Whether the model's own map is the same with other masks, by and large.
  [[nodiscard]] bool seeds_agree() const;

  /// How many shuffles have this outcome.
  [[nodiscard]] std::size_t count(ShuffleOutcome outcome) const;

  /// How much of the map one shuffle leaves, of what the noise of the masks allows: 0 to about 1.
  /// Nothing where the shuffle does not tell, or the model's own seeds do not agree.
  [[nodiscard]] std::optional<double> what_stays(const WholeShuffle& shuffle) const;

  /// The mean of these; nothing where it would say nothing. See Note [When a map passes].
  [[nodiscard]] std::optional<double> mean_that_stays() const;

  /// Inconclusive where there is no mean.
  [[nodiscard]] SanityVerdict verdict() const;
};

/// Explains a recording with each model, with masks of the options' seed, and with the model itself
/// and those that are shuffled as a whole also with masks of the next seed. Maps that are compared
/// have different seeds, so that what they share is not the noise of the same masks. With a
/// score of the top class, the class that the first model scores highest in a window is measured
/// in all.
/// @param contrast  the map that is tested: of the model itself, with these options. It is not
///                  made again.
/// @param models    the model itself, then others; one at least with all layers shuffled.
/// @throws as explain; ConfigError  no model with all layers shuffled, options that do not go with
/// it, or a map of another shape.
[[nodiscard]] SanityCheck check_sanity(const Array2d<double>& contrast,
                                       std::span<const SanityModel> models, const Audio& audio,
                                       const ExplainOptions& options,
                                       const ExplainProgress& progress = {});

/// The verdict and its numbers, for a person.
[[nodiscard]] std::string verdict_of(const SanityCheck& check);

/// What one shuffle says, for a person: "0.84 of the map stays (correlation of ranks 0.72, of
/// values 0.80)", or why it is set aside.
[[nodiscard]] std::string text_of(const SanityCheck& check, const WholeShuffle& shuffle);

/// What a stage says, for a person: "correlation of ranks 0.84, of values 0.80".
[[nodiscard]] std::string text_of(const ShuffledMap& stage);

}  // namespace relax_spectro
