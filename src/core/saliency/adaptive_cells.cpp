#include "saliency/adaptive_cells.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "base/finite_mean.hpp"
#include "base/ridge_regression.hpp"
#include "saliency/estimators.hpp"

namespace relax_spectro::core {
namespace {

constexpr double kReferenceShare = 1.0 / 49.0;

/// Halves; a single bin has no second one.
std::vector<BinRange> halves(BinRange range) {
  const std::size_t middle = range.begin + range.size() / 2;
  if (range.size() < 2) return {range};
  return {{range.begin, middle}, {middle, range.end}};
}

std::vector<CellNode> parts_of(const CellBox& box) {
  std::vector<CellNode> parts;
  for (const BinRange rows : halves(box.rows)) {
    for (const BinRange columns : halves(box.columns)) parts.push_back({{rows, columns}, {}});
  }
  return parts;
}

void append_leaves(std::span<const CellNode> tree, std::vector<CellBox>& leaves) {
  for (const CellNode& node : tree) {
    if (node.parts.empty()) {
      leaves.push_back(node.box);
    } else {
      append_leaves(node.parts, leaves);
    }
  }
}

std::size_t count_of_leaves(const CellNode& node) { return cells_of({&node, 1}).size(); }

/// What a unit of effect is as a density, in a lattice of so many bins.
double density_of_unit(const CellBox& box, double bins) {
  return kReferenceShare * bins / static_cast<double>(box.area());
}

/// Splits the leaves that are marked, in the order of the tree.
void split_marked(std::vector<CellNode>& tree, const std::vector<bool>& marked, std::size_t& leaf) {
  for (CellNode& node : tree) {
    if (!node.parts.empty()) {
      split_marked(node.parts, marked, leaf);
    } else if (marked[leaf++]) {
      node.parts = parts_of(node.box);
    }
  }
}

/// A weighted sum of the effects, as its weights.
using Weights = std::vector<double>;

Weights difference(const Weights& a, const Weights& b) {
  Weights result(a.size());
  std::ranges::transform(a, b, result.begin(), std::minus<>());
  return result;
}

double value_of(const Weights& weights, const CellEffects& effects) {
  return std::inner_product(weights.begin(), weights.end(), effects.effects.begin(), 0.0);
}

double variance_of(const Weights& weights, const CellEffects& effects) {
  const std::size_t cells = weights.size();
  double sum = 0.0;
  for (std::size_t i = 0; i < cells; ++i) {
    if (weights[i] == 0.0) continue;
    for (std::size_t j = 0; j < cells; ++j) {
      sum += weights[i] * weights[j] * effects.covariance[i * cells + j];
    }
  }
  return sum;
}

/// How much of a value its variance leaves.
double kept_share(double squares, double variance) {
  return squares > variance ? 1.0 - variance / squares : 0.0;
}

/// The density of each leaf, and the variance that is left in it, in the order of the tree.
class ShrunkenDensities {
 public:
  ShrunkenDensities(std::span<const CellNode> tree, const CellEffects& effects, double bins)
      : effects_(effects), bins_(bins) {
    for (const CellNode& node : tree) {
      const Weights whole = density_of(node, densities.size());
      const double value = value_of(whole, effects_);
      const double variance = variance_of(whole, effects_);
      const double share = kept_share(value * value, variance);
      descend(node, whole, share * value, share * variance);
    }
  }

  std::vector<double> densities;
  std::vector<double> variances;

 private:
  /// Of a node whose leaves begin with number `first`.
  [[nodiscard]] Weights density_of(const CellNode& node, std::size_t first) const {
    Weights weights(effects_.effects.size());
    std::fill_n(weights.begin() + static_cast<std::ptrdiff_t>(first), count_of_leaves(node),
                density_of_unit(node.box, bins_));
    return weights;
  }

  /// Of a node whose first leaf is the next one without a density.
  void descend(const CellNode& node, const Weights& whole, double density, double variance) {
    if (node.parts.empty()) {
      densities.push_back(density);
      variances.push_back(variance);
      return;
    }
    struct Detail {
      Weights whole;  // of the part
      double value = 0.0;
      double variance = 0.0;
    };
    std::vector<Detail> details;
    double squares = 0.0;
    double noise = 0.0;
    std::size_t leaf = densities.size();
    for (const CellNode& part : node.parts) {
      Weights part_whole = density_of(part, leaf);
      leaf += count_of_leaves(part);
      const Weights weights = difference(part_whole, whole);
      details.push_back(
          {std::move(part_whole), value_of(weights, effects_), variance_of(weights, effects_)});
      squares += std::pow(details.back().value, 2);
      noise += details.back().variance;
    }
    const double share = kept_share(squares, noise);
    for (std::size_t i = 0; i < details.size(); ++i) {
      descend(node.parts[i], details[i].whole, density + share * details[i].value,
              variance + share * details[i].variance);
    }
  }

  const CellEffects& effects_;
  double bins_;  // of the lattice
};

/// Values of cells over the lattice.
Array2d<double> painted(Shape2d lattice, std::span<const CellBox> cells,
                        std::span<const double> values) {
  Array2d<double> map(lattice.rows, lattice.columns);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    for (std::size_t row = cells[k].rows.begin; row < cells[k].rows.end; ++row) {
      for (std::size_t column = cells[k].columns.begin; column < cells[k].columns.end; ++column) {
        map(row, column) = values[k];
      }
    }
  }
  return map;
}

/// From the lattice to the bins of a fixed law.
Array2d<double> over_bins(const MaskLaw& law, const Array2d<double>& lattice) {
  Array2d<double> map(law.bins().rows, law.bins().columns);
  const auto frequency = law.frequency.taps_at(0);
  const auto time = law.time.taps_at(0);
  for (std::size_t row = 0; row < map.rows; ++row) {
    for (std::size_t column = 0; column < map.columns; ++column) {
      map(row, column) = lattice(frequency[row].cell, time[column].cell);
    }
  }
  return map;
}

/// Noise over contrast of the shrunken map, over the lattice.
std::optional<double> noise_to_contrast(const Array2d<double>& map,
                                        const Array2d<double>& variances) {
  const double mean = finite_mean(map.values);
  double contrast = 0.0;
  for (const double value : map.values) contrast += (value - mean) * (value - mean);
  contrast /= static_cast<double>(map.values.size());
  if (contrast <= 0.0) return std::nullopt;
  return std::sqrt(finite_mean(variances.values) / contrast);
}

}  // namespace

std::vector<CellBox> cells_of(std::span<const CellNode> tree) {
  std::vector<CellBox> cells;
  append_leaves(tree, cells);
  return cells;
}

double CellEffects::standard_error(std::size_t cell) const {
  return std::sqrt(covariance[cell * effects.size() + cell]);
}

CellEffects fit_cells(const ScoredMasks& scored, std::span<const CellBox> cells) {
  const MaskSample& masks = scored.masks;
  const std::size_t columns = masks.law().grid().columns;
  const auto write = [&](std::size_t row, std::span<double> features) {
    const Mask mask = masks.design().mask(masks.range().begin + 2 * row);
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const std::size_t corner = cells[k].rows.begin * columns + cells[k].columns.begin;
      features[k] = mask.cell_bits[corner] != 0 ? 1.0 : -1.0;
    }
  };
  const std::size_t pairs = scored.scores.size() / 2;
  std::vector<double> odd_parts;
  for (std::size_t row = 0; row < pairs; ++row) {
    odd_parts.push_back((scored.scores[2 * row] - scored.scores[2 * row + 1]) / 2.0);
  }
  const RidgeRegression ridge({pairs, cells.size(), write});
  LinearFit fit = std::move(ridge.fits({&odd_parts, 1}).front());
  std::vector<double> covariance = ridge.slope_covariance(fit);
  return {std::move(fit.slopes), std::move(covariance)};
}

void split_cells(std::vector<CellNode>& tree, const CellEffects& effects) {
  constexpr double kThreshold = 6.0;  // standard errors
  constexpr std::size_t kMostCells = 64;
  const std::vector<CellBox> cells = cells_of(tree);
  std::vector<std::size_t> order(cells.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t k) { return effects.effects[k]; });
  std::vector<bool> marked(cells.size());
  std::size_t count = cells.size();
  for (const std::size_t k : order) {
    const std::size_t parts = parts_of(cells[k]).size();
    if (effects.effects[k] <= kThreshold * effects.standard_error(k)) continue;
    if (parts == 1 || count + parts - 1 > kMostCells) continue;
    marked[k] = true;
    count += parts - 1;
  }
  std::size_t leaf = 0;
  split_marked(tree, marked, leaf);
}

Saliency adaptive_saliency(const ScoredMasks& scored, std::span<const CellNode> tree,
                           const CellEffects& effects, double mean_score) {
  const MaskLaw& law = scored.masks.law();
  const Shape2d lattice = law.grid();
  const auto bins = static_cast<double>(lattice.rows * lattice.columns);
  const std::vector<CellBox> cells = cells_of(tree);
  const ShrunkenDensities shrunken(tree, effects, bins);
  std::vector<double> errors;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    errors.push_back(effects.standard_error(k) * density_of_unit(cells[k], bins));
  }
  const Array2d<double> map = painted(lattice, cells, shrunken.densities);
  Saliency saliency = mask_sum_saliency(scored);
  saliency.noise_to_contrast = noise_to_contrast(map, painted(lattice, cells, shrunken.variances));
  saliency.standard_error = over_bins(law, painted(lattice, cells, errors));
  saliency.importance = over_bins(law, map);
  for (double& value : saliency.importance.values) value += mean_score;
  return saliency;
}

}  // namespace relax_spectro::core
