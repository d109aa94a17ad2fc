#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Where patches lie.
enum class PatchPlaces {
  salient,  ///< where the contrast is highest
  random,   ///< anywhere, with the numbers, sizes and strengths of the salient ones
  keep,     ///< where the contrast is lowest, as many as there are salient ones
};

/// How the weight falls from a patch's centre to its edge.
enum class PatchProfile {
  flat,    ///< not at all
  cosine,  ///< as (1 + cos πd) / 2
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] PatchPlaces parse_patch_places(std::string_view name);
[[nodiscard]] PatchProfile parse_patch_profile(std::string_view name);

struct PatchOptions {
  std::size_t most = 3;    ///< patches of a map, 1 or more
  double share = 0.1;      ///< of all bins that the ellipses block together: above 0, up to 1
  double least_se = 2.0;   ///< standard errors that a patch's peak is above, 0 or more
  double most_mass = 0.7;  ///< of the positive contrast that weights take away: above 0, up to 1
  PatchProfile profile = PatchProfile::flat;
  PatchPlaces places = PatchPlaces::salient;

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// An ellipse of a map, from whose centre on the input is suppressed.
struct Patch {
  std::size_t band = 0;  ///< of the centre
  std::size_t frame = 0;
  double half_bands = 0.0;  ///< semi-axes
  double half_frames = 0.0;
  double strength = 0.0;  ///< weight of the centre, 0 to 1
};

/// The patches of a map, the one with the highest peak first.
///
/// The map is smoothed by a box of 3 × 3 bins; bins beyond its edge, and NaN, count 0. Again and again,
/// the highest bin becomes the centre of a patch, and an ellipse around it is blocked. All ellipses
/// together have the area `share` of the map. The strength of a patch is its peak between the map's
/// minimum and maximum, 0 to 1. Its ellipse shrinks by the strength, to a fifth at most. Strengths are
/// then divided by what the salient patches take of the positive contrast, over `most_mass`, if that is
/// more.
///
/// After featout (github.com/NinaWie/featout) and its hackathon version by M. Wolke and others.
/// @param errors  standard errors of the contrast, of its shape; not read if least_se is 0.
/// @param seed    of random places.
/// @returns  fewer than asked for where no peak is above the errors; maybe none.
[[nodiscard]] std::vector<Patch> find_patches(const Array2d<double>& contrast,
                                              const Array2d<double>& errors,
                                              const PatchOptions& options, std::uint64_t seed);

/// How much of each bin is suppressed, 0 to 1. Where patches overlap, the largest weight counts.
[[nodiscard]] Array2d<double> patch_weights(const std::vector<Patch>& patches, Shape2d shape,
                                            PatchProfile profile);

/// The share of the positive contrast that weights take away, 0 to 1. 0 if none is positive.
[[nodiscard]] double mass_taken(const Array2d<double>& contrast, const Array2d<double>& weights);

/// x' = x + w (b - x). @pre  all have the same shape.
[[nodiscard]] Array2d<float> suppressed(const Array2d<float>& input, const Array2d<double>& weights,
                                        const Array2d<float>& fill);

/// A part of a training: the first round is 0.
struct Round {
  std::size_t index = 0;
  std::size_t count = 1;

  /// Reads "3/10". @throws ConfigError  it is not R/N with R from 0 to N - 1.
  [[nodiscard]] static Round parse(std::string_view text);
  /// 1 + floor(10 r / N), and none in round 0.
  [[nodiscard]] std::size_t patches() const;
};

}  // namespace relax_spectro
