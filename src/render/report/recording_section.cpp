#include "recording_section.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "curve_plot.hpp"
#include "evaluation/flip_verdict.hpp"
#include "html.hpp"
#include "picture.hpp"
#include "report/templates.hpp"

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

/// A row of the table, unless the value is empty.
std::string row_if(std::string_view name, std::string_view value) {
  return value.empty() ? "" : row(name, value);
}

/// The main results, as text.
std::string said_of(const ReportedRecording& recording) {
  const std::string peak = peak_text(recording.facts);
  std::string said;
  if (!peak.empty()) said += item("Most important at " + peak + ".");
  said += item("The map is " + noise_text(recording.facts) + ".",
               recording.facts.unresolved_windows > 0);
  if (recording.flip && recording.flip->flipping.gains) {
    said += item("The map " + verdict_of(*recording.flip->flipping.gains) + ".");
  }
  if (recording.sanity) said += item("Sanity: " + recording.sanity->verdict + ".");
  for (const std::string& error : recording.errors) said += item("Damaged: " + error, true);
  return said;
}

void add_lines(std::string& lines, std::string_view of, const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) lines += item(fmt::format("{}{}", of, warning));
}

std::string warnings_of(const ReportedRecording& recording) {
  std::string lines;
  add_lines(lines, "", recording.warnings);
  add_lines(lines, "", recording.result.explanation.warnings);
  if (recording.flip) add_lines(lines, "flip: ", recording.flip->flipping.engine.warnings);
  if (recording.sanity) add_lines(lines, "sanity: ", recording.sanity->warnings);
  if (lines.empty()) return "";
  return fmt::format("<details open>\n<summary>Warnings</summary>\n<ul>\n{}</ul>\n</details>\n",
                     lines);
}

std::string numbers_of(const ReportedRecording& recording) {
  const ResultFacts& facts = recording.facts;
  std::string rows = row("Duration", fmt::format("{:.3f} s", facts.duration_s)) +
                     row("Windows", fmt::format("{}", facts.windows)) +
                     row("Masks, over all windows", fmt::format("{}", facts.masks)) +
                     row("Noise / contrast", facts.noise_to_contrast
                                                 ? fmt::format("{:.4g}", *facts.noise_to_contrast)
                                                 : "a window has none") +
                     row("Unresolved windows", fmt::format("{}", facts.unresolved_windows)) +
                     row_if("Peak of the map", peak_text(facts));
  if (recording.flip && recording.flip->flipping.gains) {
    const FlipGains& gains = *recording.flip->flipping.gains;
    rows += row("Gain over loudness", fmt::format("{:.4g}", gains.over_amplitude)) +
            row("Gain over chance",
                fmt::format("{:.4g} (standard deviation of {} random orders {:.4g})",
                            gains.over_random, gains.random_orders, gains.random_sd)) +
            row("Random orders that the map beats", fmt::format("{}", gains.better_than)) +
            row("LeRF minus MoRF", fmt::format("{:.4g}", gains.morf_lerf_gap));
  }
  return rows + row("Computing time (s)", fmt::format("{:.3g}", facts.seconds));
}

std::string windows_of(const ReportedRecording& recording) {
  const std::vector<WindowSummary>& windows = recording.result.explanation.windows;
  if (windows.size() == 1) return "";
  std::string rows;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const WindowSummary& window = windows[i];
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{:.2f}</td><td class=\"number\">{:.2f}"
        "</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n",
        i + 1, window.first_frame_s, window.last_frame_s, window.masks,
        window.noise_to_contrast ? fmt::format("{:.3f}", *window.noise_to_contrast) : "",
        window.resolved() ? "yes" : "no");
  }
  return fmt::format(
      "<div class=\"wide\" role=\"region\" aria-label=\"Windows of {}\" tabindex=\"0\">\n<table>\n"
      "<caption>Windows</caption>\n<thead><tr><th scope=\"col\">Window</th><th scope=\"col\">From "
      "(s)</th><th scope=\"col\">To (s)</th><th scope=\"col\">Masks</th><th scope=\"col\">Noise / "
      "contrast</th><th scope=\"col\">Resolved</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n"
      "</div>",
      escape_html(recording.name), rows);
}

std::string provenance_of(const ReportedRecording& recording) {
  const Provenance& from = recording.result.provenance;
  std::string rows =
      row("Made by", "relax-spectro " + from.tool_version) +
      row("Command line", from.command_line) + row("Recording", from.input.path.string()) +
      row("SHA-256 of the recording", from.input.sha256) +
      row("Channel", from.audio.channel ? fmt::format("{}", *from.audio.channel) : "mean of all") +
      row("Model", fmt::format("{} ({})", recording.result.card.name, from.model.path.string())) +
      row("SHA-256 of the model", from.model.sha256);
  if (from.audio.begin_s || from.audio.end_s) {
    rows += row(
        "Part of the recording",
        fmt::format("{:.3f} s to {:.3f} s", from.audio.begin_s.value_or(0.0), from.input_end_s()));
  }
  if (from.masks_file) rows += row("Mask file", from.masks_file->path.string());
  if (from.reference) rows += row("Reference", from.reference->path.string());
  rows += row("Seed", fmt::format("{}", recording.result.options.masks.seed)) +
          row("Run with", from.runtime);
  if (recording.flip) rows += row("Flipped by", recording.flip->source.command_line);
  if (recording.sanity) rows += row("Checked for sanity by", recording.sanity->command_line);
  return rows;
}

std::string options_block(std::string_view title, const std::string& json) {
  return fmt::format("<p>{}</p>\n<pre><code>{}</code></pre>\n", title, escape_html(json));
}

}  // namespace

std::string section_html(const ReportedRecording& recording, const std::string& sound_html) {
  std::string options_text = options_block("Options of explain", to_json(recording.result.options));
  if (recording.flip) {
    options_text += options_block("Options of flip", to_json(recording.flip->options));
  }
  const std::string curves =
      recording.flip ? curves_html(*recording.flip, recording.name) : std::string();
  return fmt::format(kRecordingHtml, "id"_a = recording.id, "name"_a = escape_html(recording.name),
                     "said"_a = said_of(recording), "warnings"_a = warnings_of(recording),
                     "picture"_a = picture_html(recording), "sound"_a = sound_html,
                     "curves"_a = curves, "numbers"_a = numbers_of(recording),
                     "windows"_a = windows_of(recording), "provenance"_a = provenance_of(recording),
                     "options"_a = options_text);
}

}  // namespace relax_spectro::render
