#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assess/assess_data.hpp"
#include "assess/drop_bounds.hpp"
#include "assess/ensemble.hpp"
#include "assess/influence.hpp"
#include "assess/perturbation_effect.hpp"
#include "assess/slices.hpp"
#include "assess/suspects.hpp"
#include "assess/systems.hpp"
#include "probe/refit.hpp"

namespace relax_spectro {

struct AssessOptions {
  std::optional<MeasureThreshold> threshold;
  bool refit = false;      ///< fit the only member, a probe, again
  std::uint64_t seed = 0;  ///< of resamples and permutations
};

/// What the metrics of models are worth.
struct Assessment {
  std::vector<System> systems;            ///< the members, then their ensembles
  std::size_t subject = 0;                ///< the system that all below is about
  std::optional<EnsembleStudy> ensemble;  ///< nothing of a single member
  InfluenceTable influence;
  std::vector<DropBounds> bounds;
  std::vector<Slice> slices;
  std::vector<PerturbationEffect> perturbations;  ///< of each member
  std::vector<Suspect> suspects;
  std::vector<SplitNoise> splits;             ///< empty without refits
  std::optional<TrainingInfluence> training;  ///< of AssessData's files and groups
};

/// Assesses predictions. The subject is the mean of all members' probabilities, or the only member.
/// @throws ConfigError  there are fewer than two groups. Or there are to be refits, and there are
///                      several members, or the only one is not a probe; or as read_recipe.
[[nodiscard]] Assessment assess(const AssessData& data, const AssessOptions& options);

/// What the assessment is about, for people.
[[nodiscard]] std::string subject_text(const Assessment& assessment);

/// What the metrics are worth, in sentences: their intervals, how far one file moves them, and how far
/// few files do.
[[nodiscard]] std::string verdict_of(const Assessment& assessment,
                                     const std::optional<MeasureThreshold>& threshold);

}  // namespace relax_spectro
