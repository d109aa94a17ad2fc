#include "assess/perturbation_effect.hpp"

#include <fmt/format.h>

#include "files/csv_row.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

/// Decisions for changed copies, as trials: one for each recording and copy.
struct Trials {
  std::string perturbation;
  std::size_t copies = 0;
  std::vector<double> changed;  // 1: the decision is another than for the recording
  std::vector<double> right;
  std::vector<double> lost;  // 1: no longer right, -1: right only now
  std::vector<std::size_t> groups;
};

double share_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// The copies of a perturbation follow each other.
std::vector<Trials> trials_of(const Member& member) {
  const Predictions& predictions = member.predictions;
  const Rows unchanged = decisions_of(predictions.probabilities);
  std::vector<Trials> all;
  for (const CopyProbabilities& copy : member.copies) {
    if (all.empty() || all.back().perturbation != copy.perturbation) {
      all.push_back({copy.perturbation, 0, {}, {}, {}, {}});
    }
    Trials& trials = all.back();
    ++trials.copies;
    const Rows decisions = decisions_of(copy.probabilities);
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      const bool is_right = decisions[i] == predictions.truth[i];
      const bool was_right = unchanged[i] == predictions.truth[i];
      trials.changed.push_back(decisions[i] == unchanged[i] ? 0.0 : 1.0);
      trials.right.push_back(is_right ? 1.0 : 0.0);
      trials.lost.push_back(static_cast<double>(was_right) - static_cast<double>(is_right));
      trials.groups.push_back(predictions.groups[i]);
    }
  }
  return all;
}

}  // namespace

std::vector<PerturbationEffect> perturbation_effects(const std::vector<Member>& members,
                                                     std::uint64_t seed) {
  std::vector<PerturbationEffect> effects;
  for (const Member& member : members) {
    for (const Trials& trials : trials_of(member)) {
      const auto loss_of = [&](const Rows& rows) {
        double sum = 0.0;
        for (const std::size_t row : rows) sum += trials.lost[row];
        return std::vector{sum / static_cast<double>(rows.size())};
      };
      effects.push_back({member.name, trials.perturbation, trials.copies, share_of(trials.changed),
                         wilson_interval(trials.changed, trials.groups).value(),
                         share_of(trials.right), share_of(trials.lost),
                         group_bootstrap(trials.groups, loss_of, seed).front()});
    }
  }
  return effects;
}

std::string perturbations_text(const std::vector<PerturbationEffect>& effects) {
  std::string text;
  for (const PerturbationEffect& effect : effects) {
    text += fmt::format(
        "{}, {}: {:.1f} % of decisions change (95 %: {:.1f}–{:.1f}), accuracy falls by {:.1f} "
        "points (95 %: {:.1f}–{:.1f}).\n",
        effect.member, effect.perturbation, 100.0 * effect.changed,
        100.0 * effect.changed_interval.low, 100.0 * effect.changed_interval.high,
        100.0 * effect.loss, 100.0 * effect.loss_interval.low, 100.0 * effect.loss_interval.high);
  }
  return text;
}

std::string perturbations_csv(const std::vector<PerturbationEffect>& effects) {
  std::string text =
      "member,perturbation,copies,changed,changed_low,changed_high,accuracy,loss,loss_low,"
      "loss_high,relax_spectro\n";
  for (const PerturbationEffect& effect : effects) {
    core::CsvRow row;
    row.text(effect.member);
    row.text(effect.perturbation);
    row.count(effect.copies);
    for (const double number :
         {effect.changed, effect.changed_interval.low, effect.changed_interval.high,
          effect.accuracy, effect.loss, effect.loss_interval.low, effect.loss_interval.high}) {
      row.number(number);
    }
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

}  // namespace relax_spectro
