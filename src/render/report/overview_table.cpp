#include "overview_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "html.hpp"
#include "picture.hpp"
#include "report/templates.hpp"

namespace relax_spectro::render {
namespace {

using namespace fmt::literals;

constexpr const char* kWordy = " class=\"wordy\"";
constexpr const char* kLabel = "Label";
constexpr const char* kGain = "Gain over loudness / chance";

bool is_labelled(std::span<const OverviewRow> rows) {
  return std::ranges::any_of(rows, [](const OverviewRow& row) { return !row.label.empty(); });
}

/// @param title  of its column, for narrow screens.
std::string number_cell(const char* title, std::optional<double> value, int digits) {
  if (!value) return "<td class=\"number\"></td>";
  return fmt::format("<td class=\"number\" data-title=\"{}\" data-value=\"{}\">{:.{}f}</td>", title,
                     *value, *value, digits);
}

/// Texts are sorted as displayed, with empty ones last.
std::string text_cell(const std::string& text, const char* attributes = "") {
  if (text.empty()) return "<td></td>";
  return fmt::format("<td{1} data-value=\"{0}\">{0}</td>", escape_html(text), attributes);
}

struct Column {
  const char* title;
  bool numeric = true;
  std::function<std::string(const OverviewRow&)> cell;
};

Column text_column(const char* title, std::string OverviewRow::*text, const char* attributes = "") {
  return {title, false,
          [text, attributes](const OverviewRow& row) { return text_cell(row.*text, attributes); }};
}

/// Both gains; sorted by the first.
std::string gain_cell(const OverviewRow& row) {
  if (!row.flip) return "<td class=\"number\"></td>";
  return fmt::format(
      "<td class=\"number\" data-title=\"{}\" data-value=\"{}\">{:.2f} / {:.2f}</td>", kGain,
      row.flip->gain_over_loudness, row.flip->gain_over_loudness, row.flip->gain_over_chance);
}

std::string recording_cell(const OverviewRow& row) {
  return fmt::format("<th scope=\"row\" data-value=\"{1}\"><a href=\"#{0}\">{1}</a></th>",
                     row.target, escape_html(row.name));
}

std::vector<Column> columns_for(std::span<const OverviewRow> rows) {
  using Row = const OverviewRow&;
  const auto differs = [rows](std::string OverviewRow::*text) {
    return std::ranges::any_of(rows, [&](Row row) { return row.*text != rows.front().*text; });
  };
  const auto any = [rows](auto has) { return std::ranges::any_of(rows, has); };
  std::vector<Column> columns{{"Recording", false, recording_cell}};
  if (is_labelled(rows)) columns.push_back(text_column(kLabel, &OverviewRow::label));
  if (differs(&OverviewRow::model)) columns.push_back(text_column("Model", &OverviewRow::model));
  if (differs(&OverviewRow::score)) columns.push_back(text_column("Score", &OverviewRow::score));
  if (any([](Row row) { return !row.heard.empty(); })) {
    columns.push_back(text_column("Heard", &OverviewRow::heard, kWordy));
  }
  columns.push_back({"Noise", true,
                     [](Row row) { return number_cell("Noise", row.facts.noise_to_contrast, 2); }});
  columns.push_back(text_column("Verdict", &OverviewRow::verdict, kWordy));
  if (any([](Row row) { return row.flip.has_value(); })) {
    columns.push_back({kGain, true, gain_cell});
  }
  if (any([](Row row) { return row.sanity.has_value(); })) {
    columns.push_back(
        {"Sanity", false, [](Row row) { return text_cell(sanity_verdict_text(row.sanity)); }});
  }
  return columns;
}

std::string header_cell(const Column& column, bool is_sorted) {
  return fmt::format(
      "<th scope=\"col\" aria-sort=\"{}\" data-kind=\"{}\"><button type=\"button\" "
      "disabled>{}</button></th>\n",
      is_sorted ? "ascending" : "none", column.numeric ? "number" : "text", column.title);
}

std::size_t count_if(std::span<const OverviewRow> rows,
                     const std::function<bool(const OverviewRow&)>& holds) {
  return static_cast<std::size_t>(std::ranges::count_if(rows, holds));
}

/// A summary of some results, as far as their maps can be read.
std::string resolved_text(std::span<const OverviewRow> rows) {
  const std::size_t resolved =
      count_if(rows, [](const OverviewRow& row) { return row.facts.unresolved_windows == 0; });
  return fmt::format("{} map{}: {} resolved", rows.size(), rows.size() == 1 ? "" : "s", resolved);
}

/// Begins a group of the table with its heading. @param rows  from the first of the group on.
std::string group_html(std::span<const OverviewRow> rows, std::size_t columns) {
  const std::string& label = rows.front().label;
  const auto end =
      std::ranges::find_if(rows, [&label](const OverviewRow& row) { return row.label != label; });
  return fmt::format(
      "</tbody>\n<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{} "
      "<span>{}</span></th></tr>\n",
      columns, label.empty() ? "without a label" : escape_html(label),
      resolved_text(std::span(rows.begin(), end)));
}

}  // namespace

OverviewRow overview_row(const ShownResult& shown, const std::string& label,
                         const std::string& target) {
  OverviewRow row;
  row.target = target;
  row.name = shown.name;
  row.label = label;
  row.model = shown.result.card.name;
  row.score = shown.short_score;
  row.thumbnail_html = thumbnail_html(shown);
  row.heard = to_string(heard_in_recording(shown.result.explanation));
  row.verdict = shown.verdict;
  row.facts = shown.facts;
  if (shown.flip) row.flip = flip_facts(*shown.flip);
  row.sanity = shown.sanity;
  return row;
}

std::string overview_html(std::span<const OverviewRow> rows) {
  if (rows.empty()) return "<p>There is no map.</p>";
  const std::vector<Column> columns = columns_for(rows);
  std::string header = "<th scope=\"col\">Map</th>\n";
  for (const Column& column : columns)
    header += header_cell(column, std::string_view(column.title) == kLabel);
  std::string bodies = "<tbody>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const OverviewRow& row = rows[i];
    if (is_labelled(rows) && (i == 0 || row.label != rows[i - 1].label)) {
      bodies += group_html(rows.subspan(i), columns.size() + 1);
    }
    bodies += fmt::format("<tr><td>{}</td>", row.thumbnail_html);
    for (const Column& column : columns) bodies += column.cell(row);
    bodies += "</tr>\n";
  }
  return fmt::format(kOverviewHtml, "header"_a = header, "bodies"_a = bodies + "</tbody>\n");
}

std::string overview_text(std::span<const OverviewRow> rows) {
  std::string text = resolved_text(rows);
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
