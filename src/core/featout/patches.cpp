#include "featout/patches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "base/draw_stream.hpp"
#include "base/enum_names.hpp"
#include "base/require.hpp"
#include "files/text_match.hpp"

namespace relax_spectro {
namespace {

using core::require;
using namespace std::string_view_literals;

constexpr core::EnumNames kPlaces{"control", std::array{std::pair{PatchPlaces::random, "random"sv},
                                                        std::pair{PatchPlaces::keep, "keep"sv}}};
constexpr core::EnumNames kProfiles{"profile",
                                    std::array{std::pair{PatchProfile::flat, "flat"sv},
                                               std::pair{PatchProfile::cosine, "cosine"sv}}};

constexpr double kLeastSize = 0.2;  // of an ellipse, over that of the strongest
constexpr std::size_t kPatchesByEnd = 10;

double finite(double value) { return std::isfinite(value) ? value : 0.0; }

/// The mean of each bin's 3 × 3 neighbours times a sign.
Array2d<double> smoothed(const Array2d<double>& map, double sign) {
  Array2d<double> result(map.rows, map.columns);
  for (std::size_t row = 0; row < map.rows; ++row) {
    for (std::size_t column = 0; column < map.columns; ++column) {
      double sum = 0.0;
      for (std::size_t r = row - std::min<std::size_t>(row, 1); r < std::min(row + 2, map.rows);
           ++r) {
        for (std::size_t c = column - std::min<std::size_t>(column, 1);
             c < std::min(column + 2, map.columns); ++c) {
          sum += finite(map(r, c));
        }
      }
      result(row, column) = sign * sum / 9.0;
    }
  }
  return result;
}

/// The distance of a bin from a patch's centre; 1 is its edge.
double distance(const Patch& patch, std::size_t band, std::size_t frame) {
  const auto part = [](std::size_t at, std::size_t centre, double half) {
    return (static_cast<double>(at) - static_cast<double>(centre)) / half;
  };
  return std::hypot(part(band, patch.band, patch.half_bands),
                    part(frame, patch.frame, patch.half_frames));
}

/// Calls `work(bin, distance)` for the bins inside a patch.
template <typename Work>
void for_each_inside(const Patch& patch, Shape2d shape, Work work) {
  for (std::size_t band = 0; band < shape.rows; ++band) {
    for (std::size_t frame = 0; frame < shape.columns; ++frame) {
      const double d = distance(patch, band, frame);
      if (d < 1.0) work(band * shape.columns + frame, d);
    }
  }
}

/// The bins of a map that no patch has taken.
class FreeBins {
 public:
  FreeBins(Shape2d shape, const PatchOptions& options)
      : shape_(shape), free_(shape.rows * shape.columns, true) {
    const double half =
        std::sqrt(options.share / (std::numbers::pi * static_cast<double>(options.most)));
    block_.half_bands = half * static_cast<double>(shape.rows);
    block_.half_frames = half * static_cast<double>(shape.columns);
  }

  [[nodiscard]] std::vector<std::size_t> all() const {
    std::vector<std::size_t> bins;
    for (std::size_t bin = 0; bin < free_.size(); ++bin) {
      if (free_[bin]) bins.push_back(bin);
    }
    return bins;
  }

  /// Blocks the ellipse around a bin. @returns  a patch with its place and full size.
  Patch take(std::size_t bin) {
    Patch patch = block_;
    patch.band = bin / shape_.columns;
    patch.frame = bin % shape_.columns;
    free_[bin] = false;  // an ellipse may be smaller than a bin
    for_each_inside(patch, shape_, [this](std::size_t i, double) { free_[i] = false; });
    return patch;
  }

 private:
  Shape2d shape_;
  std::vector<bool> free_;
  Patch block_;
};

void set_strength(Patch& patch, double strength) {
  patch.strength = strength;
  patch.half_bands *= std::max(strength, kLeastSize);
  patch.half_frames *= std::max(strength, kLeastSize);
}

/// The patches around the peaks of a smoothed map, as many as lie above a floor.
/// @param floor  of each bin; empty: none.
std::vector<Patch> at_peaks(const Array2d<double>& map, const std::vector<double>& floor,
                            const PatchOptions& options, std::size_t most) {
  const auto [lowest, highest] = std::ranges::minmax(map.values);
  std::vector<Patch> patches;
  FreeBins bins({map.rows, map.columns}, options);
  while (patches.size() < most) {
    const std::vector<std::size_t> free = bins.all();
    if (free.empty()) break;
    const std::size_t peak =
        *std::ranges::max_element(free, {}, [&](std::size_t bin) { return map.values[bin]; });
    if (!floor.empty() && !(map.values[peak] > floor[peak])) break;
    patches.push_back(bins.take(peak));
    set_strength(patches.back(),
                 highest > lowest ? (map.values[peak] - lowest) / (highest - lowest) : 0.0);
  }
  return patches;
}

/// The same patches at other places, which do not lie in each other's ellipses as far as there is
/// room.
void move_to_random(std::vector<Patch>& patches, Shape2d shape, const PatchOptions& options,
                    std::uint64_t seed) {
  FreeBins bins(shape, options);
  core::DrawStream draws(seed, 0, core::DrawsFor::patch_place);
  for (Patch& patch : patches) {
    const std::vector<std::size_t> free = bins.all();
    const Patch place = bins.take(free.empty() ? draws.next_below(shape.rows * shape.columns)
                                               : free[draws.next_below(free.size())]);
    patch.band = place.band;
    patch.frame = place.frame;
  }
}

}  // namespace

PatchPlaces parse_patch_places(std::string_view name) { return kPlaces.parse(name); }
PatchProfile parse_patch_profile(std::string_view name) { return kProfiles.parse(name); }

void PatchOptions::validate() const {
  require(most >= 1, "--patches is 0; expected 1 or more");
  require(share > 0.0 && share <= 1.0,
          fmt::format("--share is {}; expected a number above 0 and up to 1", share));
  require(least_se >= 0.0 && std::isfinite(least_se),
          fmt::format("--min-se is {}; expected a number of 0 or more", least_se));
  require(most_mass > 0.0 && most_mass <= 1.0,
          fmt::format("--most-mass is {}; expected a number above 0 and up to 1", most_mass));
}

std::vector<Patch> find_patches(const Array2d<double>& contrast, const Array2d<double>& errors,
                                const PatchOptions& options, std::uint64_t seed) {
  const Shape2d shape{contrast.rows, contrast.columns};
  std::vector<double> floor(contrast.values.size(), 0.0);
  if (options.least_se > 0.0) {
    std::ranges::transform(errors.values, floor.begin(),
                           [&](double error) { return options.least_se * error; });
  }
  std::vector<Patch> patches = at_peaks(smoothed(contrast, 1.0), floor, options, options.most);
  if (options.places == PatchPlaces::keep) {
    return at_peaks(smoothed(contrast, -1.0), {}, options, patches.size());
  }
  const double mass = mass_taken(contrast, patch_weights(patches, shape, options.profile));
  if (mass > options.most_mass) {
    for (Patch& patch : patches) patch.strength *= options.most_mass / mass;
  }
  if (options.places == PatchPlaces::random) move_to_random(patches, shape, options, seed);
  return patches;
}

Array2d<double> patch_weights(const std::vector<Patch>& patches, Shape2d shape,
                              PatchProfile profile) {
  Array2d<double> weights(shape.rows, shape.columns);
  for (const Patch& patch : patches) {
    for_each_inside(patch, shape, [&](std::size_t bin, double d) {
      const double fall =
          profile == PatchProfile::flat ? 1.0 : 0.5 * (1.0 + std::cos(std::numbers::pi * d));
      weights.values[bin] = std::max(weights.values[bin], patch.strength * fall);
    });
  }
  return weights;
}

double mass_taken(const Array2d<double>& contrast, const Array2d<double>& weights) {
  double taken = 0.0;
  double all = 0.0;
  for (std::size_t bin = 0; bin < contrast.values.size(); ++bin) {
    const double positive = std::max(finite(contrast.values[bin]), 0.0);
    taken += weights.values[bin] * positive;
    all += positive;
  }
  return all > 0.0 ? taken / all : 0.0;
}

Array2d<float> suppressed(const Array2d<float>& input, const Array2d<double>& weights,
                          const Array2d<float>& fill) {
  Array2d<float> result(input.rows, input.columns);
  for (std::size_t bin = 0; bin < input.values.size(); ++bin) {
    const auto own = static_cast<double>(input.values[bin]);
    result.values[bin] = static_cast<float>(
        own + weights.values[bin] * (static_cast<double>(fill.values[bin]) - own));
  }
  return result;
}

Round Round::parse(std::string_view text) {
  Round round{1, 0};
  if (const auto numbers = core::matched_groups(std::string(text), "([0-9]{1,9})/([0-9]{1,9})")) {
    round = {std::stoul(numbers->at(0)), std::stoul(numbers->at(1))};
  }
  require(round.index < round.count,
          fmt::format("--round is '{}'; expected R/N with R from 0 to N - 1, such as 3/10", text));
  return round;
}

std::size_t Round::patches() const { return index == 0 ? 0 : 1 + kPatchesByEnd * index / count; }

}  // namespace relax_spectro
