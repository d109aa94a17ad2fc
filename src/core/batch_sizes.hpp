#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <vector>

#include "relax_spectro/batch_schedule.hpp"

namespace relax_spectro::core {

/// Says how large each batch is to be: as a schedule has it, or, without one, the size that
/// measurements show to be the fastest. Not for several threads at once.
///
/// Note [When sizes are measured]
/// A new size costs its first batches up to half a second: the network is compiled for it, buffers
/// grow. Short work would pay more than it gains, so the first size, which is close to the best on
/// most networks, has the first four seconds to itself. Then twice it is tried, and twice that for
/// as long as it pays, or else half of it.
class BatchSizes {
 public:
  /// @param first    the size to begin with.
  /// @param most     no batch is larger, unless the schedule says so.
  /// @param workers  how many batches run at the same time.
  BatchSizes(BatchSchedule schedule, std::size_t first, std::size_t most, std::size_t workers);

  /// The size of the next batch.
  [[nodiscard]] std::size_t next();

  /// Tells how long a batch of a size took.
  void measured(std::size_t batch_size, double seconds_per_window);

  /// Nothing larger from now on: it did not fit into memory.
  /// @returns  whether that is news.
  bool limit(std::size_t most);

 private:
  void try_size(std::size_t batch_size);
  void judge_candidate();
  void settle();
  /// Whether it was measured often enough.
  [[nodiscard]] bool is_known(std::size_t batch_size) const;
  [[nodiscard]] double typical_seconds(std::size_t batch_size) const;

  BatchSchedule schedule_;
  std::size_t most_;
  std::size_t workers_;
  std::size_t batches_ = 0;  // given out
  double seconds_run_ = 0.0;

  std::size_t first_;
  std::size_t best_;
  std::size_t candidate_ = 0;  // 0: none is being tried
  bool doubling_ = true;       // candidates are larger than the first size
  bool settled_ = false;       // no candidate is left
  std::deque<std::size_t> queue_;
  std::map<std::size_t, std::vector<double>> seconds_;
};

}  // namespace relax_spectro::core
