#include "files/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string.hpp>
#include <boost/tokenizer.hpp>
#include <utility>

#include "base/parse_number.hpp"
#include "base/text.hpp"
#include "files/unicode_text.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::core {
namespace {

// Boost drops a doubled quote inside a quoted field. This character, which no text contains,
// replaces it during parsing.
constexpr char kDoubledQuote = '\x1f';

/// Restores the doubled quotes of a field. If a field consists of quotes only, one pair was its
/// outer quotes and was mistaken for a doubled quote.
std::string with_quotes(std::string field) {
  const bool nothing_else = field.find_first_not_of(kDoubledQuote) == std::string::npos;
  if (nothing_else && !field.empty()) field.pop_back();
  std::ranges::replace(field, kDoubledQuote, '"');
  return boost::algorithm::trim_copy(field);
}

bool is_empty_row(const std::string& line) {
  return line.find_first_not_of(" \t,;\"") == std::string::npos;
}

/// The separator of a header: the most frequent of tabs, semicolons and commas.
FieldSeparators separators_of(const std::string& header) {
  FieldSeparators separators;
  long most = 0;
  for (const char candidate : {'\t', ';', ','}) {
    bool quoted = false;
    const long found = std::ranges::count_if(header, [&](char c) {
      quoted = quoted != (c == '"');
      return c == candidate && !quoted;
    });
    if (found > most) separators.between = candidate;
    most = std::max(most, found);
  }
  // Raven never quotes.
  const bool has_quotes = header.find('"') != std::string::npos;
  if (separators.between == "\t" && !has_quotes) separators.quotes.clear();
  return separators;
}

bool begins_with_number(const std::string& line) {
  const std::string field = boost::algorithm::trim_copy(line.substr(0, line.find('\t')));
  return !field.empty() && field.find_first_not_of("0123456789.,") == std::string::npos;
}

std::string column_key(const std::string& name) {
  std::string key = lower_case(name);
  std::ranges::replace(key, '_', ' ');
  return key;
}

}  // namespace

void TablePlace::fail(const std::string& what) const {
  throw IoError(fmt::format("{}: line {}: {}", path.string(), line, what));
}

TableHeader::TableHeader(TableFields names) : names_(std::move(names)) {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!names_[i].empty()) columns_.emplace(column_key(names_[i]), i);
  }
}

std::optional<std::size_t> TableHeader::column(const std::string& name) const {
  const auto found = columns_.find(column_key(name));
  return found == columns_.end() ? std::nullopt : std::optional(found->second);
}

bool TableHeader::has_any_of(const TableFields& candidates) const {
  return std::ranges::any_of(candidates, [this](const auto& name) { return has(name); });
}

TableLine::TableLine(const TextTable& table, const TablePlace& place, TableFields fields)
    : table_(table), place_(place), fields_(std::move(fields)) {
  const std::size_t expected = table.header().names().size();
  while (fields_.size() > expected && fields_.back().empty()) fields_.pop_back();
  if (fields_.size() <= expected) return;
  place_.fail(
      fmt::format("has {} fields, expected {}, as many as the header: {}", fields_.size(), expected,
                  table.separators().quotes.empty() ? "no field may hold a tab"
                                                    : "quote fields that hold a separator"));
}

std::string TableLine::text(const std::string& column) const {
  const std::optional<std::size_t> i = table_.header().column(column);
  return i && *i < fields_.size() ? fields_[*i] : "";
}

std::string TableLine::text_of_any(const TableFields& columns) const {
  for (const std::string& column : columns) {
    if (std::string found = text(column); !found.empty()) return found;
  }
  return "";
}

double TableLine::number(const std::string& column, std::optional<double> otherwise) const {
  const std::string field = text(column);
  if (field.empty() && otherwise) return *otherwise;
  std::string number = field;
  if (table_.separators().between != "," && field.find('.') == std::string::npos) {
    boost::algorithm::replace_first(number, ",", ".");
  }
  double value = 0.0;
  try {
    value = parse_number(number, column);
  } catch (const ConfigError&) {
    place_.fail(fmt::format("{} is '{}', expected a number such as 1.25", column, field));
  }
  if (value < 0.0) place_.fail(fmt::format("{} is {}, expected 0 or more", column, field));
  return value;
}

TextTable::TextTable(std::filesystem::path path, const TableFields& without_header)
    : path_(std::move(path)), lines_(lines_of(path_)) {
  const auto first = std::ranges::find_if_not(lines_, is_empty_row);
  std::size_t header = first == lines_.end() ? 0 : static_cast<std::size_t>(first - lines_.begin());
  // Excel names the separator in a line of its own.
  if (lower_case(lines_[header]).starts_with("sep=") && header + 1 < lines_.size()) ++header;
  header_line_ = header + 1;
  separators_ = separators_of(lines_[header]);
  if (separators_.between == "\t" && !without_header.empty() &&
      begins_with_number(lines_[header])) {
    header_line_ = header;
    separators_.quotes.clear();
    header_ = TableHeader(without_header);
    return;
  }
  header_ = TableHeader(split(lines_[header], {path_, header_line_}));
}

void TextTable::fail_at_header(const std::string& what) const {
  TablePlace{path_, header_line_}.fail(what);
}

TableFields TextTable::split(const std::string& line, const TablePlace& place) const {
  std::string text = line;
  if (!separators_.quotes.empty()) {
    boost::algorithm::replace_all(text, "\"\"", std::string(1, kDoubledQuote));
    if (std::ranges::count(text, '"') % 2 != 0) {
      place.fail("a quote is not closed; expected a quote before and after the field, on one line");
    }
  }
  const std::string no_escapes;
  const boost::tokenizer tokens(text, boost::escaped_list_separator<char>(
                                          no_escapes, separators_.between, separators_.quotes));
  TableFields fields;
  for (const std::string& field : tokens) fields.push_back(with_quotes(field));
  return fields;
}

void TextTable::for_each_line(const std::function<void(const TableLine&)>& take) const {
  for (std::size_t i = header_line_; i < lines_.size(); ++i) {
    if (is_empty_row(lines_[i])) continue;
    const TablePlace place{path_, i + 1};
    take({*this, place, split(lines_[i], place)});
  }
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::string text = read_text_file(path);
  if (const auto decoded = utf8_of_utf16(text)) {
    text = *decoded;
  } else if (text.starts_with("\xEF\xBB\xBF")) {
    text.erase(0, 3);
  }
  if (text.find('\0') != std::string::npos) {
    throw IoError(
        fmt::format("{}: contains zero bytes, so it is not a text file; "
                    "save it as CSV or text in UTF-8",
                    path.string()));
  }
  boost::algorithm::replace_all(text, "\r\n", "\n");
  std::vector<std::string> lines;
  boost::algorithm::split(lines, text, [](char c) { return c == '\n' || c == '\r'; });
  for (std::string& line : lines) line = as_utf8(line);
  return lines;
}

}  // namespace relax_spectro::core
