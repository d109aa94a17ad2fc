#include "result_part.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "curve_plot.hpp"
#include "evaluation/flip_verdict.hpp"
#include "html.hpp"
#include "picture.hpp"
#include "report/templates.hpp"
#include "window_table.hpp"

namespace relax_spectro::render {
namespace {

using namespace fmt::literals;

std::string item(std::string_view text, bool bad = false) {
  return fmt::format("<li{}>{}</li>\n", bad ? " class=\"bad\"" : "", escape_html(text));
}

std::string row(std::string_view name, std::string_view value) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape_html(name),
                     escape_html(value));
}

/// A text as a sentence.
std::string sentence(std::string text) {
  if (text.empty()) return text;
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

/// A row of the table, unless the value is empty.
std::string row_if(std::string_view name, std::string_view value) {
  return value.empty() ? "" : row(name, value);
}

/// The main results, as text.
std::string said_of(const ShownResult& shown) {
  const std::string heard = heard_text(shown.result.explanation);
  std::string said = heard.empty() ? "" : item(sentence(heard));
  said += item(sentence(shown.verdict), shown.facts.unresolved_windows > 0);
  const std::string peak = peak_text(shown);
  if (!peak.empty()) said += item("Most important at " + peak + ".");
  if (shown.flip && shown.flip->flipping.gains) {
    said += item("The map " + verdict_of(*shown.flip->flipping.gains) + ".");
  }
  if (shown.sanity) said += item("Sanity: " + shown.sanity->verdict + ".");
  for (const std::string& error : shown.errors) said += item("Damaged: " + error, true);
  return said;
}

void add_lines(std::string& lines, std::string_view of, const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) lines += item(fmt::format("{}{}", of, warning));
}

std::string warnings_of(const ShownResult& shown) {
  std::string lines;
  add_lines(lines, "", shown.warnings);
  add_lines(lines, "", shown.result.explanation.warnings);
  if (shown.flip) add_lines(lines, "flip: ", shown.flip->flipping.engine.warnings);
  if (shown.sanity) add_lines(lines, "sanity: ", shown.sanity->warnings);
  if (lines.empty()) return "";
  return fmt::format("<details open>\n<summary>Warnings</summary>\n<ul>\n{}</ul>\n</details>\n",
                     lines);
}

std::string numbers_of(const ShownResult& shown) {
  const ResultFacts& facts = shown.facts;
  std::string rows = row("Duration", fmt::format("{:.3f} s", facts.duration_s)) +
                     row("Windows", fmt::format("{}", facts.windows)) +
                     row("Masks, over all windows", fmt::format("{}", facts.masks)) +
                     row("Noise / contrast", facts.noise_to_contrast
                                                 ? fmt::format("{:.4g}", *facts.noise_to_contrast)
                                                 : "a window has none") +
                     row("Unresolved windows", fmt::format("{}", facts.unresolved_windows)) +
                     row_if("Peak of the map", peak_text(shown));
  if (shown.flip && shown.flip->flipping.gains) {
    const FlipGains& gains = *shown.flip->flipping.gains;
    rows += row("Gain over loudness", fmt::format("{:.4g}", gains.over_amplitude)) +
            row("Gain over chance",
                fmt::format("{:.4g} (standard deviation of {} random orders {:.4g})",
                            gains.over_random, gains.random_orders, gains.random_sd)) +
            row("Random orders that the map beats", fmt::format("{}", gains.better_than)) +
            row("LeRF minus MoRF", fmt::format("{:.4g}", gains.morf_lerf_gap));
  }
  return rows + row("Computing time (s)", fmt::format("{:.3g}", facts.seconds));
}

std::string provenance_of(const ShownResult& shown) {
  const Provenance& from = shown.result.provenance;
  std::string rows =
      row("Made by", "relax-spectro " + from.tool_version) +
      row("Command line", from.command_line) + row("Recording", from.input.path.string()) +
      row("SHA-256 of the recording", from.input.sha256) +
      row("Channel", from.audio.channel ? fmt::format("{}", *from.audio.channel) : "mean of all") +
      row("Model", fmt::format("{} ({})", shown.result.card.name, from.model.path.string())) +
      row("SHA-256 of the model", from.model.sha256);
  if (from.probe) {
    rows +=
        row("Probe", from.probe->path.string()) + row("SHA-256 of the probe", from.probe->sha256);
  }
  if (from.audio.begin_s || from.audio.end_s) {
    rows += row(
        "Part of the recording",
        fmt::format("{:.3f} s to {:.3f} s", from.audio.begin_s.value_or(0.0), from.input_end_s()));
  }
  if (from.masks_file) rows += row("Mask file", from.masks_file->path.string());
  if (from.reference) rows += row("Reference", from.reference->path.string());
  rows += row("Seed", fmt::format("{}", shown.result.options.masks.seed)) +
          row("Run with", from.runtime);
  if (shown.flip) rows += row("Flipped by", shown.flip->source.command_line);
  if (shown.sanity) rows += row("Checked for sanity by", shown.sanity->command_line);
  return rows;
}

std::string options_block(std::string_view title, const std::string& json) {
  return fmt::format("<p>{}</p>\n<pre><code>{}</code></pre>\n", title, escape_html(json));
}

}  // namespace

std::string result_html(const ShownResult& shown, const std::string& heading,
                        const std::string& sounds) {
  std::string options_text = options_block("Options of explain", to_json(shown.result.options));
  if (shown.flip) options_text += options_block("Options of flip", to_json(shown.flip->options));
  std::string heading_html;
  if (!heading.empty()) {
    heading_html =
        fmt::format("<h4 id=\"{}-name\" tabindex=\"-1\">{}</h4>\n", shown.id, escape_html(heading));
  }
  return fmt::format(kResultHtml, "id"_a = shown.id, "name"_a = escape_html(shown.name),
                     "heading"_a = heading_html, "said"_a = said_of(shown), "sounds"_a = sounds,
                     "warnings"_a = warnings_of(shown), "picture"_a = picture_html(shown),
                     "windows"_a = windows_html(shown),
                     "curves"_a = shown.flip ? curves_html(*shown.flip, shown.name) : std::string(),
                     "numbers"_a = numbers_of(shown), "provenance"_a = provenance_of(shown),
                     "options"_a = options_text);
}

}  // namespace relax_spectro::render
