#include "probe/folds.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

#include "base/draw_stream.hpp"
#include "base/require.hpp"

namespace relax_spectro {
namespace {

using Counts = Eigen::ArrayXXd;  // [group or fold, class]

Counts counts_of_groups(const LabelledRows& rows) {
  const std::size_t groups = 1 + *std::ranges::max_element(rows.groups);
  Counts counts =
      Counts::Zero(static_cast<Eigen::Index>(groups), static_cast<Eigen::Index>(rows.class_count));
  for (std::size_t i = 0; i < rows.classes.size(); ++i) {
    counts(static_cast<Eigen::Index>(rows.groups[i]), static_cast<Eigen::Index>(rows.classes[i])) +=
        1.0;
  }
  return counts;
}

/// The standard deviation over the rows of each column.
Eigen::ArrayXd sd_of_columns(const Counts& values) {
  const Counts from_mean = values.rowwise() - values.colwise().mean();
  return from_mean.square().colwise().mean().sqrt();
}

/// How unequal the folds' shares of the classes would be with a group in one of them.
double unevenness(Counts folds, Eigen::Index fold, const Counts& shares, Eigen::Index group) {
  folds.row(fold) += shares.row(group);
  return sd_of_columns(folds).mean();
}

Fold without_test_rows(std::string name, std::size_t rows, Rows test) {
  Fold fold{std::move(name), {}, std::move(test)};
  std::ranges::set_difference(all_rows(rows), fold.test, std::back_inserter(fold.train));
  return fold;
}

}  // namespace

std::vector<Fold> stratified_group_folds(const LabelledRows& rows, std::size_t folds,
                                         std::uint64_t seed) {
  const std::set<std::size_t> groups(rows.groups.begin(), rows.groups.end());
  core::require(
      folds >= 2 && groups.size() >= folds,
      fmt::format("there are {} groups of recordings for {} folds; expected 2 folds or more, "
                  "and a group for each (the choice of C needs 3)",
                  groups.size(), folds));
  const Counts counts = counts_of_groups(rows);
  const Counts shares = counts.rowwise() / counts.colwise().sum().max(1.0);
  std::vector<std::uint32_t> order = core::shuffled_order(static_cast<std::size_t>(counts.rows()),
                                                          {seed, 0, core::DrawsFor::fold_order});
  const Eigen::ArrayXd spread = sd_of_columns(counts.transpose());
  std::ranges::stable_sort(order, std::greater<>{}, [&spread](auto g) { return spread[g]; });

  Counts in_folds = Counts::Zero(static_cast<Eigen::Index>(folds), counts.cols());
  std::vector<double> sizes(folds, 0.0);
  std::vector<std::size_t> fold_of(static_cast<std::size_t>(counts.rows()));
  for (const std::uint32_t group : order) {
    std::size_t best = 0;
    double least = unevenness(in_folds, 0, shares, group);
    for (std::size_t f = 1; f < folds; ++f) {
      const double uneven = unevenness(in_folds, static_cast<Eigen::Index>(f), shares, group);
      if (uneven < least || (uneven == least && sizes[f] < sizes[best])) {
        best = f;
        least = uneven;
      }
    }
    in_folds.row(static_cast<Eigen::Index>(best)) += shares.row(group);
    sizes[best] += counts.row(group).sum();
    fold_of[group] = best;
  }
  std::vector<Rows> tested(folds);
  for (std::size_t i = 0; i < rows.groups.size(); ++i) tested[fold_of[rows.groups[i]]].push_back(i);
  std::vector<Fold> found;
  for (Rows& test : tested) {
    found.push_back(without_test_rows(fmt::format("{}", found.size() + 1), rows.groups.size(),
                                      std::move(test)));
  }
  return found;
}

std::vector<Fold> named_folds(const std::vector<std::string>& names) {
  const std::set<std::string> distinct(names.begin(), names.end());
  core::require(distinct.size() >= 2,
                fmt::format("{} different folds; expected 2 or more", distinct.size()));
  std::vector<Fold> folds;
  for (const std::string& name : distinct) {
    Rows test;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) test.push_back(i);
    }
    folds.push_back(without_test_rows(name, names.size(), std::move(test)));
  }
  return folds;
}

std::vector<std::size_t> leaking_groups(const std::vector<Fold>& folds,
                                        const std::vector<std::size_t>& groups) {
  std::set<std::size_t> leaking;
  for (const Fold& fold : folds) {
    std::set<std::size_t> trained;
    for (const std::size_t row : fold.train) trained.insert(groups[row]);
    for (const std::size_t row : fold.test) {
      if (trained.contains(groups[row])) leaking.insert(groups[row]);
    }
  }
  return {leaking.begin(), leaking.end()};
}

}  // namespace relax_spectro
