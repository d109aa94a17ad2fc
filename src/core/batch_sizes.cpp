#include "batch_sizes.hpp"

#include <algorithm>
#include <utility>

namespace relax_spectro::core {
namespace {

constexpr double kSecondsBeforeTrials = 4.0;
constexpr std::size_t kTimedBatches = 3;  // for each worker, behind one that is not timed
constexpr double kLeastGain = 1.05;       // below it, a difference is the machine's noise

}  // namespace

BatchSizes::BatchSizes(BatchSchedule schedule, std::size_t first, std::size_t most,
                       std::size_t workers)
    : schedule_(std::move(schedule)),
      most_(std::max<std::size_t>(1, most)),
      workers_(workers),
      first_(std::min(first, most_)),
      best_(first_) {}

std::size_t BatchSizes::next() {
  std::size_t size = best_;
  if (!schedule_.empty()) {
    size = schedule_.size_of(batches_);
  } else if (!queue_.empty()) {
    size = queue_.front();
    queue_.pop_front();
  } else if (candidate_ == 0 && !settled_ && seconds_run_ >= kSecondsBeforeTrials &&
             is_known(best_)) {
    try_size(2 * best_);
    return next();
  }
  size = std::min(size, most_);
  ++batches_;
  return size;
}

void BatchSizes::try_size(std::size_t batch_size) {
  if (batch_size < 1 || batch_size > std::min(most_, BatchSchedule::kMostWindows)) {
    settle();
    return;
  }
  candidate_ = batch_size;
  queue_.assign(workers_ * (1 + kTimedBatches), batch_size);
}

void BatchSizes::measured(std::size_t batch_size, double seconds_per_window) {
  if (!schedule_.empty() || settled_) return;
  seconds_run_ +=
      seconds_per_window * static_cast<double>(batch_size) / static_cast<double>(workers_);
  seconds_[batch_size].push_back(seconds_per_window);
  if (batch_size == candidate_ && is_known(batch_size)) judge_candidate();
}

void BatchSizes::judge_candidate() {
  const bool better = typical_seconds(candidate_) * kLeastGain < typical_seconds(best_);
  if (better) {
    best_ = candidate_;
  } else if (doubling_ && best_ == first_) {
    doubling_ = false;
  } else {
    settle();
    return;
  }
  try_size(doubling_ ? 2 * best_ : best_ / 2);
}

bool BatchSizes::is_known(std::size_t batch_size) const {
  const auto found = seconds_.find(batch_size);
  return found != seconds_.end() && found->second.size() >= workers_ * (1 + kTimedBatches);
}

double BatchSizes::typical_seconds(std::size_t batch_size) const {
  // The first batch of each worker makes its kernels and buffers.
  const std::vector<double>& all = seconds_.at(batch_size);
  std::vector<double> timed(all.begin() + static_cast<std::ptrdiff_t>(workers_), all.end());
  const auto middle = timed.begin() + static_cast<std::ptrdiff_t>(timed.size() / 2);
  std::nth_element(timed.begin(), middle, timed.end());
  return *middle;
}

bool BatchSizes::limit(std::size_t most) {
  if (most >= most_) return false;
  most_ = std::max<std::size_t>(1, most);
  best_ = std::min(best_, most_);
  settle();
  return true;
}

void BatchSizes::settle() {
  settled_ = true;
  candidate_ = 0;
  queue_.clear();
}

}  // namespace relax_spectro::core
