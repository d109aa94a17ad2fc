#include "check/prediction_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace relax_spectro {
namespace {

// Note [Ties are not changes]
// A prediction is for the unmasked window, so masks do not affect it. Another device or batch size
// changes its last digits, which may swap two equally probable classes. So a change of the best
// class counts only if one of the two results was more certain. Its best class must lead the other
// result's by more than 0.01 of probability.
constexpr double kLargestTie = 0.01;

/// How much more probable the best class is than another one. Nothing if probabilities are unknown.
/// A class that is not listed has at most the probability of the last listed one.
std::optional<double> lead_over(const std::vector<HeardClass>& heard, const HeardClass& other) {
  const auto found =
      std::ranges::find_if(heard, [&other](const HeardClass& one) { return one.is_class(other); });
  const HeardClass& runner_up = found == heard.end() ? heard.back() : *found;
  const std::optional<double>& best = heard.front().probability;
  if (!best || !runner_up.probability) return std::nullopt;
  return *best - *runner_up.probability;
}

bool same_windows(const Explanation& a, const Explanation& b) {
  return std::ranges::equal(a.windows, b.windows, [](const auto& one, const auto& other) {
    return one.frames == other.frames;
  });
}

}  // namespace

bool PredictionChange::is_change() const {
  if (changed_windows == 0) return false;
  return is_measured || !lead.value || *lead.value > *lead.limit;
}

std::optional<PredictionChange> compare_predictions(const Result& baseline, const Result& current) {
  if (!same_windows(baseline.explanation, current.explanation)) return std::nullopt;
  PredictionChange change;
  change.lead.limit = kLargestTie;
  change.is_measured =
      baseline.options.score.is_of_top_class() && current.options.score.is_of_top_class();
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t w = 0; w < baseline.explanation.windows.size(); ++w) {
    const WindowSummary& window = baseline.explanation.windows[w];
    const std::vector<HeardClass>& before = window.heard;
    const std::vector<HeardClass>& now = current.explanation.windows[w].heard;
    if (before.empty() || now.empty()) continue;
    ++change.windows;
    if (before.front().is_class(now.front())) continue;
    ++change.changed_windows;
    const std::optional<double> lead =
        std::max(lead_over(before, now.front()), lead_over(now, before.front()));
    if (lead.value_or(0.0) <= largest) continue;
    largest = lead.value_or(0.0);
    change.lead.value = lead;
    change.begin_s = window.first_frame_s;
    change.end_s = window.last_frame_s;
    change.before = before.front();
    change.now = now.front();
  }
  if (change.windows == 0) return std::nullopt;
  return change;
}

std::string classes_text(const PredictionChange& change) {
  return fmt::format("{} \u2192 {}", to_string(change.before), to_string(change.now));
}

std::string to_string(const PredictionChange& change) {
  std::string text = classes_text(change);
  text +=
      change.is_measured ? ": the score measures another class" : ": the model hears another class";
  text += fmt::format(" from {:.2f} s to {:.2f} s", change.begin_s, change.end_s);
  if (change.windows > 1) {
    text += fmt::format(" ({} of {} windows changed)", change.changed_windows, change.windows);
  }
  return text;
}

}  // namespace relax_spectro
