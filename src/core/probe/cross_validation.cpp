#include "probe/cross_validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "base/draw_stream.hpp"
#include "probe/calibration.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kInnerFolds = 3;
constexpr std::array kCandidates{1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3, 1e4};

/// What inner folds say of one C.
struct Candidate {
  double c = 1.0;
  Array2d<double> logits;       // [row, class], of each row by the fit without its fold
  double mean_loss = 0.0;       // over the folds
  double standard_error = 0.0;  // of the mean
};

Candidate evaluate(const LabelledRows& rows, const std::vector<Fold>& folds,
                   const LogisticOptions& options) {
  Candidate candidate{options.c, Array2d<double>(rows.features.rows, rows.class_count)};
  std::vector<double> losses;
  for (const Fold& fold : folds) {
    const LabelledRows test = rows.at(fold.test);
    const Array2d<double> logits = fit_logistic(rows.at(fold.train), options).logits(test.features);
    for (std::size_t i = 0; i < fold.test.size(); ++i) {
      std::ranges::copy(logits.row(i), candidate.logits.row(fold.test[i]).begin());
    }
    const std::vector<double> each = log_losses(probabilities_of(logits), test.classes);
    losses.push_back(std::reduce(each.begin(), each.end()) / static_cast<double>(each.size()));
  }
  const auto count = static_cast<double>(losses.size());
  candidate.mean_loss = std::reduce(losses.begin(), losses.end()) / count;
  double squares = 0.0;
  for (const double loss : losses) squares += std::pow(loss - candidate.mean_loss, 2);
  candidate.standard_error = std::sqrt(squares / (count - 1.0) / count);
  return candidate;
}

Candidate choose(const LabelledRows& rows, const ProbeOptions& options) {
  const std::vector<Fold> folds = stratified_group_folds(rows, kInnerFolds, options.seed);
  if (options.c) return evaluate(rows, folds, options.with(*options.c));
  std::vector<Candidate> candidates;
  for (const double c : kCandidates) {
    candidates.push_back(evaluate(rows, folds, options.with(c)));
  }
  const auto best = std::ranges::min_element(candidates, {}, &Candidate::mean_loss);
  const double enough = best->mean_loss + best->standard_error;
  return *std::ranges::find_if(candidates,
                               [enough](const Candidate& c) { return c.mean_loss <= enough; });
}

}  // namespace

ChosenFit choose_and_fit(const LabelledRows& rows, const ProbeOptions& options) {
  const Candidate chosen = choose(rows, options);
  ChosenFit fit{fit_logistic(rows, options.with(chosen.c)), chosen.c,
                best_temperature(chosen.logits, rows.classes)};
  if (fit.fit.error_bound <= kLargestErrorBound) return fit;
  throw ConfigError(fmt::format(
      "the fit with C = {} is not exact: its weights may be {:.1e} from the optimum, and {:.0e} is "
      "the most allowed; choose a smaller C",
      chosen.c, fit.fit.error_bound, kLargestErrorBound));
}

std::vector<TestedFold> test_folds(const LabelledRows& rows, const std::vector<Fold>& folds,
                                   const ProbeOptions& options) {
  std::vector<TestedFold> tested;
  for (const Fold& fold : folds) {
    try {
      ChosenFit chosen = choose_and_fit(rows.at(fold.train), options);
      Array2d<double> logits = chosen.fit.logits(rows.at(fold.test).features);
      tested.push_back({fold, std::move(chosen), std::move(logits)});
    } catch (const ConfigError& error) {
      throw ConfigError(fmt::format("fold {}: {}", fold.name, error.what()));
    }
  }
  return tested;
}

LabelledRows with_shuffled_classes(LabelledRows rows, const std::vector<Fold>& folds,
                                   const ShuffleId& id) {
  const std::vector<std::size_t> classes = rows.classes;
  std::vector<Rows> parts{Rows(classes.size())};
  std::iota(parts[0].begin(), parts[0].end(), std::size_t{0});
  for (const Fold& fold : folds) {
    parts.push_back(fold.test);
    std::erase_if(parts[0],
                  [&](std::size_t row) { return std::ranges::count(fold.test, row) > 0; });
  }
  for (std::size_t part = 0; part < parts.size(); ++part) {
    std::map<std::pair<std::size_t, std::size_t>, Rows> members;
    for (const std::size_t row : parts[part]) {
      members[{rows.groups[row], classes[row]}].push_back(row);
    }
    std::vector<Rows> blocks;
    for (auto& [group_and_class, block] : members) blocks.push_back(std::move(block));
    std::vector<std::size_t> shuffled;
    for (const std::uint32_t block : core::shuffled_order(
             blocks.size(),
             {id.seed, id.number * parts.size() + part, core::DrawsFor::label_order})) {
      for (const std::size_t row : blocks[block]) shuffled.push_back(classes[row]);
    }
    auto next = shuffled.begin();
    for (const Rows& block : blocks) {
      for (const std::size_t row : block) rows.classes[row] = *next++;
    }
  }
  return rows;
}

}  // namespace relax_spectro
