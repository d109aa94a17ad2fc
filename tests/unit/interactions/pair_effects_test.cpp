#include "interactions/pair_effects.hpp"

#include <cmath>
#include <functional>
#include <random>
#include <span>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

using Bits = std::span<const std::uint8_t>;

std::vector<double> scores_of(const CellPatterns& patterns,
                              const std::function<double(Bits kept)>& score) {
  std::vector<double> scores;
  for (std::size_t i = 0; i < patterns.kept.rows; ++i)
    scores.push_back(score(patterns.kept.row(i)));
  return scores;
}

/// One pair, linear terms, and three groups together.
double known_score(Bits kept) {
  double score = 1.0 * kept[0] * kept[1] + 0.8 * kept[0] * kept[2] * kept[4];
  for (std::size_t i = 0; i < kept.size(); ++i) score += 0.1 * static_cast<double>(i) * kept[i];
  return score;
}

/// Three groups together count half for each of their pairs: the third is kept half of the time.
double known_interaction(std::size_t i, std::size_t j) {
  if (i == 0 && j == 1) return 1.0;
  const bool in_triple = (i == 0 && (j == 2 || j == 4)) || (i == 2 && j == 4);
  return in_triple ? 0.4 : 0.0;
}

template <typename Work>
void for_each_pair(std::size_t groups, Work work) {
  for (std::size_t i = 0; i < groups; ++i) {
    for (std::size_t j = i + 1; j < groups; ++j) work(i, j);
  }
}

}  // namespace

TEST_CASE("all patterns give the exact interactions") {
  for (const std::size_t groups : {std::size_t{6}, std::size_t{12}}) {
    const CellPatterns patterns = balanced_patterns(groups, std::size_t{1} << groups, 0);
    const PairEffects effects = average_effects(patterns, scores_of(patterns, known_score));
    for_each_pair(groups, [&](std::size_t i, std::size_t j) {
      CHECK(effects.interaction(i, j) == Approx(known_interaction(i, j)).margin(1e-12));
      CHECK(effects.interaction(j, i) == effects.interaction(i, j));
    });
    // Group 0 adds 1 if group 1 is kept, and 0.8 if groups 2 and 4 are.
    CHECK(effects.main[0] == Approx(0.5 + 0.2));
    CHECK(effects.main[5] == Approx(0.5));
    CHECK_FALSE(effects.standard_error);
    CHECK(effects.variance->main + effects.variance->pairs + effects.variance->rest == Approx(1.0));
    // The triple's own term is 0.8 / 8, and its square the variance of the rest.
    double all = 0.01;
    for (const double main : effects.main) all += main * main / 4.0;
    for_each_pair(groups, [&](std::size_t i, std::size_t j) {
      all += std::pow(known_interaction(i, j) / 4.0, 2);
    });
    CHECK(effects.variance->rest == Approx(0.01 / all));
  }
}

TEST_CASE("whole codes are balanced for all pairs, and parts of them are refused") {
  for (const auto& [groups, words] : {std::pair{11, 512}, {16, 512}, {20, 2048}, {33, 8192}}) {
    const CellPatterns patterns = balanced_patterns(static_cast<std::size_t>(groups), {}, 3);
    REQUIRE(patterns.kept.rows == static_cast<std::size_t>(words));
    // Strength 4: any four groups show each of their 16 patterns equally often.
    for (const std::array cells : {std::array{0, 1, 2, 3}, {1, 4, 7, 10}, {0, 5, 9, groups - 1}}) {
      std::vector<int> counts(16, 0);
      for (std::size_t i = 0; i < patterns.kept.rows; ++i) {
        std::size_t pattern = 0;
        for (const int cell : cells) {
          pattern = 2 * pattern + patterns.kept(i, static_cast<std::size_t>(cell));
        }
        ++counts[pattern];
      }
      CHECK(counts == std::vector<int>(16, words / 16));
    }
  }
  CHECK_THROWS_WITH(
      balanced_patterns(12, 256, 0),
      "--masks is 256; for 12 parts expected 4096 (all patterns) or a multiple of 512 "
      "up to 32768");
  CHECK_THROWS_WITH(balanced_patterns(20, 1024, 0), Catch::Contains("a multiple of 2048"));
}

TEST_CASE("a code gives interactions within its own errors") {
  for (const auto& [groups, count] : {std::pair{12, 512}, {12, 2048}, {20, 2048}, {40, 8192}}) {
    const CellPatterns patterns =
        balanced_patterns(static_cast<std::size_t>(groups), static_cast<std::size_t>(count), 1);
    const PairEffects effects = average_effects(patterns, scores_of(patterns, known_score));
    std::size_t covered = 0;
    std::size_t pairs = 0;
    for_each_pair(static_cast<std::size_t>(groups), [&](std::size_t i, std::size_t j) {
      const double off = effects.interaction(i, j) - known_interaction(i, j);
      if (std::abs(off) <= 2.6 * (*effects.standard_error)(i, j)) ++covered;
      ++pairs;
    });
    CHECK(static_cast<double>(covered) >= 0.95 * static_cast<double>(pairs));
    CHECK((*effects.p_adjusted)(0, 1) < 1e-3);
    // 0.04 is the rest's share of the variance; the code estimates it.
    CHECK(effects.variance->rest < 0.1);
  }
}

TEST_CASE("a pair is found among 66, and few others are") {
  constexpr int kSeeds = 200;
  int found = 0;
  int false_families = 0;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const CellPatterns patterns = balanced_patterns(12, 512, static_cast<std::uint64_t>(seed));
    std::mt19937 generator(static_cast<unsigned>(seed));
    // The standard error of an interaction is 4 SD / √512.
    std::normal_distribution<double> noise(0.0, std::sqrt(512.0) / 4.0 / 5.0);
    const PairEffects effects = average_effects(patterns, scores_of(patterns, [&](Bits kept) {
                                                  return 1.0 * kept[2] * kept[7] + noise(generator);
                                                }));
    bool any_false = false;
    for_each_pair(12, [&](std::size_t i, std::size_t j) {
      if ((*effects.p_adjusted)(i, j) > 0.05) return;
      if (i == 2 && j == 7) {
        ++found;
      } else {
        any_false = true;
      }
    });
    if (any_false) ++false_families;
  }
  // Holm's first threshold is 3.4 standard errors, so 95 % of effects of 5 are found.
  CHECK(found >= 0.90 * kSeeds);
  CHECK(false_families <= 0.05 * kSeeds + 3.0 * std::sqrt(0.05 * 0.95 * kSeeds));
}

TEST_CASE("near the whole window, effects are plain differences") {
  const CellPatterns patterns = patterns_near_whole(6);
  CHECK(patterns.kept.rows == 1 + 6 + 15);
  const PairEffects effects = effects_near_whole(6, scores_of(patterns, known_score));
  CHECK(effects.interaction(0, 2) == Approx(0.8));
  CHECK(effects.interaction(1, 0) == Approx(1.0));
  CHECK(effects.interaction(3, 5) == Approx(0.0).margin(1e-12));
  CHECK(effects.main[4] == Approx(0.8 + 0.4));
  CHECK_FALSE(effects.variance);
}
