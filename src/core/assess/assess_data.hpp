#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "assess/class_probabilities.hpp"
#include "files/labels_table.hpp"
#include "probe/class_report.hpp"

namespace relax_spectro {

/// One of several models that say what recordings are.
struct Member {
  std::string name;  ///< of its file, without endings
  std::filesystem::path path;
  Predictions predictions;
  std::vector<CopyProbabilities> copies = {};  ///< of changed copies of the recordings
  std::vector<std::string> warnings = {};      ///< of its file
};

/// What models say of recordings whose label is known. All members have the same recordings, in the
/// same order, and the same classes.
struct AssessData {
  std::filesystem::path table;          ///< of labels
  std::vector<std::string> files;       ///< of the recordings, as the first member names them
  std::vector<RecordingLabel> rows;     ///< of the table of labels, for each recording
  std::vector<std::string> groups;      ///< names of the groups
  std::vector<Member> members;          ///< at least one
  std::size_t without_label = 0;        ///< recordings that were left out
  std::vector<std::string> not_in_all;  ///< recordings that some member lacks, left out

  /// Warnings of members, and what was left out.
  [[nodiscard]] std::vector<std::string> warnings() const;
};

/// Reads predictions and joins them with labels. Without a column `group`, each recording is a group.
/// @param paths  as of read_class_probabilities, one of each member.
/// @throws IoError      as LabelsTable::of and read_class_probabilities, or a recording is there
///                      twice.
/// @throws ConfigError  as read_class_probabilities. Or members differ in their classes, or lack a
///                      class that recordings have, or no recording is left.
[[nodiscard]] AssessData read_assess_data(const std::vector<std::filesystem::path>& paths,
                                          const LabelsTable& table);

}  // namespace relax_spectro
