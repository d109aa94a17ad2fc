#include "saliency/mask_patches.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/ridge_regression.hpp"

namespace relax_spectro::core {
namespace {

/// More patches cost time, cubic in their number, without smaller residuals.
constexpr double kPatchesPerCell = 1.5;
constexpr std::size_t kMostPatches = 1024;

std::size_t patches_along(const AxisLaw& law, double per_cell) {
  if (law.cells == 1) return 1;
  return static_cast<std::size_t>(std::ceil(static_cast<double>(law.cells) * per_cell));
}

/// The number of patches for each cell of an axis.
double patches_per_cell(const MaskLaw& law) {
  const std::size_t count =
      patches_along(law.frequency, kPatchesPerCell) * patches_along(law.time, kPatchesPerCell);
  return count <= kMostPatches ? kPatchesPerCell : 1.0;
}

/// The mean position of a bin among the cells over all shifts: from 0 to cells - 1.
double mean_place(const AxisLaw& law, std::size_t bin) {
  double sum = 0.0;
  for (std::size_t shift = 0; shift < law.shifts; ++shift) {
    const AxisTap& tap = law.taps_at(shift)[bin];
    const double step = static_cast<double>(tap.next_cell) - static_cast<double>(tap.cell);
    sum += static_cast<double>(tap.cell) + step * tap.next_weight;
  }
  return sum / static_cast<double>(law.shifts);
}

/// The patch of each bin. Patches divide the cells' positions equally, not the bins, because some
/// cells contain few bands if cells have equal width in Hertz. Parts without a bin are skipped.
std::vector<std::uint32_t> patch_of_bins(const AxisLaw& law, std::size_t most) {
  std::vector<double> places;
  for (std::size_t bin = 0; bin < law.bins; ++bin) places.push_back(mean_place(law, bin));
  const auto [low, high] = std::ranges::minmax(places);
  const double parts = high > low ? static_cast<double>(most) / (high - low) : 0.0;
  const auto part_of = [most, parts, first = low](double place) {
    return std::min(static_cast<std::size_t>((place - first) * parts), most - 1);
  };
  std::vector<std::uint32_t> patches{0};
  std::size_t part = part_of(places.front());
  for (std::size_t bin = 1; bin < law.bins; ++bin) {
    const std::size_t next = part_of(places[bin]);
    patches.push_back(patches.back() + (next > part ? 1 : 0));
    part = std::max(part, next);
  }
  return patches;
}

/// The weight of each cell in each patch at one shift: the mean over the patch's bins.
Array2d<double> patch_weights(const AxisLaw& law, std::size_t shift,
                              const std::vector<std::uint32_t>& patch_of,
                              const std::vector<double>& bins_of) {
  Array2d<double> weights(bins_of.size(), law.cells);
  const auto taps = law.taps_at(shift);
  for (std::size_t bin = 0; bin < law.bins; ++bin) {
    const AxisTap& tap = taps[bin];
    const std::uint32_t patch = patch_of[bin];
    weights(patch, tap.cell) += (1.0 - tap.next_weight) / bins_of[patch];
    weights(patch, tap.next_cell) += tap.next_weight / bins_of[patch];
  }
  return weights;
}

std::vector<AxisPatches::Share> shares_of(const Array2d<double>& weights) {
  std::vector<AxisPatches::Share> shares;
  for (std::uint32_t patch = 0; patch < weights.rows; ++patch) {
    for (std::uint32_t cell = 0; cell < weights.columns; ++cell) {
      const double weight = weights(patch, cell);
      if (weight > 0.0) shares.push_back({patch, cell, weight});
    }
  }
  return shares;
}

void add_overlap(const AxisLaw& law, std::size_t shift, const Array2d<double>& weights,
                 Array2d<double>& overlap) {
  const auto taps = law.taps_at(shift);
  const double share = 1.0 / static_cast<double>(law.shifts);
  for (std::size_t patch = 0; patch < overlap.rows; ++patch) {
    for (std::size_t bin = 0; bin < law.bins; ++bin) {
      const AxisTap& tap = taps[bin];
      overlap(patch, bin) += share * ((1.0 - tap.next_weight) * weights(patch, tap.cell) +
                                      tap.next_weight * weights(patch, tap.next_cell));
    }
  }
}

}  // namespace

AxisPatches::AxisPatches(const AxisLaw& law, std::size_t most) : cells(law.cells) {
  const std::vector<std::uint32_t> patch_of = patch_of_bins(law, most);
  std::vector<double> bins_of(patch_of.back() + 1);
  for (const std::uint32_t patch : patch_of) bins_of[patch] += 1.0;
  overlap = Array2d<double>(bins_of.size(), law.bins);
  for (std::size_t shift = 0; shift < law.shifts; ++shift) {
    const Array2d<double> weights = patch_weights(law, shift, patch_of, bins_of);
    shares.push_back(shares_of(weights));
    add_overlap(law, shift, weights, overlap);
  }
}

MaskPatches::MaskPatches(const MaskLaw& law)
    : frequency_(law.frequency, patches_along(law.frequency, patches_per_cell(law))),
      time_(law.time, patches_along(law.time, patches_per_cell(law))) {}

void MaskPatches::write_features(const Mask& mask, std::span<double> features) const {
  // Along time first: what each row of cells keeps of each patch.
  Array2d<double> kept(frequency_.cells, time_.count());
  for (const AxisPatches::Share& share : time_.shares[mask.shift[1]]) {
    for (std::size_t row = 0; row < frequency_.cells; ++row) {
      kept(row, share.patch) += share.weight * mask.cell_bits[row * time_.cells + share.cell];
    }
  }
  std::ranges::fill(features, -1.0);
  for (const AxisPatches::Share& share : frequency_.shares[mask.shift[0]]) {
    const std::span<double> row = features.subspan(share.patch * time_.count(), time_.count());
    for (std::size_t patch = 0; patch < time_.count(); ++patch) {
      row[patch] += 2.0 * share.weight * kept(share.cell, patch);
    }
  }
}

/// Note [The map of a linear model]
/// Let M = sum_k g_k w_k, with independent cells g_k, kept with probability p, and sum_k w_k = 1.
/// Then E[M] = p. Let m be the mean of M over a patch, and v_k the weight of cell k in it. At one
/// shift, E[m M] = p^2 + p (1 - p) sum_k v_k w_k. Shifts are independent of cells and of each
/// other, and w and v are products of one factor for each axis. So the mean over shifts turns the
/// sum into the product of both axes' overlaps. Hence E[(2 m - 1) M] / E[M] = 2 p - 1 + 2 (1 - p)
/// overlap.
Array2d<double> MaskPatches::expected_map(const LinearFit& fit, double keep) const {
  const double base = fit.intercept + (2.0 * keep - 1.0) * std::accumulate(fit.slopes.begin(),
                                                                           fit.slopes.end(), 0.0);
  Array2d<double> map(frequency_.overlap.columns, time_.overlap.columns, base);
  std::vector<double> patch_row(map.columns);
  for (std::size_t row = 0; row < frequency_.count(); ++row) {
    std::ranges::fill(patch_row, 0.0);
    for (std::size_t column = 0; column < time_.count(); ++column) {
      const double slope = 2.0 * (1.0 - keep) * fit.slopes[row * time_.count() + column];
      for (std::size_t t = 0; t < map.columns; ++t)
        patch_row[t] += slope * time_.overlap(column, t);
    }
    for (std::size_t band = 0; band < map.rows; ++band) {
      const double weight = frequency_.overlap(row, band);
      for (std::size_t t = 0; t < map.columns; ++t) map(band, t) += weight * patch_row[t];
    }
  }
  return map;
}

}  // namespace relax_spectro::core
