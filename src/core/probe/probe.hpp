#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/statistics.hpp"
#include "files/class_map.hpp"
#include "files/labels_table.hpp"
#include "probe/class_report.hpp"
#include "probe/cross_validation.hpp"
#include "results/embedding_file.hpp"

namespace relax_spectro {

/// Recordings with a label, for a probe.
struct ProbeData {
  std::vector<std::string> files;
  std::vector<std::string> labels;  ///< of the classes, sorted
  std::vector<std::string> groups;  ///< names of the groups, sorted
  LabelledRows rows;                ///< the features are embeddings
  Array2d<double> bands;            ///< [recording, 2 · bands]: see Embeddings
  Array2d<double> window_bands;     ///< the same of each of rows.windows
  std::vector<std::string> folds;   ///< of each recording; empty if the table has no such column
  std::vector<std::string> splits;  ///< the same
  std::size_t without_label = 0;    ///< recordings that were left out
  /// How many recordings have each label, before and after the map. Empty without a map.
  std::map<std::string, std::size_t> before_map;
  std::map<std::string, std::size_t> after_map;
  std::vector<std::string> unused_in_map;  ///< classes of the map that no recording has
};

/// Joins embeddings and labels. If embeddings have windows, the probe learns from these. It is tested
/// on whole recordings: the mean logit of windows is the logit of their mean embedding.
///
/// Recordings whose label is empty are left out. Without a column
/// `group`, each recording is a group.
/// @param map  of the labels. Recordings of a dropped class are left out.
/// @throws IoError      as LabelsTable::of.
/// @throws ConfigError  there are fewer than two classes.
[[nodiscard]] ProbeData probe_data(const RecordingEmbeddings& embeddings, const LabelsTable& table,
                                   const ClassMap& map = {});

/// How a probe is tested.
struct ProbeSplit {
  std::string folds =
      "auto";               ///< "fold" or "split": a column; a number; "auto": a column, or else 5
  bool allow_leak = false;  ///< test although groups straddle folds
};

/// An accuracy to compare with.
struct Control {
  double accuracy = 0.0;
  Interval interval;
};

struct Controls {
  Control majority;         ///< decides for the most frequent class; with its Wilson interval
  Control bands;            ///< a probe on the mean and SD of each band; with its Wilson interval
  Control shuffled_labels;  ///< the mean of 20 fits of shuffled labels; with their range
};

/// A classifier on embeddings, and what it is worth.
struct Probe {
  ChosenFit fit;  ///< of all recordings, or of the training part of a split
  std::vector<TestedFold> folds;
  Rows tested;                       ///< the recordings of `predictions` and `logits`
  std::vector<std::string> fold_of;  ///< of each of these
  Array2d<double> logits;            ///< [tested recording, class], by the fit without its fold
  Predictions predictions;
  ClassReport report;
  Controls controls;
  std::vector<std::string> warnings;

  /// The share of right decisions of a fold. @param fold  its number
  [[nodiscard]] double accuracy_of(std::size_t fold) const;
};

/// Fits a probe and tests it on folds.
/// @throws ConfigError  the folds are not valid, or groups straddle them; or as choose_and_fit.
[[nodiscard]] Probe make_probe(const ProbeData& data, const ProbeSplit& split,
                               const ProbeOptions& options);

}  // namespace relax_spectro
