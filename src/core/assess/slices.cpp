#include "assess/slices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "assess/detectable_error.hpp"
#include "base/draw_stream.hpp"
#include "base/multiple_tests.hpp"
#include "files/csv_row.hpp"
#include "probe/calibration.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kFewestRecordings = 10;
constexpr std::size_t kMostCategories = 8;  // of numbers; more are cut at quartiles
constexpr double kAlpha = 0.05;

std::optional<double> number_of(const std::string& text) {
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [number_end, error] = std::from_chars(text.data(), end, value);
  const bool is_number = error == std::errc() && number_end == end && std::isfinite(value);
  return is_number ? std::optional(value) : std::nullopt;
}

/// The numbers of a column that has many of them, by recording; else nothing.
std::map<std::size_t, double> numbers_of(const SliceColumn& column) {
  std::map<std::size_t, double> numbers;
  std::set<double> different;
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    if (column.values[i].empty()) continue;
    const std::optional<double> number = number_of(column.values[i]);
    if (!number) return {};
    different.insert(numbers[i] = *number);
  }
  if (different.size() <= kMostCategories) return {};
  return numbers;
}

/// Quarters of a column's numbers, named by the least and the greatest number in each.
std::vector<Slice> quarters(const SliceColumn& column,
                            const std::map<std::size_t, double>& numbers) {
  std::vector<double> sorted;
  for (const auto& [row, number] : numbers) sorted.push_back(number);
  std::ranges::sort(sorted);
  std::map<std::size_t, Slice> slices;
  for (const auto& [row, number] : numbers) {
    const auto below = std::ranges::lower_bound(sorted, number) - sorted.begin();
    slices[4 * static_cast<std::size_t>(below) / sorted.size()].rows.push_back(row);
  }
  std::vector<Slice> all;
  for (auto& [quarter, slice] : slices) {
    const auto number = [&](std::size_t row) { return numbers.at(row); };
    const auto [least, greatest] = std::ranges::minmax(slice.rows, {}, number);
    slice.value = fmt::format("{:.4g} to {:.4g}", number(least), number(greatest));
    slice.column = column.name;
    all.push_back(std::move(slice));
  }
  return all;
}

/// Errors in slices, less those in all other recordings.
class Differences {
 public:
  Differences(const std::vector<Slice>& slices, std::size_t recordings)
      : slices_of_row_(recordings), count_(slices.size()) {
    for (std::size_t s = 0; s < count_; ++s) {
      for (const std::size_t row : slices[s].rows) slices_of_row_[row].push_back(s);
    }
  }

  /// @param row_of    recording number i of the sample.
  /// @param error_of  1 if its decision is wrong, else 0.
  /// @returns  for each slice; 0 where the sample has none or nothing else.
  template <typename RowOf, typename ErrorOf>
  [[nodiscard]] std::vector<double> of(std::size_t size, RowOf row_of, ErrorOf error_of) const {
    std::vector<double> inside(count_, 0.0);
    std::vector<double> errors(count_, 0.0);
    double all_errors = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
      const double error = error_of(i);
      all_errors += error;
      for (const std::size_t s : slices_of_row_[row_of(i)]) {
        inside[s] += 1.0;
        errors[s] += error;
      }
    }
    const auto all = static_cast<double>(size);
    for (std::size_t s = 0; s < count_; ++s) {
      const bool is_part = inside[s] > 0.0 && inside[s] < all;
      errors[s] =
          is_part ? errors[s] / inside[s] - (all_errors - errors[s]) / (all - inside[s]) : 0.0;
    }
    return errors;
  }

 private:
  std::vector<Rows> slices_of_row_;
  std::size_t count_;
};

/// Recordings in groups, whose errors can be permuted.
class PermutedGroups {
 public:
  explicit PermutedGroups(const std::vector<std::size_t>& groups)
      : members_(*std::ranges::max_element(groups) + 1) {
    for (std::size_t i = 0; i < groups.size(); ++i) members_[groups[i]].push_back(i);
  }

  /// The recording whose error each recording takes.
  [[nodiscard]] Rows draw(std::uint64_t seed, std::size_t number, std::size_t recordings) const {
    core::DrawStream draws(seed, number, core::DrawsFor::slice_order);
    const auto order = core::shuffled_order(members_.size(), draws);
    core::DrawStream starts(seed, number, core::DrawsFor::slice_start);
    Rows taken(recordings);
    for (std::size_t g = 0; g < members_.size(); ++g) {
      const Rows& from = members_[order[g]];
      std::size_t next = starts.next_below(from.size());
      for (const std::size_t row : members_[g]) taken[row] = from[next++ % from.size()];
    }
    return taken;
  }

 private:
  std::vector<Rows> members_;
};

/// Family-wise p values: each difference in standard deviations of its permutations.
std::vector<double> family_wise_p(const Differences& differences,
                                  const std::vector<double>& observed,
                                  const std::vector<double>& errors,
                                  const std::vector<std::size_t>& groups, std::uint64_t seed) {
  const PermutedGroups permuted(groups);
  const std::size_t count = observed.size();
  std::vector<std::vector<double>> drawn;
  std::vector<double> mean(count, 0.0);
  std::vector<double> squares(count, 0.0);
  for (std::size_t draw = 0; draw < kTestDraws; ++draw) {
    const Rows taken = permuted.draw(seed, draw, errors.size());
    drawn.push_back(differences.of(
        errors.size(), [](std::size_t i) { return i; },
        [&](std::size_t i) { return errors[taken[i]]; }));
    for (std::size_t s = 0; s < count; ++s) {
      mean[s] += drawn.back()[s] / static_cast<double>(kTestDraws);
      squares[s] += drawn.back()[s] * drawn.back()[s] / static_cast<double>(kTestDraws);
    }
  }
  const auto standardised = [&](const std::vector<double>& values) {
    std::vector<double> t(count, 0.0);
    for (std::size_t s = 0; s < count; ++s) {
      const double variance = squares[s] - mean[s] * mean[s];
      if (variance > std::numeric_limits<double>::epsilon()) {
        t[s] = (values[s] - mean[s]) / std::sqrt(variance);
      }
    }
    return t;
  };
  return max_t_p(standardised(observed),
                 [&](std::size_t draw) { return standardised(drawn[draw]); });
}

/// As many independent recordings as the groups leave of some.
std::size_t independent(std::size_t recordings, double effect) {
  return std::max<std::size_t>(
      1, static_cast<std::size_t>(std::round(static_cast<double>(recordings) / effect)));
}

std::string text_of(const Slice& slice) {
  return fmt::format("{} {}: error {:.2f} in {} files ({:+.2f} to the others, p = {:.2g})",
                     slice.column, slice.value, slice.error, slice.rows.size(), slice.difference,
                     slice.p);
}

}  // namespace

std::vector<SliceColumn> slice_columns(const std::vector<RecordingLabel>& rows) {
  std::vector<SliceColumn> columns{{"label", {}}};
  for (const RecordingLabel& row : rows) columns[0].values.push_back(row.label);
  if (rows.empty()) return columns;
  for (const auto& [name, first_value] : rows.front().slices) {
    columns.push_back({name, {}});
    for (const RecordingLabel& row : rows) columns.back().values.push_back(row.slices.at(name));
  }
  return columns;
}

std::vector<Slice> slices_of(const SliceColumn& column) {
  const auto numbers = numbers_of(column);
  if (!numbers.empty()) return quarters(column, numbers);
  std::map<std::string, Slice> slices;
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    if (!column.values[i].empty()) slices[column.values[i]].rows.push_back(i);
  }
  std::vector<Slice> all;
  for (auto& [value, slice] : slices) {
    slice.column = column.name;
    slice.value = value;
    all.push_back(std::move(slice));
  }
  return all;
}

std::vector<Slice> study_slices(const Predictions& predictions,
                                const std::vector<SliceColumn>& columns, std::uint64_t seed) {
  const std::size_t recordings = predictions.truth.size();
  std::vector<Slice> slices;
  for (const SliceColumn& column : columns) {
    for (Slice& slice : slices_of(column)) {
      if (slice.rows.size() >= kFewestRecordings &&
          recordings - slice.rows.size() >= kFewestRecordings) {
        slices.push_back(std::move(slice));
      }
    }
  }
  if (slices.empty()) return slices;
  const Rows decisions = decisions_of(predictions.probabilities);
  std::vector<double> errors(recordings);
  for (std::size_t i = 0; i < recordings; ++i) {
    errors[i] = decisions[i] == predictions.truth[i] ? 0.0 : 1.0;
  }
  const std::vector<double> losses = log_losses(predictions.probabilities, predictions.truth);
  const double error = std::reduce(errors.begin(), errors.end()) / static_cast<double>(recordings);
  const double effect = design_effect(errors, predictions.groups);
  const Differences differences(slices, recordings);
  const std::vector<double> observed = differences.of(
      recordings, [](std::size_t i) { return i; }, [&](std::size_t i) { return errors[i]; });
  const std::vector<double> p =
      family_wise_p(differences, observed, errors, predictions.groups, seed);
  const std::vector<Interval> intervals = group_bootstrap(
      predictions.groups,
      [&](const Rows& rows) {
        return differences.of(
            rows.size(), [&](std::size_t i) { return rows[i]; },
            [&](std::size_t i) { return errors[rows[i]]; });
      },
      seed);
  for (std::size_t s = 0; s < slices.size(); ++s) {
    Slice& slice = slices[s];
    const auto count = static_cast<double>(slice.rows.size());
    std::set<std::size_t> groups;
    for (const std::size_t row : slice.rows) {
      groups.insert(predictions.groups[row]);
      slice.error += errors[row] / count;
      slice.log_loss += losses[row] / count;
    }
    slice.groups = groups.size();
    slice.difference = observed[s];
    if (slice.groups >= kFewestForInterval) slice.interval = intervals[s];
    slice.p = p[s];
    slice.detectable = detectable_error(error, independent(slice.rows.size(), effect),
                                        independent(recordings - slice.rows.size(), effect),
                                        kAlpha / static_cast<double>(slices.size()));
  }
  return slices;
}

std::string slices_text(const std::vector<Slice>& slices) {
  if (slices.empty()) return "No column of the labels has a slice of ten recordings or more.\n";
  std::string text;
  for (const Slice& slice : slices) {
    if (slice.p <= kAlpha) text += text_of(slice) + "\n";
  }
  if (!text.empty()) return text;
  const Slice& worst = *std::ranges::max_element(slices, {}, &Slice::difference);
  text = fmt::format("No slice of {} differs from the others. The worst is {}", slices.size(),
                     text_of(worst));
  if (!worst.detectable) return text + ". No error in it could have been found.\n";
  return text + fmt::format(". An error of {:.2f} would have been found.\n", *worst.detectable);
}

std::string slices_csv(const std::vector<Slice>& slices) {
  std::string text =
      "column,value,recordings,groups,error,log_loss,difference,low,high,p,detectable_error,"
      "relax_spectro\n";
  for (const Slice& slice : slices) {
    core::CsvRow row;
    row.text(slice.column);
    row.text(slice.value);
    row.count(slice.rows.size());
    row.count(slice.groups);
    for (const double number : {slice.error, slice.log_loss, slice.difference}) row.number(number);
    row.number(slice.interval ? std::optional(slice.interval->low) : std::nullopt);
    row.number(slice.interval ? std::optional(slice.interval->high) : std::nullopt);
    row.number(slice.p);
    row.number(slice.detectable);
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

}  // namespace relax_spectro
