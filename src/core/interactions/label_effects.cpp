#include "interactions/label_effects.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/draw_stream.hpp"
#include "base/multiple_tests.hpp"
#include "base/statistics.hpp"

namespace relax_spectro {
namespace {

/// The effects of a recording in one row: interactions above the diagonal, then main effects.
std::vector<double> row_of(const PairEffects& effects) {
  std::vector<double> row;
  const std::size_t parts = effects.main.size();
  for (std::size_t i = 0; i < parts; ++i) {
    for (std::size_t j = i + 1; j < parts; ++j) row.push_back(effects.interaction(i, j));
  }
  row.insert(row.end(), effects.main.begin(), effects.main.end());
  return row;
}

/// Values of pairs, in the order of row_of, as a symmetric matrix.
Array2d<double> matrix_of(std::span<const double> row, std::size_t parts, double diagonal) {
  Array2d<double> matrix(parts, parts, diagonal);
  std::size_t next = 0;
  for (std::size_t i = 0; i < parts; ++i) {
    for (std::size_t j = i + 1; j < parts; ++j) matrix(i, j) = matrix(j, i) = row[next++];
  }
  return matrix;
}

/// The mean row of each group of a label.
struct GroupMeans {
  std::size_t recordings = 0;
  Array2d<double> rows;  ///< [group, effect]
};

GroupMeans group_means(std::span<const LabelledEffects> recordings, const std::string& label) {
  std::map<std::string, std::vector<std::vector<double>>> rows_of_groups;
  GroupMeans means;
  for (const LabelledEffects& recording : recordings) {
    if (recording.label != label) continue;
    rows_of_groups[recording.group].push_back(row_of(recording.effects));
    ++means.recordings;
  }
  for (const auto& [group, rows] : rows_of_groups) {
    std::vector<double> mean(rows.front().size());
    for (const std::vector<double>& row : rows) {
      for (std::size_t k = 0; k < mean.size(); ++k) {
        mean[k] += row[k] / static_cast<double>(rows.size());
      }
    }
    append_row(means.rows, mean);
  }
  return means;
}

/// The mean of some rows.
std::vector<double> mean_of(const Array2d<double>& rows, std::span<const std::size_t> chosen) {
  std::vector<double> mean(rows.columns);
  for (const std::size_t row : chosen) {
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += rows(row, k);
  }
  for (double& value : mean) value /= static_cast<double>(chosen.size());
  return mean;
}

Array2d<double> first_columns(const Array2d<double>& rows, std::size_t count) {
  Array2d<double> part;
  for (std::size_t i = 0; i < rows.rows; ++i) append_row(part, rows.row(i).first(count));
  return part;
}

MeanEffects mean_over(const GroupMeans& means, const std::string& label, std::size_t parts) {
  const std::size_t pairs = parts * (parts - 1) / 2;
  const Rows groups = all_rows(means.rows.rows);
  const std::vector<double> mean = mean_of(means.rows, groups);
  MeanEffects result;
  result.label = label;
  result.recordings = means.recordings;
  result.groups = groups.size();
  result.effects.interaction = matrix_of(mean, parts, 0.0);
  result.effects.main.assign(mean.begin() + static_cast<std::ptrdiff_t>(pairs), mean.end());
  const Array2d<double> pair_rows = first_columns(means.rows, pairs);
  if (groups.size() >= kFewestForInterval) {
    const std::vector<Interval> intervals =
        group_bootstrap(groups, [&](const Rows& drawn) { return mean_of(pair_rows, drawn); });
    std::vector<double> low;
    std::vector<double> high;
    for (const Interval& interval : intervals) {
      low.push_back(interval.low);
      high.push_back(interval.high);
    }
    result.low = matrix_of(low, parts, 0.0);
    result.high = matrix_of(high, parts, 0.0);
  }
  if (groups.size() >= 2) {
    result.effects.p_adjusted = matrix_of(sign_flip_test(pair_rows).p, parts, 1.0);
  }
  return result;
}

/// Welch's t of the difference of two parts of the rows, for each column.
std::vector<double> welch_t(const Array2d<double>& rows, std::span<const std::size_t> a,
                            std::span<const std::size_t> b) {
  const std::vector<double> mean_a = mean_of(rows, a);
  const std::vector<double> mean_b = mean_of(rows, b);
  const auto squared_error = [&](std::span<const std::size_t> part, double mean, std::size_t k) {
    double squares = 0.0;
    for (const std::size_t row : part) squares += (rows(row, k) - mean) * (rows(row, k) - mean);
    const auto count = static_cast<double>(part.size());
    return squares / (count * (count - 1.0));
  };
  std::vector<double> t(rows.columns);
  for (std::size_t k = 0; k < t.size(); ++k) {
    const double variance = squared_error(a, mean_a[k], k) + squared_error(b, mean_b[k], k);
    const double difference = mean_a[k] - mean_b[k];
    t[k] = difference == 0.0 ? 0.0 : difference / std::sqrt(variance);
  }
  return t;
}

MeanEffects difference_of(const GroupMeans& a, const GroupMeans& b, const MeanEffects& of_a,
                          const MeanEffects& of_b) {
  const std::size_t parts = of_a.effects.main.size();
  MeanEffects result;
  result.effects = effects_less(of_a.effects, of_b.effects);
  result.label = of_a.label + " - " + of_b.label;
  result.recordings = of_a.recordings + of_b.recordings;
  result.groups = of_a.groups + of_b.groups;
  if (of_a.groups < 2 || of_b.groups < 2) return result;
  const std::size_t pairs = parts * (parts - 1) / 2;
  Array2d<double> rows = first_columns(a.rows, pairs);
  for (std::size_t i = 0; i < b.rows.rows; ++i) append_row(rows, b.rows.row(i).first(pairs));
  const Rows order = all_rows(rows.rows);
  const auto t_of = [&](std::span<const std::size_t> exchanged) {
    return welch_t(rows, exchanged.first(of_a.groups), exchanged.subspan(of_a.groups));
  };
  const std::vector<double> p = max_t_p(t_of(order), [&](std::size_t draw) {
    const std::vector<std::uint32_t> drawn =
        core::shuffled_order(order.size(), {0, draw, core::DrawsFor::label_exchange});
    return t_of(Rows(drawn.begin(), drawn.end()));
  });
  result.effects.p_adjusted = matrix_of(p, parts, 1.0);
  return result;
}

}  // namespace

PairEffects effects_less(PairEffects effects, const PairEffects& others) {
  for (std::size_t i = 0; i < effects.interaction.values.size(); ++i) {
    effects.interaction.values[i] -= others.interaction.values[i];
  }
  for (std::size_t i = 0; i < effects.main.size(); ++i) effects.main[i] -= others.main[i];
  return {std::move(effects.interaction), std::move(effects.main)};
}

std::vector<MeanEffects> effects_by_label(std::span<const LabelledEffects> recordings) {
  std::set<std::string> labels;
  for (const LabelledEffects& recording : recordings) labels.insert(recording.label);
  const std::size_t parts = recordings.front().effects.main.size();
  std::vector<GroupMeans> means;
  std::vector<MeanEffects> effects;
  for (const std::string& label : labels) {
    means.push_back(group_means(recordings, label));
    effects.push_back(mean_over(means.back(), label, parts));
  }
  if (labels.size() == 2) {
    effects.push_back(difference_of(means[0], means[1], effects[0], effects[1]));
  }
  return effects;
}

}  // namespace relax_spectro
