#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "space/neighbours.hpp"

namespace relax_spectro {

/// Two recordings of different groups that share sound.
struct Twins {
  std::size_t first = 0;
  std::size_t second = 0;
  double cosine = 0.0;                ///< of their vectors
  std::optional<double> correlation;  ///< of their sounds; nothing: a recording cannot be read
};

/// The least correlation of twins whose recordings can be read. Copies with another gain, codec and
/// start have about .95, other recordings less than .3 (scripts/benchmarks/RESULTS.md).
inline constexpr double kTwinCorrelation = 0.5;

/// The least cosine of twins whose recordings cannot be read.
inline constexpr double kTwinCosine = 0.999;

/// The greatest absolute correlation coefficient of two sounds over all shifts of one against the
/// other. 0 if one is silent.
[[nodiscard]] double greatest_correlation(const std::vector<float>& a, const std::vector<float>& b);

/// Finds twins: the most similar first. A recording is compared with the first three of its neighbours
/// that have a cosine of .8 or more: their first 30 s, below 4 kHz. Equal embeddings have a cosine of
/// 1, though that of their vectors is 0 or noise where all are equal, because the mean is taken off.
/// @param files       of the rows.
/// @param embeddings  of the rows, with their mean. Equal: but for rounding of float32.
[[nodiscard]] std::vector<Twins> find_twins(const std::vector<RowNeighbours>& neighbours,
                                            const std::vector<std::string>& files,
                                            const Array2d<double>& embeddings);

}  // namespace relax_spectro
