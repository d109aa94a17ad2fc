#include "files/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string.hpp>
#include <boost/tokenizer.hpp>
#include <utility>

#include "base/parse_number.hpp"
#include "base/text.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::core {
namespace {

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

}  // namespace

void TablePlace::fail(const std::string& what) const {
  throw IoError(fmt::format("{}: line {}: {}", path.string(), line, what));
}

TableFields split_fields(std::string line, const FieldSeparators& separators,
                         const TablePlace& place) {
  if (!separators.quotes.empty()) {
    boost::algorithm::replace_all(line, "\"\"", std::string(1, kDoubledQuote));
    if (std::ranges::count(line, '"') % 2 != 0) {
      place.fail("a quote is not closed; expected one before and one after a field, in one line");
    }
  }
  const std::string no_escapes;
  const boost::tokenizer tokens(
      line, boost::escaped_list_separator<char>(no_escapes, separators.between, separators.quotes));
  TableFields fields;
  for (const std::string& field : tokens) fields.push_back(with_quotes(field));
  return fields;
}

TableHeader::TableHeader(const TableFields& names) : names_(names) {
  for (std::size_t i = 0; i < names.size(); ++i) columns_.emplace(lower_case(names[i]), i);
}

bool TableHeader::has(const std::string& name) const { return columns_.contains(lower_case(name)); }

std::size_t TableHeader::at(const std::string& name) const { return columns_.at(lower_case(name)); }

std::optional<std::string> TableHeader::any_of(const TableFields& candidates) const {
  const auto found = std::ranges::find_if(candidates, [this](const auto& n) { return has(n); });
  return found == candidates.end() ? std::nullopt : std::optional(*found);
}

TableLine::TableLine(const TableHeader& header, const TablePlace& place, TableFields fields)
    : header_(header), place_(place), fields_(std::move(fields)) {
  if (fields_.size() > header.names().size()) {
    place.fail(
        fmt::format("has {} fields, expected {}, as many as the header: quote fields that "
                    "hold a separator",
                    fields_.size(), header.names().size()));
  }
}

std::string TableLine::text(const std::string& column) const {
  if (!header_.has(column)) return "";
  const std::size_t i = header_.at(column);
  return i < fields_.size() ? fields_[i] : "";
}

double TableLine::number(const std::string& column, std::optional<double> otherwise) const {
  const std::string field = text(column);
  if (field.empty() && otherwise) return *otherwise;
  double value = 0.0;
  try {
    value = parse_number(field, column);
  } catch (const ConfigError&) {
    place_.fail(fmt::format("{} is '{}', expected a number such as 1.25", column, field));
  }
  if (value < 0.0) place_.fail(fmt::format("{} is {}, expected 0 or more", column, field));
  return value;
}

void for_each_line(const std::filesystem::path& path, const std::vector<std::string>& lines,
                   const TableHeader& header, const FieldSeparators& separators,
                   const std::function<void(const TableLine&)>& take) {
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (boost::algorithm::trim_copy(lines[i]).empty()) continue;
    const TablePlace place{path, i + 1};
    take({header, place, split_fields(lines[i], separators, place)});
  }
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::string text = read_text_file(path);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  boost::algorithm::replace_all(text, "\r\n", "\n");
  std::vector<std::string> lines;
  boost::algorithm::split(lines, text, [](char c) { return c == '\n' || c == '\r'; });
  return lines;
}

}  // namespace relax_spectro::core
