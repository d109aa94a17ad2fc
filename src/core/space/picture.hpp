#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// How vectors come into a plane.
enum class Projection {
  pca,   ///< along the first two principal components
  tsne,  ///< as tsne()
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] Projection parse_projection(std::string_view name);
[[nodiscard]] std::string_view to_string(Projection projection);

/// The first two principal components of vectors. The largest loading of each is positive.
struct PrincipalAxes {
  std::vector<double> mean;        ///< of the vectors
  Array2d<double> axes;            ///< [2, size]
  std::array<double, 2> shares{};  ///< of the variance, along each axis

  /// Where vectors lie along the axes, [row, 2]: those of the axes, or others.
  [[nodiscard]] Array2d<double> points_of(const Array2d<double>& vectors) const;
};

[[nodiscard]] PrincipalAxes principal_axes(const Array2d<double>& vectors);

/// Vectors in a plane, and how far it can be trusted.
struct Picture {
  Projection projection = Projection::pca;
  PrincipalAxes axes;            ///< t-SNE starts from the points along them
  Array2d<double> points;        ///< [row, 2]
  Array2d<double> copies;        ///< of changed copies: copy i is of row i % rows. t-SNE has none
  double divergence = 0.0;       ///< TsnePoints::divergence, or 0
  double trustworthiness = 1.0;  ///< 1: all neighbours in the picture are neighbours
  double continuity = 1.0;       ///< 1: all neighbours are neighbours in the picture
};

/// @pre there are from 2 to kMostTsneRows rows, if they are projected by t-SNE
[[nodiscard]] Picture picture_of(const Array2d<double>& vectors, Projection projection);

/// How far neighbours in the second space are neighbours in the first (Venna and Kaski, Neural
/// Networks 19, 2006): 1 if all are, about 0.5 by chance. The distance is Euclid's. Of more than 2000
/// rows, 2000 at even steps count.
/// @param neighbours  of each row, fewer than half of the rows; 0 gives 1.
[[nodiscard]] double trustworthiness(const Array2d<double>& first, const Array2d<double>& second,
                                     std::size_t neighbours);

}  // namespace relax_spectro
