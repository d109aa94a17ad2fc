#include "flip_curves.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace relax_spectro::render {
namespace {

constexpr std::array kStyles{CurveStyle{"morf", "most relevant first (MoRF)", {0.05, 0.25, 0.55}},
                             CurveStyle{"lerf", "least relevant first (LeRF)", {0.85, 0.55, 0.10}},
                             CurveStyle{"random", "random orders", {0.45, 0.45, 0.45}, 2.0},
                             CurveStyle{"amplitude", "loudest first", {0.75, 0.15, 0.25}, 5.0},
                             CurveStyle{"deletion", "deletion", {0.05, 0.25, 0.55}},
                             CurveStyle{"insertion", "insertion", {0.85, 0.55, 0.10}},
                             CurveStyle{"quantus", "Quantus' PixelFlipping", {0.05, 0.25, 0.55}}};

}  // namespace

const CurveStyle& style_of(std::string_view name) {
  return *std::ranges::find(kStyles, name, &CurveStyle::name);
}

CurveBand::CurveBand(const Array2d<double>& scores) {
  for (std::size_t step = 0; step < scores.columns; ++step) {
    double least = scores(0, step);
    double most = least;
    double sum = 0.0;
    for (std::size_t order = 0; order < scores.rows; ++order) {
      least = std::min(least, scores(order, step));
      most = std::max(most, scores(order, step));
      sum += scores(order, step);
    }
    low.push_back(least);
    high.push_back(most);
    mean.push_back(sum / static_cast<double>(scores.rows));
  }
}

Scale scale_over(std::span<const Array2d<double>* const> curves) {
  Scale scale{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const Array2d<double>* curve : curves) {
    const auto [low, high] = std::ranges::minmax_element(curve->values);
    scale = {std::min(scale.low, *low), std::max(scale.high, *high)};
  }
  const double margin = 0.04 * (scale.high - scale.low);
  return {scale.low - margin, scale.high + margin};
}

}  // namespace relax_spectro::render
