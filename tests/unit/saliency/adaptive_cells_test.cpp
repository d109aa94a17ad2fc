#include "saliency/adaptive_cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

#include "masks/adaptive_design.hpp"
#include "relax_spectro/saliency/explain.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"

using namespace relax_spectro;
using namespace relax_spectro::core;

namespace {

constexpr Shape2d kLattice{16, 32};
constexpr std::size_t kRound = 64;

using ScoreOf = std::function<double(const Mask&)>;

/// Four rounds of masks that split cells, and as many masks again that tell their effects.
struct Study {
  MaskLaw law = fixed_mask_law({32, 64}, kLattice);
  AdaptiveDesign design;
  std::vector<CellNode> tree;
  std::vector<double> scores;
  MaskSample fresh{law, design, {4 * kRound, 8 * kRound}};
  CellEffects effects;

  Study(std::uint64_t seed, const ScoreOf& score) : design(kLattice, seed) {
    for (const CellBox& box : equal_cells(kLattice, {2, 4})) tree.push_back({box, {}});
    for (int round = 0; round < 4; ++round) {
      evaluate(kRound, score);
      split_cells(tree, fit_cells({{law, design, {0, scores.size()}}, scores}, cells_of(tree)));
    }
    evaluate(4 * kRound, score);
    effects = fit_cells({fresh, fresh_scores()}, cells_of(tree));
  }

  [[nodiscard]] std::span<const double> fresh_scores() const {
    return std::span<const double>(scores).subspan(4 * kRound);
  }

 private:
  void evaluate(std::size_t masks, const ScoreOf& score) {
    design.add_round(cells_of(tree), masks);
    while (scores.size() < design.size()) scores.push_back(score(design.mask(scores.size())));
  }
};

/// The score of a random network: what each bin of the lattice adds, pairs and triples of them.
struct RandomScore {
  std::vector<double> weights = std::vector<double>(kLattice.rows * kLattice.columns);
  std::vector<std::array<std::size_t, 2>> pairs;
  std::vector<double> pair_weights;
  std::vector<std::array<std::size_t, 3>> triples;
  std::vector<double> triple_weights;

  explicit RandomScore(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::uniform_int_distribution<std::size_t> bin(0, weights.size() - 1);
    for (double& weight : weights) weight = 0.02 * normal(random);
    const std::size_t corner = bin(random) % (weights.size() / 2);
    for (std::size_t i = 0; i < 6; ++i) weights[corner + i] += 1.0;  // an event
    for (std::size_t i = 0; i < 40; ++i) {
      pairs.push_back({bin(random), bin(random)});
      pair_weights.push_back(0.2 * normal(random));
      triples.push_back({bin(random), bin(random), bin(random)});
      triple_weights.push_back(0.2 * normal(random));
    }
  }

  double operator()(const Mask& mask) const {
    const auto sign = [&](std::size_t bin) { return mask.cell_bits[bin] != 0 ? 1.0 : -1.0; };
    double score = 0.0;
    for (std::size_t bin = 0; bin < weights.size(); ++bin) score += weights[bin] * sign(bin);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto& [a, b, c] = triples[i];
      score += pair_weights[i] * sign(pairs[i][0]) * sign(pairs[i][1]);
      score += triple_weights[i] * sign(a) * sign(b) * sign(c);
    }
    return score;
  }

  /// Exact. A triple with two bins in one cell is an effect of the third bin's cell.
  [[nodiscard]] double effect_of(std::span<const CellBox> cells, std::size_t k) const {
    const CellBox& box = cells[k];
    double effect = 0.0;
    const auto cell_of = [&](std::size_t bin) {
      const std::size_t row = bin / kLattice.columns;
      const std::size_t column = bin % kLattice.columns;
      return std::ranges::find_if(cells,
                                  [&](const CellBox& cell) {
                                    return row >= cell.rows.begin && row < cell.rows.end &&
                                           column >= cell.columns.begin &&
                                           column < cell.columns.end;
                                  }) -
             cells.begin();
    };
    const auto own = static_cast<std::ptrdiff_t>(k);
    for (std::size_t i = 0; i < triples.size(); ++i) {
      const std::array at{cell_of(triples[i][0]), cell_of(triples[i][1]), cell_of(triples[i][2])};
      const bool left = (at[0] == own && at[1] == at[2]) || (at[1] == own && at[0] == at[2]) ||
                        (at[2] == own && at[0] == at[1]);
      if (left) effect += triple_weights[i];
    }
    for (std::size_t row = box.rows.begin; row < box.rows.end; ++row) {
      for (std::size_t column = box.columns.begin; column < box.columns.end; ++column) {
        effect += weights[row * kLattice.columns + column];
      }
    }
    return effect;
  }
};

}  // namespace

TEST_CASE("adaptive masks keep or hide each cell of their round as a whole, half of the time") {
  AdaptiveDesign design(kLattice, 3);
  const std::vector<CellBox> large = equal_cells(kLattice, {2, 4});
  const std::vector<CellBox> small = equal_cells(kLattice, {4, 8});
  design.add_round(large, kRound);
  design.add_round(small, kRound);
  REQUIRE(design.size() == 2 * kRound);
  std::vector<std::size_t> kept(small.size());
  for (std::size_t n = 0; n < design.size(); ++n) {
    const Mask mask = design.mask(n);
    const std::vector<CellBox>& cells = n < kRound ? large : small;
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const auto at = [&](std::size_t row, std::size_t column) {
        return mask.cell_bits[row * kLattice.columns + column];
      };
      const auto& [rows, columns] = cells[k];
      const std::uint8_t corner = at(rows.begin, columns.begin);
      for (std::size_t row = rows.begin; row < rows.end; ++row) {
        for (std::size_t column = columns.begin; column < columns.end; ++column) {
          REQUIRE(at(row, column) == corner);
        }
      }
      if (n >= kRound) kept[k] += corner;
    }
  }
  for (const std::size_t count : kept) CHECK(count == kRound / 2);
}

TEST_CASE("95 % intervals of adaptive cells hold the exact effects about 95 % of the time") {
  std::size_t cells = 0;
  std::size_t covered = 0;
  std::size_t split_covered = 0;
  std::size_t split = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const RandomScore score(seed);
    const Study study(seed, score);
    const std::vector<CellBox> boxes = cells_of(study.tree);
    for (std::size_t k = 0; k < boxes.size(); ++k) {
      const double error = study.effects.effects[k] - score.effect_of(boxes, k);
      const bool holds = std::abs(error) <= 1.96 * study.effects.standard_error(k);
      ++cells;
      covered += holds ? 1U : 0U;
      if (boxes[k].area() < kLattice.rows * kLattice.columns / 8) {
        ++split;
        split_covered += holds ? 1U : 0U;
      }
    }
  }
  const auto share = [](std::size_t part, std::size_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  INFO(share(covered, cells) << " of " << cells << ", of split ones "
                             << share(split_covered, split));
  CHECK(split > 3 * 200);
  CHECK(share(covered, cells) > 0.92);
  CHECK(share(covered, cells) < 0.98);
  CHECK(share(split_covered, split) > 0.92);
  CHECK(share(split_covered, split) < 0.98);
}

TEST_CASE("cells become small where the score reacts, and there alone") {
  const auto in_event = [](std::size_t row, std::size_t column) {
    return row == 5 && column >= 11 && column < 13;
  };
  const Study study(7, [&](const Mask& mask) {
    double score = 0.0;
    for (std::size_t row = 0; row < kLattice.rows; ++row) {
      for (std::size_t column = 0; column < kLattice.columns; ++column) {
        if (in_event(row, column)) score += mask.cell_bits[row * kLattice.columns + column];
      }
    }
    return score + 0.01 * mask.cell_bits[0] * mask.cell_bits[300];
  });
  const Saliency saliency =
      adaptive_saliency({study.fresh, study.fresh_scores()}, study.tree, study.effects, 0.5);
  double inside = 0.0;
  double all = 0.0;
  for (std::size_t f = 0; f < 32; ++f) {
    for (std::size_t t = 0; t < 64; ++t) {
      const double contrast = std::max(0.0, saliency.importance(f, t) - 0.5);
      all += contrast;
      if (in_event(f / 2, t / 2)) inside += contrast;
    }
  }
  CHECK(inside > 0.95 * all);
  REQUIRE(saliency.noise_to_contrast.has_value());
  CHECK(*saliency.noise_to_contrast < 0.1);
}

TEST_CASE("a recording explained with adaptive cells says which they are") {
  constexpr test::Rectangle kRectangle{4, 8, 5, 10};
  test::RectangleModel model(kRectangle);
  ExplainOptions options;
  options.masks.grid = MaskGrid::adaptive_cells();
  options.masks.count = 512;
  options.fill.kind = FillKind::silence;
  const Explanation explanation =
      test::explain_with(model, test::noise(19.5 * 64 / 8000, 8000), options);
  CHECK(explanation.method.estimator == Estimator::cells);
  CHECK(explanation.method.design == "pairs");
  REQUIRE(explanation.windows.size() == 1);
  std::size_t bins = 0;
  for (const AdaptiveCell& cell : explanation.windows[0].cells) bins += cell.bands * cell.frames;
  CHECK(bins == 16 * 20);
  // Effects are above and below the mean score, not above that of the masks that told them.
  const auto [low, high] = std::ranges::minmax(explanation.contrast.values);
  CHECK(low < 0.1 * high);
  const Array2d<double>& map = explanation.contrast;
  const auto peak = static_cast<std::size_t>(
      std::max_element(map.values.begin(), map.values.end()) - map.values.begin());
  CHECK(kRectangle.holds(peak / 20, peak % 20));
}
