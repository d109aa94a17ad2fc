#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <vector>

#include "relax_spectro/batch_schedule.hpp"

namespace relax_spectro::core {

/// Says in which form each batch is to be run: as a schedule has it, or, without one, in the form
/// that measurements show to be the fastest. Not for several threads at once.
///
/// Note [When forms are measured]
/// A new form costs its first batches up to half a second: the network is compiled for it, buffers
/// grow. Short work would pay more than it gains, so the first one, unfused and of a size that is
/// close to the best on most networks, has the first four seconds to itself. Then, and as long as
/// the work that is left is long enough to earn a trial back, the same size is tried fused. Where
/// that is faster, half the size is tried, and half of that for as long as it pays, or else twice
/// the size; otherwise the other way about.
class BatchSizes {
 public:
  /// @param first    the size to begin with.
  /// @param most     no batch is larger, unless the schedule says so.
  /// @param workers  how many batches run at the same time.
  /// @param trial_s  a trial wants at least so much work ahead of it, in seconds.
  BatchSizes(BatchSchedule schedule, std::size_t first, std::size_t most, std::size_t workers,
             double trial_s);

  /// The form of the next batch, of so many windows that are left.
  [[nodiscard]] BatchForm next(std::size_t windows_left);

  /// Tells how long a batch of a form took.
  void measured(BatchForm form, double seconds_per_window);

  /// Nothing larger from now on: it did not fit into memory.
  /// @returns  whether that is news.
  bool limit(std::size_t most);

 private:
  void try_form(BatchForm form);
  void judge_candidate();
  /// The next size on the way that is searched.
  [[nodiscard]] std::size_t next_size() const;
  void settle();
  /// Whether a trial can be earned back by what is left.
  [[nodiscard]] bool is_worth_a_trial(std::size_t windows_left) const;
  /// Whether it was measured often enough.
  [[nodiscard]] bool is_known(BatchForm form) const;
  [[nodiscard]] double typical_seconds(BatchForm form) const;

  enum class Search { fusing, first_way, other_way, settled };

  BatchSchedule schedule_;
  std::size_t most_;
  std::size_t workers_;
  double trial_s_;
  std::size_t batches_ = 0;  // given out
  double seconds_run_ = 0.0;

  BatchForm best_;
  std::size_t first_;    // size
  BatchForm candidate_;  // of no size: none is being tried
  Search search_ = Search::fusing;
  std::deque<BatchForm> queue_;
  std::map<BatchForm, std::vector<double>> seconds_;
};

}  // namespace relax_spectro::core
