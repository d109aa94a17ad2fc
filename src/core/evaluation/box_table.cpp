#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "files/text_table.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/evaluation/boxes.hpp"

namespace relax_spectro {
namespace {

using core::split_fields;
using Fields = core::TableFields;
using Header = core::TableHeader;
using Line = core::TableLine;
using Place = core::TablePlace;
using Separators = core::FieldSeparators;

/// What the columns of a kind of table are called; of several names, the first that is there
/// counts.
struct ColumnNames {
  std::string start_s, end_s, low_hz, high_hz;
  Fields recording, label;
  Fields own_start_s;  ///< when a box begins in its own file, where start_s counts from elsewhere
};

const ColumnNames kCsv{"start_s", "end_s", "low_hz", "high_hz", {"file"}, {"label"}, {}};
const ColumnNames kRaven{"Begin Time (s)",   "End Time (s)", "Low Freq (Hz)",
                         "High Freq (Hz)",   {"Begin File"}, {"Annotation", "Species", "Label"},
                         {"File Offset (s)"}};

void require_rising(const Line& line, const std::string& low, double low_value,
                    const std::string& high, double high_value) {
  if (high_value > low_value) return;
  line.place().fail(
      fmt::format("{} is {}, not above {}, {}; expected more: correct or remove the "
                  "line",
                  high, high_value, low, low_value));
}

/// Moves a box to where it begins in its own file, which a column says.
void move_to_own_start(AnnotatedBox& box, const Line& line, const std::string& column) {
  const double duration_s = box.end_s - box.start_s;
  box.start_s = line.number(column, box.start_s);
  box.end_s = box.start_s + duration_s;
  if (box.end_s > box.start_s && std::isfinite(box.end_s)) return;
  line.place().fail(
      fmt::format("{} is {}, too large for a selection of {} s; expected when it begins in its "
                  "own file, in seconds",
                  column, box.start_s, duration_s));
}

AnnotatedBox read_box(const Line& line, const ColumnNames& names, const Header& header) {
  AnnotatedBox box;
  box.line = line.place().line;
  box.start_s = line.number(names.start_s, {});
  box.end_s = line.number(names.end_s, {});
  require_rising(line, names.start_s, box.start_s, names.end_s, box.end_s);
  if (const auto column = header.any_of(names.own_start_s)) move_to_own_start(box, line, *column);
  box.low_hz = line.number(names.low_hz, box.low_hz);
  box.high_hz = line.number(names.high_hz, box.high_hz);
  require_rising(line, names.low_hz, box.low_hz, names.high_hz, box.high_hz);
  if (const auto column = header.any_of(names.label)) box.label = line.text(*column);
  if (const auto column = header.any_of(names.recording)) box.recording = line.text(*column);
  return box;
}

/// In a table with tabs, quotes are text (Raven never quotes), unless its header is quoted as well.
Separators separators_of(const std::string& header) {
  const bool tabs = header.find('\t') != std::string::npos;
  const bool quotes = !tabs || header.find('"') != std::string::npos;
  return {tabs ? "\t" : ",", quotes ? "\"" : ""};
}

Header read_header(const std::string& line, const Separators& separators, const Place& place) {
  const Header header(split_fields(line, separators, place));
  const ColumnNames& names = header.has(kRaven.start_s) ? kRaven : kCsv;
  for (const std::string& name : {names.start_s, names.end_s}) {
    if (header.has(name)) continue;
    place.fail(
        fmt::format("there is no column {}, but: {}; expected a line of column names, {} and "
                    "{} among them (or those of a selection table of Raven)",
                    name, fmt::join(header.names(), ", "), names.start_s, names.end_s));
  }
  return header;
}

/// Whether a line is of the view that selections are read from.
bool is_of_view(const Line& line) {
  const std::string view = line.text("View");
  return view.empty() || view == "Spectrogram 1";
}

}  // namespace

BoxTable read_boxes(const std::filesystem::path& path) {
  const Fields lines = core::lines_of(path);
  const Separators separators = separators_of(lines.front());
  const Header header = read_header(lines.front(), separators, {path, 1});
  const ColumnNames& names = header.has(kRaven.start_s) ? kRaven : kCsv;
  BoxTable table{path, header.any_of(names.recording).has_value(), {}};
  core::for_each_line(path, lines, header, separators, [&](const Line& line) {
    if (is_of_view(line)) table.boxes.push_back(read_box(line, names, header));
  });
  if (table.boxes.empty()) {
    throw IoError(fmt::format("{}: holds no boxes; expected a line for each below the header",
                              path.string()));
  }
  return table;
}

}  // namespace relax_spectro
