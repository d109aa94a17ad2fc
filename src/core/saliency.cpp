#include "relax_spectro/saliency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "enum_names.hpp"
#include "map_noise.hpp"
#include "relax_spectro/error.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kEstimators{"estimator",
                                      std::array{std::pair{Estimator::mask_sum, "mask-sum"sv},
                                                 std::pair{Estimator::expected, "expected"sv}}};
constexpr core::EnumNames kUncertaintyScales{
    "uncertainty", std::array{std::pair{UncertaintyScale::variance, "variance"sv},
                              std::pair{UncertaintyScale::unnormalised, "unnormalised"sv}}};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Eight blocks give the standard error seven degrees of freedom; below two masks a block there is
// nothing to compare.
constexpr std::size_t kBlocks = 8;
constexpr std::size_t kFewestForBlocks = 2 * kBlocks;

/// Sums over masks of M, (s - centre) M and (s - centre)^2 M.
///
/// Note [Why scores are centred]
/// A cosine may spread by 0.004 about 0.99. Differences from the mean score keep the digits that
/// sums of s and s^2 would lose.
struct Moments {
  MaskSums kept;
  MaskSums first;
  MaskSums second;

  explicit Moments(const MaskLaw& law) : kept(law), first(law), second(law) {}

  void add(const Mask& mask, double centred_score) {
    kept.add(mask, 1.0);
    first.add(mask, centred_score);
    second.add(mask, centred_score * centred_score);
  }

  void add(const Moments& other) {
    kept.add(other.kept);
    first.add(other.first);
    second.add(other.second);
  }
};

/// A set of scored masks, summed up in blocks of consecutive masks and as a whole.
struct BlockedMoments {
  double centre = 0.0;
  std::vector<Moments> blocks;
  std::vector<std::size_t> block_sizes;
  Moments total;

  explicit BlockedMoments(const MaskLaw& law) : total(law) {}
};

BlockedMoments sum_up(const MaskLaw& law, const MaskDesign& design, const ScoredMasks& masks) {
  const std::size_t count = masks.scores.size();
  if (count < 2 || masks.range.size() != count) {
    throw ConfigError(
        fmt::format("{} scores for {} masks; expected one each, and at least 2: ask for more masks",
                    count, masks.range.size()));
  }
  BlockedMoments moments(law);
  moments.centre = std::accumulate(masks.scores.begin(), masks.scores.end(), 0.0) /
                   static_cast<double>(count);
  const std::size_t block_count = count < kFewestForBlocks ? 1 : kBlocks;
  for (std::size_t block = 0; block < block_count; ++block) {
    const std::size_t begin = block * count / block_count;
    const std::size_t end = (block + 1) * count / block_count;
    Moments sums(law);
    for (std::size_t n = begin; n < end; ++n) {
      sums.add(design.mask(masks.range.begin + n), masks.scores[n] - moments.centre);
    }
    moments.total.add(sums);
    moments.blocks.push_back(std::move(sums));
    moments.block_sizes.push_back(end - begin);
  }
  return moments;
}

/// Applies `value` to the bins of maps of one shape.
template <typename Value, typename... Maps>
Array2d<double> for_each_bin(const Value& value, const Array2d<double>& first,
                             const Maps&... others) {
  Array2d<double> result(first.rows, first.columns);
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    result.values[i] = value(first.values[i], others.values[i]...);
  }
  return result;
}

/// What gives a map of importance from sum(M), sum((s - centre) M) and the number of masks.
using ImportanceOf =
    std::function<double(double kept, double first, double centre, std::size_t masks)>;

double mask_sum_importance(double kept, double first, double centre, std::size_t) {
  return kept > 0.0 ? centre + first / kept : kNaN;
}

/// Importance with its noise, as every estimator has it.
Saliency importance_with_noise(const MaskLaw& law, const BlockedMoments& moments,
                               const ImportanceOf& importance_of) {
  const auto map_of = [&](const Moments& sums, std::size_t masks) {
    return for_each_bin(
        [&](double kept, double first) {
          return importance_of(kept, first, moments.centre, masks);
        },
        sums.kept.expand(law), sums.first.expand(law));
  };
  const std::size_t masks = std::accumulate(moments.block_sizes.begin(), moments.block_sizes.end(),
                                            std::size_t{0});
  std::vector<Array2d<double>> block_maps;
  for (std::size_t block = 0; block < moments.blocks.size(); ++block) {
    block_maps.push_back(map_of(moments.blocks[block], moments.block_sizes[block]));
  }
  Saliency saliency;
  saliency.importance = map_of(moments.total, masks);
  saliency.standard_error = core::standard_error(block_maps);
  saliency.noise_to_contrast = core::noise_to_contrast(block_maps);
  return saliency;
}

}  // namespace

Estimator parse_estimator(std::string_view name) { return kEstimators.parse(name); }
std::string_view to_string(Estimator estimator) { return kEstimators.name_of(estimator); }
UncertaintyScale parse_uncertainty_scale(std::string_view name) {
  return kUncertaintyScales.parse(name);
}
std::string_view to_string(UncertaintyScale scale) { return kUncertaintyScales.name_of(scale); }

Saliency mask_sum_saliency(const MaskLaw& law, const MaskDesign& design, const ScoredMasks& masks,
                           UncertaintyScale scale) {
  const BlockedMoments moments = sum_up(law, design, masks);
  Saliency saliency = importance_with_noise(law, moments, mask_sum_importance);
  saliency.uncertainty = for_each_bin(
      [scale](double kept, double first, double second) {
        if (kept <= 0.0) return kNaN;
        const double mean = first / kept;
        const double variance = std::max(0.0, second / kept - mean * mean);
        return scale == UncertaintyScale::variance ? variance : variance * kept;
      },
      moments.total.kept.expand(law), moments.total.first.expand(law),
      moments.total.second.expand(law));
  return saliency;
}

Saliency expected_saliency(const MaskLaw& law, const MaskDesign& design,
                           const ScoredMasks& importance_masks,
                           const ScoredMasks& uncertainty_masks, double keep_probability) {
  const auto importance_of = [keep_probability](double kept, double first, double centre,
                                                std::size_t masks) {
    return (centre * kept + first) / (static_cast<double>(masks) * keep_probability);
  };
  Saliency saliency = importance_with_noise(law, sum_up(law, design, importance_masks),
                                            importance_of);
  const BlockedMoments fresh = sum_up(law, design, uncertainty_masks);
  const double divisor =
      static_cast<double>(uncertainty_masks.scores.size() - 1) * keep_probability;
  saliency.uncertainty = for_each_bin(
      [&fresh, divisor](double kept, double first, double second, double importance) {
        const double offset = importance - fresh.centre;
        return std::max(0.0, second - 2.0 * offset * first + offset * offset * kept) / divisor;
      },
      fresh.total.kept.expand(law), fresh.total.first.expand(law), fresh.total.second.expand(law),
      saliency.importance);
  return saliency;
}

Array2d<double> u_relax(const Saliency& saliency) {
  std::vector<double> sorted;
  for (const double value : saliency.uncertainty.values) {
    if (std::isfinite(value)) sorted.push_back(value);
  }
  if (sorted.empty()) return saliency.importance;
  const auto lower_median = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), lower_median, sorted.end());
  return for_each_bin(
      [limit = *lower_median](double importance, double uncertainty) {
        return uncertainty <= limit ? importance : 0.0;
      },
      saliency.importance, saliency.uncertainty);
}

}  // namespace relax_spectro
