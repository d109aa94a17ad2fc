#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "evaluation/boxes.hpp"
#include "files/table_columns.hpp"
#include "files/text_table.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

using core::TableHeader;
using core::TableLine;
using core::TextTable;

/// The columns with the times and frequencies of a box in one kind of table.
struct BoxColumns {
  std::string start_s;
  std::string end_s;
  std::string low_hz;
  std::string high_hz;
  std::string own_start_s = {};  ///< start in the box's own file, if start_s counts through several
                                 ///< files
  bool end_is_duration = false;
};

/// A table is of the first kind whose start and end columns it has.
const std::array kKinds{
    BoxColumns{"start_s", "end_s", "low_hz", "high_hz"},
    BoxColumns{"Begin Time (s)", "End Time (s)", "Low Freq (Hz)", "High Freq (Hz)",
               "File Offset (s)"},                               // Raven
    BoxColumns{"Start (s)", "End (s)", "low_hz", "high_hz"},     // BirdNET
    BoxColumns{"start_time", "end_time", "low_f", "high_f"},     // OpenSoundscape
    BoxColumns{"onset", "offset", "low_hz", "high_hz"},          // DCASE
    BoxColumns{"OFFSET", "DURATION", "Fmin", "Fmax", {}, true},  // Kaleidoscope
    BoxColumns{"start", "end", "low_hz", "high_hz"},
};

// Audacity labels have no header. A second line, which begins with a backslash, has frequencies.
const core::TableFields kAudacity{"start_s", "end_s", "label"};
constexpr const char* kFrequencyLine = "\\";

// Kaleidoscope has separate columns for the folders of a recording.
const core::TableFields kFolderColumns{"INDIR", "FOLDER"};

void require_rising(const TableLine& line, const std::string& low, double low_value,
                    const std::string& high, double high_value) {
  if (high_value > low_value) return;
  line.place().fail(
      fmt::format("{} is {}, not above {}, {}; expected more: correct or remove the line", high,
                  high_value, low, low_value));
}

/// Moves a box to its start in its own file, if that column exists.
void move_to_own_start(AnnotatedBox& box, const TableLine& line, const std::string& column) {
  const double duration_s = box.end_s - box.start_s;
  box.start_s = line.number(column, box.start_s);
  box.end_s = box.start_s + duration_s;
  if (box.end_s > box.start_s && std::isfinite(box.end_s)) return;
  line.place().fail(
      fmt::format("{} is {}, too large for a selection of {} s; expected when it begins in its "
                  "own file, in seconds",
                  column, box.start_s, duration_s));
}

std::string recording_of(const TableLine& line) {
  std::string recording = line.text_of_any(core::kRecordingColumns);
  if (recording.empty()) return recording;
  std::string folders;
  for (const std::string& column : kFolderColumns) {
    if (const std::string folder = line.text(column); !folder.empty()) folders += folder + "/";
  }
  return folders + recording;
}

AnnotatedBox read_box(const TableLine& line, const BoxColumns& columns) {
  AnnotatedBox box;
  box.line = line.place().line;
  box.start_s = line.number(columns.start_s, {});
  box.end_s = line.number(columns.end_s, {});
  if (columns.end_is_duration) box.end_s += box.start_s;
  require_rising(line, columns.start_s, box.start_s, columns.end_s, box.end_s);
  move_to_own_start(box, line, columns.own_start_s);
  box.low_hz = line.number(columns.low_hz, box.low_hz);
  box.high_hz = line.number(columns.high_hz, box.high_hz);
  require_rising(line, columns.low_hz, box.low_hz, columns.high_hz, box.high_hz);
  box.label = line.text_of_any(core::kLabelColumns);
  box.recording = recording_of(line);
  return box;
}

const BoxColumns& kind_of(const TextTable& table) {
  const TableHeader& header = table.header();
  const auto kind = std::ranges::find_if(kKinds, [&header](const BoxColumns& columns) {
    return header.has(columns.start_s) && header.has(columns.end_s);
  });
  if (kind != kKinds.end()) return *kind;
  const BoxColumns& nearest = header.has(kKinds[1].start_s) ? kKinds[1] : kKinds[0];
  table.fail_at_header(
      fmt::format("there is no column {}, only: {}; "
                  "expected column names that include {} and {} (or a table of Raven, "
                  "BirdNET or Kaleidoscope)",
                  header.has(nearest.start_s) ? nearest.end_s : nearest.start_s,
                  fmt::join(header.names(), ", "), nearest.start_s, nearest.end_s));
}

/// Adds boxes to a table. Raven repeats a selection for each view in which it is visible.
class Boxes {
 public:
  explicit Boxes(BoxTable& table) : table_(&table) {}

  void add(AnnotatedBox box, const TableLine& line) {
    const std::string selection = line.text("Selection");
    if (!selection.empty() && !line.text("View").empty()) {
      const auto [known, is_new] = selections_.emplace(
          std::tuple(selection, box.recording, box.start_s, box.end_s), table_->boxes.size());
      if (!is_new && narrow(table_->boxes[known->second], box)) return;
    }
    table_->boxes.push_back(std::move(box));
  }

 private:
  /// Takes frequency limits from another view of the same box. A waveform view has either none or
  /// the full range.
  static bool narrow(AnnotatedBox& box, const AnnotatedBox& other_view) {
    const double low_hz = std::max(box.low_hz, other_view.low_hz);
    const double high_hz = std::min(box.high_hz, other_view.high_hz);
    if (low_hz >= high_hz) return false;
    box.low_hz = low_hz;
    box.high_hz = high_hz;
    if (box.label.empty()) box.label = other_view.label;
    return true;
  }

  BoxTable* table_;
  std::map<std::tuple<std::string, std::string, double, double>, std::size_t> selections_;
};

/// Adds the frequencies in the line below an Audacity label. Negative ones mean none.
void add_frequencies(AnnotatedBox& box, const TableLine& line) {
  const auto limit = [&line](const std::string& column, double otherwise) {
    return line.text(column).starts_with('-') ? otherwise : line.number(column, otherwise);
  };
  box.low_hz = limit("end_s", box.low_hz);
  box.high_hz = limit("label", box.high_hz);
  require_rising(line, "the lower frequency", box.low_hz, "the higher frequency", box.high_hz);
}

/// Checks that either all boxes name their recording or none does.
void require_recordings(const BoxTable& table) {
  for (const AnnotatedBox& box : table.boxes) {
    if (!table.names_recordings || !box.recording.empty()) continue;
    core::TablePlace{table.path, box.line}.fail(
        "names no recording, but other lines do; expected the name of its file");
  }
}

}  // namespace

BoxTable read_boxes(const std::filesystem::path& path) {
  const TextTable text(path, kAudacity);
  const BoxColumns& columns = kind_of(text);
  BoxTable table{path, false, {}};
  Boxes boxes(table);
  text.for_each_line([&](const TableLine& line) {
    if (line.text(columns.start_s) == kFrequencyLine && !table.boxes.empty()) {
      add_frequencies(table.boxes.back(), line);
    } else {
      boxes.add(read_box(line, columns), line);
    }
  });
  if (table.boxes.empty()) {
    throw IoError(fmt::format("{}: holds no boxes; expected a line for each below the header",
                              path.string()));
  }
  table.names_recordings = std::ranges::any_of(
      table.boxes, [](const AnnotatedBox& box) { return !box.recording.empty(); });
  require_recordings(table);
  return table;
}

}  // namespace relax_spectro
