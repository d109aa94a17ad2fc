#include "overview_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "html.hpp"
#include "report/templates.hpp"

namespace relax_spectro::render {
namespace {

using namespace fmt::literals;

std::string number_cell(std::optional<double> value, int digits) {
  if (!value) return "<td class=\"number\"></td>";
  return fmt::format("<td class=\"number\" data-value=\"{}\">{:.{}f}</td>", *value, *value, digits);
}

/// A range, sorted by its start.
std::string range_cell(const std::optional<TimeFrequencyBox>& box, double TimeFrequencyBox::*low,
                       double TimeFrequencyBox::*high, int digits) {
  if (!box) return "<td class=\"number\"></td>";
  return fmt::format("<td class=\"number\" data-value=\"{}\">{:.{}f}\u2013{:.{}f}</td>",
                     (*box).*low, (*box).*low, digits, (*box).*high, digits);
}

std::string count_cell(std::size_t value) {
  return fmt::format("<td class=\"number\" data-value=\"{0}\">{0}</td>", value);
}

/// Texts are sorted as displayed, with empty ones last.
std::string text_cell(const std::string& text) {
  if (text.empty()) return "<td></td>";
  return fmt::format("<td data-value=\"{0}\">{0}</td>", escape_html(text));
}

struct Column {
  const char* title;
  bool numeric = true;
  std::function<std::string(const OverviewRow&)> cell;
};

std::optional<double> gain(const OverviewRow& row, double FlipFacts::*which) {
  return row.flip ? std::optional((*row.flip).*which) : std::nullopt;
}

std::vector<Column> columns_for(std::span<const OverviewRow> rows) {
  using Row = const OverviewRow&;
  std::vector<Column> columns{
      {"Duration (s)", true, [](Row row) { return number_cell(row.facts.duration_s, 2); }},
      {"Windows", true, [](Row row) { return count_cell(row.facts.windows); }},
      {"Masks", true, [](Row row) { return count_cell(row.facts.masks); }},
      {"Noise / contrast", true,
       [](Row row) { return number_cell(row.facts.noise_to_contrast, 3); }},
      {"Unresolved windows", true,
       [](Row row) { return count_cell(row.facts.unresolved_windows); }},
      {"Peak (s)", true,
       [](Row row) {
         return range_cell(row.facts.peak, &TimeFrequencyBox::begin_s, &TimeFrequencyBox::end_s, 2);
       }},
      {"Peak (Hz)", true, [](Row row) {
         return range_cell(row.facts.peak, &TimeFrequencyBox::low_hz, &TimeFrequencyBox::high_hz,
                           0);
       }}};
  if (std::ranges::any_of(rows, [](Row row) { return row.flip.has_value(); })) {
    columns.push_back({"Gain over loudness", true, [](Row row) {
                         return number_cell(gain(row, &FlipFacts::gain_over_loudness), 3);
                       }});
    columns.push_back({"Gain over chance", true, [](Row row) {
                         return number_cell(gain(row, &FlipFacts::gain_over_chance), 3);
                       }});
    columns.push_back(
        {"Pixel flipping", false, [](Row row) { return text_cell(flip_verdict_text(row.flip)); }});
  }
  if (std::ranges::any_of(rows, [](Row row) { return row.sanity.has_value(); })) {
    columns.push_back(
        {"Sanity", false, [](Row row) { return text_cell(sanity_verdict_text(row.sanity)); }});
  }
  return columns;
}

std::string header_cell(const char* title, bool numeric) {
  return fmt::format(
      "<th scope=\"col\" aria-sort=\"none\" data-kind=\"{}\"><button type=\"button\" "
      "disabled>{}</button></th>\n",
      numeric ? "number" : "text", title);
}

std::size_t count_if(std::span<const OverviewRow> rows,
                     const std::function<bool(const OverviewRow&)>& holds) {
  return static_cast<std::size_t>(std::ranges::count_if(rows, holds));
}

}  // namespace

std::string overview_html(std::span<const OverviewRow> rows) {
  if (rows.empty()) return "<p>No result can be read.</p>";
  const std::vector<Column> columns = columns_for(rows);
  std::string header = header_cell("Recording", false);
  for (const Column& column : columns) header += header_cell(column.title, column.numeric);
  std::string body;
  for (const OverviewRow& row : rows) {
    body +=
        fmt::format("<tr><th scope=\"row\" data-value=\"{1}\"><a href=\"#{0}-name\">{1}</a></th>",
                    row.id, escape_html(row.name));
    for (const Column& column : columns) body += column.cell(row);
    body += "</tr>\n";
  }
  return fmt::format(kOverviewHtml, "header"_a = header, "rows"_a = body);
}

std::string overview_text(std::span<const OverviewRow> rows) {
  const std::size_t resolved =
      count_if(rows, [](const OverviewRow& row) { return row.facts.unresolved_windows == 0; });
  std::string text = fmt::format("{} recording{}: {} resolved", rows.size(),
                                 rows.size() == 1 ? "" : "s", resolved);
  const std::size_t flipped =
      count_if(rows, [](const OverviewRow& row) { return row.flip.has_value(); });
  if (flipped > 0) {
    text += fmt::format(
        "; flipping: {} tested, {} better than loudness, {} better than chance", flipped,
        count_if(rows, [](const OverviewRow& row) { return row.flip && row.flip->beats_loudness; }),
        count_if(rows, [](const OverviewRow& row) { return row.flip && row.flip->beats_chance; }));
  }
  const std::size_t sane =
      count_if(rows, [](const OverviewRow& row) { return row.sanity.has_value(); });
  if (sane > 0) {
    text += fmt::format(
        "; sanity: {} checked, {} passed, {} inconclusive", sane,
        count_if(rows,
                 [](const OverviewRow& row) {
                   return row.sanity && row.sanity->passes.value_or(false);
                 }),
        count_if(rows, [](const OverviewRow& row) { return row.sanity && !row.sanity->passes; }));
  }
  return text + ".";
}

}  // namespace relax_spectro::render
