#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/evaluation/map_similarity.hpp"
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

/// The same with all layers shuffled, and once more with masks of another seed.
struct WholeShuffle {
  ShuffledMap map;
  Array2d<double> second_seed;  ///< contrast
  MapSimilarity seeds;          ///< of the two
};

enum class SanityVerdict {
  passes,
  does_not_pass,
  cannot_tell,  ///< two seeds of the model, or of every shuffled one, do not agree
};

/// Whether a map depends on what its model has learnt (Adebayo et al., Sanity Checks for Saliency
/// Maps, NeurIPS 2018): maps of the model and of models with shuffled weights, compared.
struct SanityCheck {
  Spectrogram spectrogram;
  std::array<Array2d<double>, 2> model;  ///< contrast of the model, with two seeds of the masks
  MapSimilarity seeds;                   ///< of the two
  std::vector<ShuffledMap> stages;       ///< with some layers shuffled, by rising number
  std::vector<WholeShuffle> shuffles;    ///< with all layers shuffled, one or more times
  ResolvedMethod method;                 ///< of the first map
  std::size_t masks = 0;                 ///< evaluated for all maps
  std::vector<std::string> warnings;

  /// Whether the model's own map is the same with other masks, by and large.
  [[nodiscard]] bool seeds_agree() const;

  /// How much of the map one shuffle leaves, of what the noise of the masks allows: 0 to about 1.
  /// Nothing where that shuffle's map is mostly noise. @pre seeds_agree()
  [[nodiscard]] std::optional<double> what_stays(const WholeShuffle& shuffle) const;

  /// The mean of these; nothing where no shuffle tells, or the model's own seeds do not agree.
  [[nodiscard]] std::optional<double> mean_that_stays() const;

  /// See Note [When a map passes].
  [[nodiscard]] SanityVerdict verdict() const;
};

/// Explains a recording with each model, with masks of the options' seed, and with the model itself
/// and those that are shuffled as a whole also with masks of the next seed. Maps that are compared
/// have different seeds, so that what is alike in them is not the noise of the same masks. With a
/// score of the top class, the class that the first model scores highest in a window is measured
/// in all.
/// @param models  the model itself, then others; one at least with all layers shuffled.
/// @throws as explain; ConfigError  no model with all layers shuffled, or options that do not go
/// with it.
[[nodiscard]] SanityCheck check_sanity(std::span<const SanityModel> models, const Audio& audio,
                                       const ExplainOptions& options,
                                       const ExplainProgress& progress = {});

/// The verdict with its numbers, for a person.
[[nodiscard]] std::string verdict_of(const SanityCheck& check);

}  // namespace relax_spectro
