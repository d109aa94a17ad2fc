#include "batch/label_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string_view>
#include <tuple>

#include "base/text.hpp"
#include "files/csv_row.hpp"
#include "files/npz.hpp"
#include "files/output_names.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {
namespace {

constexpr std::string_view kSummaryHeader =
    "label,score,files,with_noise,mean_noise_to_contrast,with_gains,"
    "mean_gain_over_loudness,mean_gain_over_loudness_low,mean_gain_over_loudness_high,"
    "mean_gain_over_chance,mean_gain_over_chance_low,mean_gain_over_chance_high,relax_spectro\n";

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::optional<MeanGain> mean_gain(const std::vector<double>& gains) {
  if (gains.empty()) return std::nullopt;
  return MeanGain{mean_of(gains), bootstrap_interval(gains)};
}

LabelSummary summarise(const LabelAndScore& label, std::span<const BatchRow* const> rows) {
  LabelSummary summary;
  std::tie(summary.label, summary.score) = label;
  summary.files = rows.size();
  std::vector<double> noise;
  std::vector<double> over_loudness;
  std::vector<double> over_chance;
  for (const BatchRow* row : rows) {
    if (row->facts->noise_to_contrast) noise.push_back(*row->facts->noise_to_contrast);
    if (!row->flip) continue;
    over_loudness.push_back(row->flip->gain_over_loudness);
    over_chance.push_back(row->flip->gain_over_chance);
  }
  summary.with_noise = noise.size();
  if (!noise.empty()) summary.mean_noise_to_contrast = mean_of(noise);
  summary.with_gains = over_loudness.size();
  summary.over_loudness = mean_gain(over_loudness);
  summary.over_chance = mean_gain(over_chance);
  return summary;
}

void add_gain(core::CsvRow& row, const std::optional<MeanGain>& gain) {
  const std::optional<Interval> interval = gain ? gain->interval : std::nullopt;
  row.number(gain ? std::optional(gain->mean) : std::nullopt);
  row.number(interval ? std::optional(interval->low) : std::nullopt);
  row.number(interval ? std::optional(interval->high) : std::nullopt);
}

Explanation read_contrast(const std::filesystem::path& json_path) {
  Explanation explanation;
  read_arrays(json_path, {"contrast"}, explanation);
  return explanation;
}

void require_same_bins(const std::filesystem::path& first_path, const Spectrogram& first,
                       const std::filesystem::path& path, const Spectrogram& other) {
  if (other.time_s == first.time_s && other.frequency_hz == first.frequency_hz) return;
  const auto shape = [](const Spectrogram& axes) {
    return fmt::format("{}x{} bins to {:.4g} s and {:.4g} Hz", axes.frequency_hz.size(),
                       axes.time_s.size(), axes.time_s.back(), axes.frequency_hz.back());
  };
  throw IoError(
      fmt::format("{}: its map covers {}, but that of {} covers {}; "
                  "expected the same bins",
                  path.string(), shape(other), first_path.string(), shape(first)));
}

/// Running sums over maps for each bin (Welford, Technometrics 4(3), 1962).
struct MapSums {
  std::vector<double> count, mean, squares;

  explicit MapSums(std::size_t bins) : count(bins), mean(bins), squares(bins) {}

  void add(const std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isnan(values[i])) continue;
      count[i] += 1.0;
      const double step = values[i] - mean[i];
      mean[i] += step / count[i];
      squares[i] += step * (values[i] - mean[i]);
    }
  }
};

}  // namespace

std::map<LabelAndScore, std::vector<const BatchRow*>> rows_by_label(
    std::span<const BatchRow> rows) {
  std::map<LabelAndScore, std::vector<const BatchRow*>> labels;
  std::set<std::tuple<std::string, std::string, std::string>> known;
  for (const BatchRow& row : rows) {
    if (row.label.empty() || !row.facts) continue;
    if (!known.emplace(row.label, row.score, row.file.string()).second) continue;
    labels[{row.label, row.score}].push_back(&row);
  }
  return labels;
}

std::vector<LabelSummary> summarise_labels(std::span<const BatchRow> rows) {
  std::vector<LabelSummary> summaries;
  for (const auto& [label, of_label] : rows_by_label(rows)) {
    summaries.push_back(summarise(label, of_label));
  }
  return summaries;
}

std::string labels_csv(std::span<const LabelSummary> labels) {
  std::string text(kSummaryHeader);
  for (const LabelSummary& label : labels) {
    core::CsvRow row;
    row.text(label.label);
    row.text(label.score);
    row.count(label.files);
    row.count(label.with_noise);
    row.number(label.mean_noise_to_contrast);
    row.count(label.with_gains);
    add_gain(row, label.over_loudness);
    add_gain(row, label.over_chance);
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

std::map<LabelAndScore, std::string> label_file_names(std::span<const LabelAndScore> labels) {
  std::map<std::string, std::set<std::string>> by_label;
  for (const auto& [label, score] : labels) by_label[label].insert(score);
  std::map<LabelAndScore, std::string> names;
  std::set<std::string> taken;  // some file systems ignore case
  for (const auto& [label, scores_of_label] : by_label) {
    std::string name = label;
    std::ranges::replace_if(
        name, [](unsigned char c) { return c < 0x20 || c == '/' || c == '\\' || c == ':'; }, '_');
    if (name.starts_with('.')) name.front() = '_';
    std::string unique = name;
    for (int i = 2; !taken.insert(core::lower_case(unique)).second; ++i) {
      unique = fmt::format("{}_{}", name, i);
    }
    std::vector<std::string> short_names;
    for (const std::string& score : scores_of_label) {
      short_names.push_back(short_name(parse_score(score)));
    }
    const std::vector<std::filesystem::path> stems = stems_for_each(unique, short_names);
    auto stem = stems.begin();
    for (const std::string& score : scores_of_label) {
      names[{label, score}] = scores_of_label.size() > 1 ? (stem++)->string() : unique;
    }
  }
  return names;
}

MeanMap mean_contrast(std::span<const std::filesystem::path> json_paths) {
  const Explanation first = read_contrast(json_paths.front());
  const Shape2d shape{first.contrast.rows, first.contrast.columns};
  MapSums sums(shape.rows * shape.columns);
  sums.add(first.contrast.values);
  for (const std::filesystem::path& path : json_paths.subspan(1)) {
    const Explanation other = read_contrast(path);
    require_same_bins(json_paths.front(), first.spectrogram, path, other.spectrogram);
    sums.add(other.contrast.values);
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  MeanMap mean{json_paths.size(), Array2d<double>(shape.rows, shape.columns),
               Array2d<double>(shape.rows, shape.columns), first.spectrogram.time_s,
               first.spectrogram.frequency_hz};
  for (std::size_t i = 0; i < sums.count.size(); ++i) {
    const double count = sums.count[i];
    mean.contrast.values[i] = count > 0.0 ? sums.mean[i] : kNone;
    mean.sd.values[i] = count > 1.0 ? std::sqrt(sums.squares[i] / (count - 1.0)) : kNone;
  }
  return mean;
}

void write_mean_map(const std::filesystem::path& path, const MeanMap& map, Overwrite overwrite) {
  const std::vector<std::int64_t> files{static_cast<std::int64_t>(map.files)};
  NpzWriter writer;
  writer.add("contrast", map.contrast);
  writer.add("contrast_sd", map.sd);
  writer.add("time_s", {map.time_s.size()}, std::span<const double>(map.time_s));
  writer.add("frequency_hz", {map.frequency_hz.size()}, std::span<const double>(map.frequency_hz));
  writer.add("files", {1}, std::span<const std::int64_t>(files));
  OutputFile output(path, overwrite);
  writer.write(output.temporary_path());
  output.commit();
}

}  // namespace relax_spectro
