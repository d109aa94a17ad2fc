#include "assess/ensemble.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "base/multiple_tests.hpp"
#include "probe/calibration.hpp"
#include "probe/class_counts.hpp"

namespace relax_spectro {
namespace {

constexpr double kRounding = 1e-12;  // differences up to this one do not count

/// What a system says of each file.
struct Outcome {
  std::string name;
  Rows decisions;
  std::vector<double> right;
  std::vector<double> losses;

  Outcome(std::string of, const Predictions& predictions)
      : name(std::move(of)),
        decisions(decisions_of(predictions.probabilities)),
        losses(log_losses(predictions.probabilities, predictions.truth)) {
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      right.push_back(decisions[i] == predictions.truth[i] ? 1.0 : 0.0);
    }
  }
};

double mean_of(const std::vector<double>& values) {
  return std::reduce(values.begin(), values.end()) / static_cast<double>(values.size());
}

/// The measures of some files, in the order of kComparedMeasures.
std::array<double, 3> measures_of(const Outcome& outcome, const std::vector<std::size_t>& truth,
                                  std::size_t classes, const Rows& rows) {
  ClassCounts counts(classes);
  double loss = 0.0;
  for (const std::size_t i : rows) {
    counts.add(truth[i], outcome.decisions[i]);
    loss += outcome.losses[i];
  }
  return {counts.accuracy(), counts.macro_f1(), loss / static_cast<double>(rows.size())};
}

/// The differences of several systems from one.
class Comparing {
 public:
  Comparing(const Outcome& base, const std::vector<const Outcome*>& others,
            const Predictions& predictions, std::uint64_t seed)
      : base_(base), others_(others), predictions_(predictions), seed_(seed) {}

  [[nodiscard]] std::vector<Comparison> comparisons() const {
    const std::vector<double> values = differences(all_rows(predictions_.truth.size()));
    const std::vector<Interval> intervals = group_bootstrap(
        predictions_.groups, [this](const Rows& rows) { return differences(rows); }, seed_);
    const std::vector<double> right = p_values(&Outcome::right);
    const std::vector<double> losses = p_values(&Outcome::losses);
    std::vector<Comparison> found;
    for (std::size_t s = 0; s < others_.size(); ++s) {
      Comparison comparison{others_[s]->name, base_.name, {}};
      for (std::size_t m = 0; m < kComparedMeasures.size(); ++m) {
        const std::size_t at = s * kComparedMeasures.size() + m;
        comparison.differences.push_back({kComparedMeasures[m], values[at], intervals[at], {}});
      }
      comparison.differences[0].p = right[s];
      comparison.differences[2].p = losses[s];
      found.push_back(std::move(comparison));
    }
    return found;
  }

 private:
  [[nodiscard]] std::array<double, 3> of(const Outcome& outcome, const Rows& rows) const {
    return measures_of(outcome, predictions_.truth, predictions_.labels.size(), rows);
  }

  /// [system, measure]
  [[nodiscard]] std::vector<double> differences(const Rows& rows) const {
    const std::array<double, 3> base = of(base_, rows);
    std::vector<double> found;
    for (const Outcome* other : others_) {
      const std::array<double, 3> measures = of(*other, rows);
      for (std::size_t m = 0; m < base.size(); ++m) found.push_back(measures[m] - base[m]);
    }
    return found;
  }

  /// Family-wise p of the mean of a number of each file, by sign flips of groups.
  [[nodiscard]] std::vector<double> p_values(std::vector<double> Outcome::*number) const {
    const std::size_t groups = 1 + std::ranges::max(predictions_.groups);
    Array2d<double> sums(groups, others_.size());
    for (std::size_t s = 0; s < others_.size(); ++s) {
      for (std::size_t i = 0; i < predictions_.groups.size(); ++i) {
        sums(predictions_.groups[i], s) += (others_[s]->*number)[i] - (base_.*number)[i];
      }
    }
    for (double& sum : sums.values) {
      if (std::abs(sum) < kRounding) sum = 0.0;
    }
    return sign_flip_test(sums, seed_).p;
  }

  const Outcome& base_;
  const std::vector<const Outcome*>& others_;
  const Predictions& predictions_;
  std::uint64_t seed_;
};

Decomposition decomposition_of(const std::vector<Member>& members, const Predictions& ensemble) {
  Decomposition found;
  found.ensemble_loss = mean_of(log_losses(ensemble.probabilities, ensemble.truth));
  const auto files = static_cast<double>(ensemble.truth.size());
  for (const Member& member : members) {
    const Array2d<double>& probabilities = member.predictions.probabilities;
    double divergence = 0.0;
    for (std::size_t i = 0; i < probabilities.values.size(); ++i) {
      const double mean = ensemble.probabilities.values[i];
      if (mean <= 0.0) continue;
      divergence +=
          mean * (std::log(mean) - std::log(std::max(std::numeric_limits<double>::epsilon(),
                                                     probabilities.values[i])));
    }
    found.member_loss += mean_of(log_losses(probabilities, ensemble.truth));
    found.divergence += divergence / files;
  }
  found.member_loss /= static_cast<double>(members.size());
  found.divergence /= static_cast<double>(members.size());
  return found;
}

std::vector<MemberPair> pairs_of(const std::vector<Outcome>& members) {
  std::vector<MemberPair> pairs;
  for (std::size_t a = 0; a < members.size(); ++a) {
    for (std::size_t b = a + 1; b < members.size(); ++b) {
      ClassCounts counts(2);
      double both_wrong = 0.0;
      for (std::size_t i = 0; i < members[a].right.size(); ++i) {
        const bool a_right = members[a].right[i] > 0.0;
        const bool b_right = members[b].right[i] > 0.0;
        counts.add(a_right ? 1 : 0, b_right ? 1 : 0);
        if (!a_right && !b_right) both_wrong += 1.0;
      }
      pairs.push_back({a, b, both_wrong / static_cast<double>(members[a].right.size()),
                       (1.0 - mean_of(members[a].right)) * (1.0 - mean_of(members[b].right)),
                       counts.kappa()});
    }
  }
  return pairs;
}

std::vector<Rows> only_right_of(const std::vector<Outcome>& members) {
  std::vector<Rows> found(members.size());
  for (std::size_t i = 0; i < members.front().right.size(); ++i) {
    Rows right;
    for (std::size_t m = 0; m < members.size(); ++m) {
      if (members[m].right[i] > 0.0) right.push_back(m);
    }
    if (right.size() == 1) found[right.front()].push_back(i);
  }
  return found;
}

std::size_t best_of(const std::vector<Outcome>& members) {
  const auto best = std::ranges::max_element(members, {}, [](const Outcome& member) {
    return std::tuple(mean_of(member.right), -mean_of(member.losses));
  });
  return static_cast<std::size_t>(best - members.begin());
}

/// The means of all members but one.
std::vector<Outcome> without_each(const std::vector<Member>& members) {
  std::vector<Outcome> found;
  for (const Member& left_out : members) {
    std::vector<const Predictions*> others;
    for (const Member& member : members) {
      if (&member != &left_out) others.push_back(&member.predictions);
    }
    found.emplace_back("without " + left_out.name, relax_spectro::mean_of(others));
  }
  return found;
}

}  // namespace

EnsembleStudy study_ensemble(const std::vector<Member>& members, const std::vector<System>& systems,
                             std::uint64_t seed) {
  std::vector<Outcome> outcomes;
  for (const System& system : systems) outcomes.emplace_back(system.name, system.predictions);
  const std::vector<Outcome> of_members(
      outcomes.begin(), outcomes.begin() + static_cast<std::ptrdiff_t>(members.size()));
  EnsembleStudy study;
  study.best = best_of(of_members);
  std::vector<const Outcome*> others;
  for (std::size_t s = 0; s < outcomes.size(); ++s) {
    if (s != study.best) others.push_back(&outcomes[s]);
  }
  const Predictions& common = systems.front().predictions;
  study.comparisons = Comparing(outcomes[study.best], others, common, seed).comparisons();
  if (members.size() >= 3) {
    const std::vector<Outcome> without = without_each(members);
    others.clear();
    for (const Outcome& outcome : without) others.push_back(&outcome);
    for (Comparison& one :
         Comparing(outcomes[members.size()], others, common, seed).comparisons()) {
      study.comparisons.push_back(std::move(one));
    }
  }
  study.decomposition = decomposition_of(members, systems[members.size() + 1].predictions);
  study.pairs = pairs_of(of_members);
  study.only_right = only_right_of(of_members);
  return study;
}

}  // namespace relax_spectro
