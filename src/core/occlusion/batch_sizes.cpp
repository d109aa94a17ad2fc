#include "occlusion/batch_sizes.hpp"

#include <algorithm>
#include <utility>

namespace relax_spectro::core {
namespace {

constexpr std::size_t kTimedBatches = 3;  // for each worker, behind one that is not timed
constexpr double kLeastGain = 1.1;        // below it, a difference may be the machine's noise
// Trying all other forms costs about as much as fusing did, and once batches are fused they bring
// little: they need so much more work ahead.
constexpr std::size_t kOthersWait = 40;

}  // namespace

BatchSizes::BatchSizes(BatchSchedule schedule, const FirstBatches& first, std::size_t most,
                       std::size_t workers)
    : schedule_(std::move(schedule)),
      most_(std::max<std::size_t>(1, most)),
      workers_(workers),
      begin_(first),
      best_{std::min(first.form.size, most_), first.form.fused},
      unfused_(best_),
      first_(best_.size),
      search_(first.form.fused || first.fused_size == 0 ? Search::first_way : Search::fusing) {}

BatchForm BatchSizes::next(std::size_t windows_left, std::size_t windows_later) {
  BatchForm form;
  if (!schedule_.empty()) {
    form = schedule_.form_of(batches_);
  } else {
    const std::size_t windows_ahead = windows_left + windows_later;
    if (search_ == Search::fusing && begin_.fuses(windows_ahead, workers_)) {
      best_ = {std::min(begin_.fused_size, most_), true};
      search_ = Search::unfusing;
    }
    if (candidate_.size == 0 && is_worth_a_trial(windows_ahead)) try_form(next_form());
    const bool is_trial = is_candidates_turn(windows_left);
    form = is_trial ? candidate_ : best_;
    if (is_trial) ++candidates_out_;
  }
  form.size = std::min(form.size, most_);
  ++batches_;
  return form;
}

void BatchSizes::try_form(BatchForm form) {
  if (form.size < 1 || form.size > std::min(most_, BatchSchedule::kMostWindows)) {
    settle();
    return;
  }
  candidate_ = form;
  candidates_out_ = 0;
  best_since_ = 0;
}

bool BatchSizes::is_candidates_turn(std::size_t windows_left) const {
  if (candidate_.size == 0 || candidate_.size > windows_left) return false;
  // While one worker compiles the network for it, the others have something better to do.
  const bool is_compiling = candidates_out_ > 0 && !seconds_.contains(candidate_);
  return !is_compiling && candidates_out_ < workers_ * (1 + kTimedBatches);
}

void BatchSizes::none_under_way() {
  const auto found = seconds_.find(candidate_);
  candidates_out_ = found == seconds_.end() ? 0 : found->second.size();
}

void BatchSizes::measured(BatchForm form, double seconds_per_window) {
  if (!schedule_.empty() || search_ == Search::settled) return;
  std::deque<double>& recent = seconds_[form];
  recent.push_back(seconds_per_window);
  if (recent.size() > workers_ * (1 + 2 * kTimedBatches)) recent.pop_front();
  // The best form so far is measured behind the candidate, too: the machine's other work changes.
  if (form == best_ && is_known(candidate_) && ++best_since_ == workers_ * kTimedBatches) {
    judge_candidate();
  }
}

void BatchSizes::judge_candidate() {
  const bool better = typical_seconds(candidate_) * kLeastGain < typical_seconds(best_);
  if (better) best_ = candidate_;
  candidate_ = {};
  if (search_ == Search::unfusing) {
    search_ = Search::first_way;
    first_ = best_.size;
  } else if (!better && search_ == Search::first_way && best_.size == first_) {
    search_ = Search::other_way;
  } else if (!better) {
    settle();
  }
}

BatchForm BatchSizes::next_form() const {
  if (search_ == Search::unfusing) return unfused_;
  return {next_size(), best_.fused};
}

std::size_t BatchSizes::next_size() const {
  const bool halves = best_.fused == (search_ == Search::first_way);
  return halves ? best_.size / 2 : 2 * best_.size;
}

bool BatchSizes::is_worth_a_trial(std::size_t windows_ahead) const {
  return search_ != Search::fusing && search_ != Search::settled && is_known(best_) &&
         windows_ahead >= kOthersWait * workers_ * begin_.windows_to_fuse;
}

bool BatchSizes::is_known(BatchForm form) const {
  const auto found = seconds_.find(form);
  return found != seconds_.end() && found->second.size() >= workers_ * (1 + kTimedBatches);
}

double BatchSizes::typical_seconds(BatchForm form) const {
  // The first batch of each worker makes its kernels and buffers; of many the oldest go.
  const std::deque<double>& recent = seconds_.at(form);
  std::vector<double> timed(recent.begin() + static_cast<std::ptrdiff_t>(workers_), recent.end());
  const auto middle = timed.begin() + static_cast<std::ptrdiff_t>(timed.size() / 2);
  std::nth_element(timed.begin(), middle, timed.end());
  return *middle;
}

bool BatchSizes::limit(std::size_t most) {
  if (most >= most_) return false;
  most_ = std::max<std::size_t>(1, most);
  best_.size = std::min(best_.size, most_);
  settle();
  return true;
}

void BatchSizes::settle() {
  search_ = Search::settled;
  candidate_ = {};
}

}  // namespace relax_spectro::core
