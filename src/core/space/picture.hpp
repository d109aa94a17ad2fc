#pragma once

#include <array>
#include <cstddef>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Vectors in a plane, and how far it can be trusted.
struct Picture {
  Array2d<double> points;          ///< [row, 2]
  std::array<double, 2> shares{};  ///< of the variance, along each axis
  double trustworthiness = 1.0;    ///< 1: all neighbours in the picture are neighbours
  double continuity = 1.0;         ///< 1: all neighbours are neighbours in the picture
};

/// The first two principal components. The largest loading of each is positive.
[[nodiscard]] Picture principal_picture(const Array2d<double>& vectors);

/// How far neighbours in the second space are neighbours in the first (Venna and Kaski, Neural
/// Networks 19, 2006): 1 if all are, about 0.5 by chance. The distance is Euclid's. Of more than 2000
/// rows, 2000 at even steps count.
/// @param neighbours  of each row, fewer than half of the rows; 0 gives 1.
[[nodiscard]] double trustworthiness(const Array2d<double>& first, const Array2d<double>& second,
                                     std::size_t neighbours);

}  // namespace relax_spectro
