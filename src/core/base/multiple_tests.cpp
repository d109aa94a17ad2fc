#include "base/multiple_tests.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/draw_stream.hpp"

namespace relax_spectro {
namespace {

/// Draws that are equal but for rounding count as equal.
constexpr double kRounding = 1e-9;

constexpr std::size_t kMostUnitsForAllSigns = 13;

double largest_size(std::span<const double> t) {
  double largest = 0.0;
  for (const double value : t) largest = std::max(largest, std::abs(value));
  return largest;
}

/// Sums and sums of squares of the columns of differences.
class Columns {
 public:
  explicit Columns(const Array2d<double>& differences)
      : differences_(&differences), squares_(differences.columns, 0.0) {
    for (std::size_t unit = 0; unit < differences.rows; ++unit) {
      for (std::size_t k = 0; k < squares_.size(); ++k) {
        squares_[k] += differences(unit, k) * differences(unit, k);
      }
    }
  }

  /// t of each column, with the signs of some units turned.
  template <typename Turned>
  [[nodiscard]] std::vector<double> t(Turned turned) const {
    std::vector<double> sums(squares_.size(), 0.0);
    for (std::size_t unit = 0; unit < differences_->rows; ++unit) {
      const double sign = turned(unit) ? -1.0 : 1.0;
      const std::span<const double> row = differences_->row(unit);
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += sign * row[k];
    }
    const auto count = static_cast<double>(differences_->rows);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const double mean = sums[k] / count;
      // Equal values have a variance of 0, and rounding may leave a little or less than nothing.
      const double variance =
          std::max((squares_[k] / count - mean * mean) / (count - 1.0),
                   squares_[k] / count * std::numeric_limits<double>::epsilon());
      sums[k] = squares_[k] > 0.0 ? mean / std::sqrt(variance) : 0.0;
    }
    return sums;
  }

 private:
  const Array2d<double>* differences_;
  std::vector<double> squares_;
};

}  // namespace

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [p](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, p[order[rank]] * static_cast<double>(p.size() - rank));
    adjusted[order[rank]] = std::min(1.0, largest);
  }
  return adjusted;
}

std::vector<double> max_t_p(std::span<const double> t,
                            const std::function<std::vector<double>(std::size_t draw)>& drawn,
                            std::size_t draws) {
  std::vector<std::size_t> as_large(t.size(), 1);
  for (std::size_t draw = 0; draw < draws; ++draw) {
    const double largest = largest_size(drawn(draw));
    for (std::size_t k = 0; k < t.size(); ++k) {
      if (largest >= std::abs(t[k]) * (1.0 - kRounding)) ++as_large[k];
    }
  }
  std::vector<double> p(t.size());
  for (std::size_t k = 0; k < t.size(); ++k) {
    p[k] = static_cast<double>(as_large[k]) / static_cast<double>(draws + 1);
  }
  return p;
}

SignFlipTest sign_flip_test(const Array2d<double>& differences, std::uint64_t seed) {
  const Columns columns(differences);
  SignFlipTest test;
  test.t = columns.t([](std::size_t) { return false; });
  const bool all_signs = differences.rows <= kMostUnitsForAllSigns;
  const auto drawn = [&](std::size_t draw) {
    const std::size_t turned = draw + 1;  // 0 turns none: the data themselves
    if (all_signs) return columns.t([=](std::size_t unit) { return (turned >> unit & 1U) != 0; });
    core::DrawStream draws(seed, draw, core::DrawsFor::sign_flip);
    return columns.t([&](std::size_t) { return draws.next_below(2) == 1; });
  };
  test.p =
      max_t_p(test.t, drawn, all_signs ? (std::size_t{1} << differences.rows) - 1 : kTestDraws);
  return test;
}

double smallest_sign_flip_p(std::size_t units) {
  if (units > kMostUnitsForAllSigns) return 1.0 / static_cast<double>(kTestDraws + 1);
  return 2.0 / static_cast<double>(std::size_t{1} << units);
}

}  // namespace relax_spectro
