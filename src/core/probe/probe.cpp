#include "probe/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <span>

#include "base/name_numbers.hpp"
#include "base/parse_number.hpp"
#include "base/require.hpp"
#include "base/text.hpp"
#include "probe/calibration.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kShuffles = 20;

/// The column or the number of folds that "auto" stands for.
std::string chosen_folds(const ProbeData& data, const std::string& asked) {
  if (asked != "auto") return asked;
  core::require(data.folds.empty() || data.splits.empty(),
                "the labels have the columns fold and split; choose one by --folds");
  if (!data.splits.empty()) return "split";
  return data.folds.empty() ? "5" : "fold";
}

std::vector<Fold> folds_of(const ProbeData& data, const std::string& chosen, std::uint64_t seed) {
  if (chosen != "fold" && chosen != "split") {
    const double count = core::parse_number(chosen, "--folds");
    core::require(
        count >= 2.0 && count <= 1000.0 && count == std::floor(count),
        fmt::format("--folds is {}, expected fold, split or a whole number from 2 to 1000",
                    chosen));
    return stratified_group_folds(data.rows, static_cast<std::size_t>(count), seed);
  }
  const std::vector<std::string>& names = chosen == "fold" ? data.folds : data.splits;
  core::require(!names.empty(), fmt::format("the labels have no column {}", chosen));
  std::vector<Fold> folds = named_folds(names);
  if (chosen == "split") std::erase_if(folds, [](const Fold& fold) { return fold.name != "test"; });
  return folds;
}

/// @returns  warnings
std::vector<std::string> check_leaks(const ProbeData& data, const std::vector<Fold>& folds,
                                     bool allowed) {
  std::vector<std::string> groups;
  for (const std::size_t group : leaking_groups(folds, data.rows.groups)) {
    groups.push_back(data.groups[group]);
  }
  if (groups.empty()) return {};
  const std::string what = fmt::format(
      "{} group{} in several folds, so that the probe is tested on what it has learnt: "
      "{}",
      groups.size(), groups.size() == 1 ? " is" : "s are", core::first_ten(groups));
  core::require(allowed, what + "; correct the folds, or add --allow-leak");
  return {what};
}

/// Classes that some fold does not test or cannot learn.
std::vector<std::string> warn_of_small_classes(const ProbeData& data, std::size_t folds) {
  std::vector<std::set<std::size_t>> groups(data.labels.size());
  for (std::size_t i = 0; i < data.rows.classes.size(); ++i) {
    groups[data.rows.classes[i]].insert(data.rows.groups[i]);
  }
  std::vector<std::string> small;
  for (std::size_t k = 0; k < groups.size(); ++k) {
    if (groups[k].size() < std::max<std::size_t>(2, folds)) small.push_back(data.labels[k]);
  }
  if (small.empty()) return {};
  return {fmt::format("{} class{} fewer groups than there are folds: {}", small.size(),
                      small.size() == 1 ? " has" : "es have", core::first_ten(small))};
}

/// The share of test rows that are decided for their class.
/// @param decide  the decisions for the test rows of a fold.
Control control(const LabelledRows& rows, const std::vector<Fold>& folds,
                const std::function<Rows(std::size_t fold)>& decide) {
  std::vector<double> right;
  std::vector<std::size_t> groups;
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const Rows decisions = decide(f);
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      const std::size_t row = folds[f].test[i];
      right.push_back(rows.classes[row] == decisions[i] ? 1.0 : 0.0);
      groups.push_back(rows.groups[row]);
    }
  }
  const double sum = std::reduce(right.begin(), right.end());
  return {sum / static_cast<double>(right.size()), wilson_interval(right, groups).value()};
}

/// Decisions for the class that most rows of the training part have.
Control majority_control(const LabelledRows& rows, const std::vector<Fold>& folds) {
  return control(rows, folds, [&](std::size_t f) {
    std::vector<std::size_t> counts(rows.class_count, 0);
    for (const std::size_t row : folds[f].train) ++counts[rows.classes[row]];
    const auto most = std::ranges::max_element(counts) - counts.begin();
    return Rows(folds[f].test.size(), static_cast<std::size_t>(most));
  });
}

/// What a probe knows that sees the bands of the model's input, and not the embedding.
Control bands_control(const ProbeData& data, const std::vector<Fold>& folds,
                      const ProbeOptions& options) {
  LabelledRows rows = data.rows;
  rows.features = data.bands;
  rows.windows.features = data.window_bands;
  const std::vector<TestedFold> tested = test_folds(rows, folds, options);
  return control(rows, folds, [&](std::size_t f) { return decisions_of(tested[f].logits); });
}

/// The mean and the range of several shuffles. Each fold has the C that the true labels chose.
Control shuffled_control(const LabelledRows& rows, const std::vector<TestedFold>& tested,
                         const ProbeOptions& options) {
  std::vector<Fold> folds;
  for (const TestedFold& fold : tested) folds.push_back(fold.fold);
  std::vector<double> accuracies;
  for (std::size_t s = 0; s < kShuffles; ++s) {
    const LabelledRows shuffled = with_shuffled_classes(rows, folds, {options.seed, s});
    const Control one = control(shuffled, folds, [&](std::size_t f) {
      const LogisticFit fit =
          fit_logistic(shuffled.at(folds[f].train), options.with(tested[f].chosen.c));
      return decisions_of(fit.logits(shuffled.at(folds[f].test).features));
    });
    accuracies.push_back(one.accuracy);
  }
  const auto [low, high] = std::ranges::minmax(accuracies);
  return {std::reduce(accuracies.begin(), accuracies.end()) / kShuffles, {low, high}};
}

void append(Array2d<double>& all, const Array2d<double>& rows) {
  all.values.insert(all.values.end(), rows.values.begin(), rows.values.end());
  all.columns = rows.columns;
  all.rows += rows.rows;
}

/// Puts the test rows of all folds together.
void collect(const ProbeData& data, Probe& probe) {
  Predictions& all = probe.predictions;
  all.labels = data.labels;
  for (const TestedFold& tested : probe.folds) {
    append(probe.logits, tested.logits);
    append(all.raw_probabilities, probabilities_of(tested.logits));
    append(all.probabilities, probabilities_of(tested.logits, tested.chosen.temperature));
    for (const std::size_t row : tested.fold.test) {
      probe.tested.push_back(row);
      probe.fold_of.push_back(tested.fold.name);
      all.truth.push_back(data.rows.classes[row]);
      all.groups.push_back(data.rows.groups[row]);
    }
  }
}

/// The same groups with numbers from 0 without gaps.
std::vector<std::size_t> without_gaps(std::vector<std::size_t> groups) {
  const std::map<std::size_t, std::size_t> numbers = core::numbers_of(groups);
  for (std::size_t& group : groups) group = numbers.at(group);
  return groups;
}

}  // namespace

ProbeData probe_data(const RecordingEmbeddings& embeddings, const LabelsTable& table,
                     const ClassMap& map) {
  const std::vector<RecordingLabel> found = table.of(embeddings.files);
  ProbeData data;
  std::vector<std::string> given;  // labels, before the map
  std::vector<std::string> labels;
  std::vector<std::string> groups;
  std::map<std::size_t, std::size_t> row_of_file;
  LabelledRows& rows = data.rows;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].label.empty()) {
      ++data.without_label;
      continue;
    }
    given.push_back(found[i].label);
    const std::string& label = map.of(found[i].label);
    if (label.empty()) continue;
    row_of_file[i] = data.files.size();
    data.files.push_back(embeddings.files[i]);
    labels.push_back(label);
    groups.push_back(table.has("group") ? found[i].group : embeddings.files[i]);
    if (table.has("fold")) data.folds.push_back(found[i].fold);
    if (table.has("split")) data.splits.push_back(found[i].split);
    rows.weights.push_back(found[i].weight);
    append_row(rows.features, embeddings.mean.row(i));
    append_row(data.bands, embeddings.bands.row(i));
  }
  for (std::size_t w = 0; w < embeddings.windows.file_of.size(); ++w) {
    const auto row = row_of_file.find(embeddings.windows.file_of[w]);
    if (row == row_of_file.end()) continue;
    rows.windows.row_of.push_back(row->second);
    append_row(rows.windows.features, embeddings.windows.embedding.row(w));
    append_row(data.window_bands, embeddings.windows.bands.row(w));
  }
  const std::map<std::string, std::size_t> classes = core::numbers_of(labels);
  const std::map<std::string, std::size_t> group_numbers = core::numbers_of(groups);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    rows.classes.push_back(classes.at(labels[i]));
    rows.groups.push_back(group_numbers.at(groups[i]));
  }
  data.labels = core::names_of(classes);
  data.groups = core::names_of(group_numbers);
  rows.class_count = classes.size();
  if (!map.empty()) {
    for (const std::string& label : given) ++data.before_map[label];
    for (const std::string& label : labels) ++data.after_map[label];
    data.unused_in_map = map.unused(given);
  }
  core::require(classes.size() >= 2,
                fmt::format("{}: the recordings have {} different labels; expected 2 or more",
                            table.path().string(), classes.size()));
  return data;
}

double Probe::accuracy_of(std::size_t fold) const {
  const Rows decisions = decisions_of(predictions.probabilities);
  double right = 0.0;
  double count = 0.0;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    if (fold_of[i] != folds[fold].fold.name) continue;
    ++count;
    if (decisions[i] == predictions.truth[i]) ++right;
  }
  return right / count;
}

Probe make_probe(const ProbeData& data, const ProbeSplit& split, const ProbeOptions& options) {
  const std::string chosen = chosen_folds(data, split.folds);
  const std::vector<Fold> folds = folds_of(data, chosen, options.seed);
  Probe probe;
  probe.warnings = check_leaks(data, folds, split.allow_leak);
  for (std::string& warning : warn_of_small_classes(data, folds.size())) {
    probe.warnings.push_back(std::move(warning));
  }
  probe.folds = test_folds(data.rows, folds, options);
  probe.fit = chosen == "split" ? probe.folds.front().chosen : choose_and_fit(data.rows, options);
  collect(data, probe);
  probe.predictions.groups = without_gaps(probe.predictions.groups);
  probe.report = report_of(probe.predictions, options.seed, options.bootstrap);
  probe.controls = {majority_control(data.rows, folds), bands_control(data, folds, options),
                    shuffled_control(data.rows, probe.folds, options)};
  return probe;
}

}  // namespace relax_spectro
