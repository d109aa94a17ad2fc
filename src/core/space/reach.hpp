#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/statistics.hpp"
#include "probe/probe.hpp"
#include "space/neighbours.hpp"

namespace relax_spectro {

/// How far a change moves recordings of a label.
struct Reach {
  std::string perturbation;  ///< Perturbation::name
  std::string label;         ///< empty: all
  std::size_t copies = 0;    ///< of each recording
  std::size_t recordings = 0;
  /// The median over recordings. Each is the median distance of its copies, over the distance of the
  /// nearest recording with another label: 1 is as far as another label.
  double median = 0.0;
  double beyond = 0.0;       ///< share of recordings that move that far
  Interval beyond_interval;  ///< 95 % (wilson_interval)
  double kept = 0.0;         ///< share of copies whose unchanged neighbours vote for their label
  Interval kept_interval;    ///< 95 % (wilson_interval)
};

/// Receives the name of a change and the vectors of one copy of each recording, as
/// KnownRows::vectors.
using TakeCopies = std::function<void(const std::string& perturbation, const Array2d<double>&)>;

/// Calls `take` for each changed copy.
/// @param mean  of the unchanged embeddings: see UnitVectors.
void for_each_copy(const std::vector<double>& mean, const ProbeData& data,
                   const RecordingEmbeddings& embeddings, const TakeCopies& take);

/// Measures how far changed copies of recordings lie from them.
/// @param mean   as for_each_copy.
/// @param count  neighbours that vote.
/// @returns  for each change, all recordings and then each label. Empty without copies.
[[nodiscard]] std::vector<Reach> study_reach(const KnownRows& known,
                                             const std::vector<double>& mean,
                                             const std::vector<RowNeighbours>& neighbours,
                                             const ProbeData& data,
                                             const RecordingEmbeddings& embeddings,
                                             std::size_t count);

/// A row for each change and label (data/FORMAT.md).
[[nodiscard]] std::string reach_csv(const std::vector<Reach>& reaches);

/// A line for each change, for people.
[[nodiscard]] std::string reach_text(const std::vector<Reach>& reaches);

}  // namespace relax_spectro
