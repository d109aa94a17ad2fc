#include "compare/tested_differences.hpp"

#include <algorithm>
#include <cmath>

#include "base/multiple_tests.hpp"

namespace relax_spectro {
namespace {

/// Means of the columns of a, b and b - a over some units, one after the other.
class Means {
 public:
  explicit Means(const PairedQuantities& quantities) : quantities_(&quantities) {
    means_of_all_ = of(all_rows(quantities.a.rows));
  }

  /// A quantity that none of the units has keeps its mean over all.
  [[nodiscard]] std::vector<double> of(const Rows& units) const {
    const std::size_t columns = quantities_->a.columns;
    std::vector<double> sums(3 * columns, 0.0);
    std::vector<double> sizes(columns, 0.0);
    for (const std::size_t unit : units) {
      const std::span<const double> a = quantities_->a.row(unit);
      const std::span<const double> b = quantities_->b.row(unit);
      for (std::size_t k = 0; k < columns; ++k) {
        if (std::isnan(a[k])) continue;
        sizes[k] += quantities_->sizes.values.empty() ? 1.0 : quantities_->sizes(unit, k);
        sums[k] += a[k];
        sums[columns + k] += b[k];
        sums[2 * columns + k] += b[k] - a[k];
      }
    }
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const double size = sizes[k % columns];
      sums[k] = size > 0.0 || means_of_all_.empty() ? sums[k] / size : means_of_all_[k];
    }
    return sums;
  }

  [[nodiscard]] const std::vector<double>& of_all() const { return means_of_all_; }

 private:
  const PairedQuantities* quantities_;
  std::vector<double> means_of_all_;
};

/// Tests the quantities of a family. p holds for this family.
std::vector<TestedDifference> test_differences(const PairedQuantities& quantities,
                                               std::uint64_t seed) {
  const Array2d<double>& a = quantities.a;
  const Array2d<double>& b = quantities.b;
  Array2d<double> differences(a.rows, a.columns);
  std::vector<TestedDifference> tested(a.columns);
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    if (std::isnan(a.values[i])) continue;
    differences.values[i] = b.values[i] - a.values[i];
    ++tested[i % a.columns].units;
  }
  const SignFlipTest test = sign_flip_test(differences, seed);
  const Means means(quantities);
  const std::vector<Interval> intervals = group_bootstrap(
      all_rows(a.rows), [&means](const Rows& rows) { return means.of(rows); }, seed);
  const auto mean = [&](std::size_t k) {
    const bool enough = tested[k % a.columns].units >= kFewestForInterval;
    return UnitMean{means.of_all()[k], enough ? std::optional(intervals[k]) : std::nullopt};
  };
  for (std::size_t k = 0; k < a.columns; ++k) {
    tested[k].a = mean(k);
    tested[k].b = mean(a.columns + k);
    tested[k].difference = mean(2 * a.columns + k);
    tested[k].t = test.t[k];
    tested[k].p = test.p[k];
  }
  return tested;
}

}  // namespace

std::vector<std::vector<TestedDifference>> test_families(std::span<const PairedQuantities> families,
                                                         std::uint64_t seed) {
  std::vector<std::vector<TestedDifference>> all;
  double count = 0.0;
  for (const PairedQuantities& family : families) {
    const bool has_any = family.a.columns > 0;
    all.push_back(has_any ? test_differences(family, seed) : std::vector<TestedDifference>());
    count += has_any ? 1.0 : 0.0;
  }
  for (std::vector<TestedDifference>& family : all) {
    for (TestedDifference& tested : family) tested.p = std::min(1.0, count * tested.p);
  }
  return all;
}

}  // namespace relax_spectro
