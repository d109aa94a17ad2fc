#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string.hpp>
#include <boost/tokenizer.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parse_number.hpp"
#include "relax_spectro/boxes.hpp"
#include "relax_spectro/error.hpp"
#include "relax_spectro/output_file.hpp"
#include "text.hpp"

namespace relax_spectro {
namespace {

using Fields = std::vector<std::string>;

/// Where an error is: in a line of a file.
struct Place {
  const std::filesystem::path& path;
  std::size_t line;

  [[noreturn]] void fail(const std::string& what) const {
    throw IoError(fmt::format("{}: line {}: {}", path.string(), line, what));
  }
};

/// How the fields of a line are kept apart.
struct Separators {
  std::string between;
  std::string quotes;
};

// Boost drops a quote that is doubled within a quoted field. This character, which no text has,
// stands in for it.
constexpr char kDoubledQuote = '\x1f';

/// Gives a field its doubled quotes back. A field of nothing else had quotes around it, too, of
/// which one pair was taken for a doubled one.
std::string with_quotes(std::string field) {
  const bool nothing_else = field.find_first_not_of(kDoubledQuote) == std::string::npos;
  if (nothing_else && !field.empty()) field.pop_back();
  std::ranges::replace(field, kDoubledQuote, '"');
  return boost::algorithm::trim_copy(field);
}

Fields split(std::string line, const Separators& separators, const Place& place) {
  if (!separators.quotes.empty()) {
    boost::algorithm::replace_all(line, "\"\"", std::string(1, kDoubledQuote));
    if (std::ranges::count(line, '"') % 2 != 0) {
      place.fail("a quote is not closed; expected one before and one after a field, in one line");
    }
  }
  const std::string no_escapes;
  const boost::tokenizer tokens(
      line, boost::escaped_list_separator<char>(no_escapes, separators.between, separators.quotes));
  Fields fields;
  for (const std::string& field : tokens) fields.push_back(with_quotes(field));
  return fields;
}

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

/// The columns of a table, found by name, whatever the case of its letters.
class Header {
 public:
  explicit Header(const Fields& names) : names_(names) {
    for (std::size_t i = 0; i < names.size(); ++i) columns_.emplace(core::lower_case(names[i]), i);
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return columns_.contains(core::lower_case(name));
  }
  /// The column's number. @pre it is there.
  [[nodiscard]] std::size_t at(const std::string& name) const {
    return columns_.at(core::lower_case(name));
  }
  /// The first of some names that is there.
  [[nodiscard]] std::optional<std::string> any_of(const Fields& candidates) const {
    const auto found = std::ranges::find_if(candidates, [this](const auto& n) { return has(n); });
    return found == candidates.end() ? std::nullopt : std::optional(*found);
  }
  [[nodiscard]] const Fields& names() const { return names_; }

 private:
  Fields names_;
  std::map<std::string, std::size_t> columns_;
};

/// One line of a table.
class Line {
 public:
  Line(const Header& header, const Place& place, Fields fields)
      : header_(header), place_(place), fields_(std::move(fields)) {
    if (fields_.size() > header.names().size()) {
      place.fail(
          fmt::format("has {} fields, expected {}, as many as the header: quote fields that "
                      "hold a separator",
                      fields_.size(), header.names().size()));
    }
  }
  /// Empty where the column is not there, or the line too short to reach it.
  [[nodiscard]] std::string text(const std::string& column) const {
    if (!header_.has(column)) return "";
    const std::size_t i = header_.at(column);
    return i < fields_.size() ? fields_[i] : "";
  }
  /// A number of 0 or more; `otherwise` where there is none, if that may be.
  [[nodiscard]] double number(const std::string& column, std::optional<double> otherwise) const {
    const std::string field = text(column);
    if (field.empty() && otherwise) return *otherwise;
    double value = 0.0;
    try {
      value = core::parse_number(field, column);
    } catch (const ConfigError&) {
      place_.fail(fmt::format("{} is '{}', expected a number such as 1.25", column, field));
    }
    if (value < 0.0) place_.fail(fmt::format("{} is {}, expected 0 or more", column, field));
    return value;
  }
  [[nodiscard]] const Place& place() const { return place_; }

 private:
  const Header& header_;
  const Place& place_;
  Fields fields_;
};

void require_rising(const Line& line, const std::string& low, double low_value,
                    const std::string& high, double high_value) {
  if (high_value > low_value) return;
  line.place().fail(
      fmt::format("{} is {}, not above {}, {}; expected more: correct or remove the "
                  "line",
                  high, high_value, low, low_value));
}

AnnotatedBox read_box(const Line& line, const ColumnNames& names, const Header& header) {
  AnnotatedBox box;
  box.line = line.place().line;
  box.start_s = line.number(names.start_s, {});
  box.end_s = line.number(names.end_s, {});
  require_rising(line, names.start_s, box.start_s, names.end_s, box.end_s);
  if (const auto column = header.any_of(names.own_start_s)) {
    const double duration_s = box.end_s - box.start_s;
    box.start_s = line.number(*column, box.start_s);
    box.end_s = box.start_s + duration_s;
  }
  box.low_hz = line.number(names.low_hz, box.low_hz);
  box.high_hz = line.number(names.high_hz, box.high_hz);
  require_rising(line, names.low_hz, box.low_hz, names.high_hz, box.high_hz);
  if (const auto column = header.any_of(names.label)) box.label = line.text(*column);
  if (const auto column = header.any_of(names.recording)) box.recording = line.text(*column);
  return box;
}

/// The lines of a text file, without what marks the ends of lines and the start of UTF-8.
Fields lines_of(const std::filesystem::path& path) {
  std::string text = read_text_file(path);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  boost::algorithm::replace_all(text, "\r\n", "\n");
  Fields lines;
  boost::algorithm::split(lines, text, [](char c) { return c == '\n' || c == '\r'; });
  return lines;
}

/// In a table with tabs, quotes are text (Raven never quotes), unless its header is quoted as well.
Separators separators_of(const std::string& header) {
  const bool tabs = header.find('\t') != std::string::npos;
  const bool quotes = !tabs || header.find('"') != std::string::npos;
  return {tabs ? "\t" : ",", quotes ? "\"" : ""};
}

Header read_header(const std::string& line, const Separators& separators, const Place& place) {
  const Header header(split(line, separators, place));
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
  const Fields lines = lines_of(path);
  const Separators separators = separators_of(lines.front());
  const Header header = read_header(lines.front(), separators, {path, 1});
  const ColumnNames& names = header.has(kRaven.start_s) ? kRaven : kCsv;
  BoxTable table{path, header.any_of(names.recording).has_value(), {}};
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (boost::algorithm::trim_copy(lines[i]).empty()) continue;
    const Place place{path, i + 1};
    const Line line(header, place, split(lines[i], separators, place));
    if (is_of_view(line)) table.boxes.push_back(read_box(line, names, header));
  }
  if (table.boxes.empty()) {
    throw IoError(fmt::format("{}: holds no boxes; expected a line for each below the header",
                              path.string()));
  }
  return table;
}

}  // namespace relax_spectro
