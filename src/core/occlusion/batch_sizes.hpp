#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <vector>

#include "occlusion/first_batches.hpp"
#include "relax_spectro/occlusion/batch_schedule.hpp"

namespace relax_spectro::core {

/// Says in which form each batch is to be run: as a schedule has it, or, without one, in the form
/// that measurements show to be the fastest. Not for several threads at once.
///
/// Note [When forms are measured]
/// A new form costs its first batches as much as many windows: the network is compiled for it,
/// buffers grow. Short work would pay more than it gains, so it stays unfused, with a size that is
/// close to the best on most networks. Where the work ahead can earn it back, batches are fused
/// from the first one on: on the networks that were measured they are faster or as fast, and a form
/// that does not change gives the same command the same bits. Longer work finds out: unfused
/// batches are tried, and then sizes. Where fused batches are faster, half their size, and half of
/// that for as long as it pays, or else twice the size; otherwise the other way about.
class BatchSizes {
 public:
  /// @param first    the forms to begin with.
  /// @param most     no batch is larger, unless the schedule says so.
  /// @param workers  how many batches run at the same time.
  BatchSizes(BatchSchedule schedule, const FirstBatches& first, std::size_t most,
             std::size_t workers);

  /// The form of the next batch.
  /// @param windows_left   in this run: what is being tried is given out only while it is full.
  /// @param windows_later  in runs to come, about.
  [[nodiscard]] BatchForm next(std::size_t windows_left, std::size_t windows_later = 0);

  /// Tells how long a batch of a form took.
  void measured(BatchForm form, double seconds_per_window);

  /// Tells that no batch is under way: those that were given out and not measured have failed.
  void none_under_way();

  /// Nothing larger from now on: it did not fit into memory.
  /// @returns  whether that is news.
  bool limit(std::size_t most);

 private:
  void try_form(BatchForm form);
  /// Whether the next batch should be one of the candidate's.
  [[nodiscard]] bool is_candidates_turn(std::size_t windows_left) const;
  void judge_candidate();
  /// What the search tries next.
  [[nodiscard]] BatchForm next_form() const;
  /// The next size on the way that is searched.
  [[nodiscard]] std::size_t next_size() const;
  void settle();
  /// Whether a trial can be earned back by what is left.
  [[nodiscard]] bool is_worth_a_trial(std::size_t windows_ahead) const;
  /// Whether it was measured often enough.
  [[nodiscard]] bool is_known(BatchForm form) const;
  [[nodiscard]] double typical_seconds(BatchForm form) const;

  enum class Search { fusing, unfusing, first_way, other_way, settled };

  BatchSchedule schedule_;
  std::size_t most_;
  std::size_t workers_;
  FirstBatches begin_;
  std::size_t batches_ = 0;  // given out

  BatchForm best_;
  BatchForm unfused_;    // that work begins with
  std::size_t first_;    // size, from which both ways are searched
  BatchForm candidate_;  // of no size: none is being tried
  std::size_t candidates_out_ = 0;
  std::size_t best_since_ = 0;  // batches in the best form, behind those of the candidate
  Search search_ = Search::fusing;
  std::map<BatchForm, std::deque<double>> seconds_;  // a window, of the last batches
};

}  // namespace relax_spectro::core
