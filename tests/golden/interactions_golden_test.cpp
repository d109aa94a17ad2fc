#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "files/npz.hpp"
#include "interactions/pair_effects.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("interactions are shapiq's Faithful Banzhaf indices", "[interactions]") {
  const auto arrays =
      read_npz(std::filesystem::path(RELAX_SPECTRO_GOLDEN_SMALL) / "interactions.npz");
  const std::size_t parts = GENERATE(std::size_t{6}, std::size_t{10});
  const std::vector<double>& scores = arrays.at("scores_" + std::to_string(parts)).values;
  const std::vector<double>& expected = arrays.at("pairs_" + std::to_string(parts)).values;
  const CellPatterns all = balanced_patterns(parts, {}, 0);
  REQUIRE(all.kept.rows == scores.size());
  const PairEffects effects = average_effects(all, scores);
  double largest = 0.0;
  std::size_t pair = 0;
  for (std::size_t i = 0; i < parts; ++i) {
    for (std::size_t j = i + 1; j < parts; ++j) {
      largest = std::max(largest, std::abs(effects.interaction(i, j) - expected[pair++]));
    }
  }
  CHECK(pair == expected.size());
  CHECK(largest < 1e-9);
  WARN("largest difference " << largest);
}
