#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/nearest.hpp"
#include "batch/batch_table.hpp"
#include "by_recording.hpp"
#include "finding_part.hpp"
#include "html.hpp"
#include "map_panel.hpp"
#include "overview_table.hpp"
#include "page_frame.hpp"
#include "page_head.hpp"
#include "picture.hpp"
#include "relax_spectro/base/error.hpp"
#include "report/templates.hpp"
#include "result_part.hpp"
#include "shown_result.hpp"
#include "sound.hpp"

namespace relax_spectro {
namespace {

using namespace fmt::literals;
using namespace render;
namespace fs = std::filesystem;

constexpr std::array<std::pair<ReportAudio, std::string_view>, 3> kAudioNames{
    {{ReportAudio::embed, "embed"}, {ReportAudio::link, "link"}, {ReportAudio::none, "none"}}};

/// A file that is not on the page, and the reason.
struct LeftOut {
  std::string name;
  std::string reason;
};

std::string left_out_html(const char* id, const char* heading, const std::vector<LeftOut>& all) {
  if (all.empty()) return "";
  std::string items;
  for (const auto& [name, reason] : all) {
    items +=
        fmt::format("<li><strong>{}</strong>: {}</li>\n", escape_html(name), escape_html(reason));
  }
  return fmt::format(
      "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n<ul class=\"bad\">\n{2}</ul>\n"
      "</section>",
      id, heading, items);
}

/// The end of the colour scale that maps of the same unit share.
using ScaleEnds = std::map<std::string, double>;

ScaleEnds shared_scale_ends(std::span<const NamedResult> results) {
  ScaleEnds ends;
  for (const NamedResult& named : results) {
    try {
      const ShownResult shown = read_shown(named, "");
      double& end = ends[shared_unit(shown.result)];
      end = std::max(end, shown.map.most);
    } catch (const IoError&) {
      continue;  // Report::add() lists it
    }
  }
  return ends;
}

/// The file that stores the sections of recordings until the overview, which comes first, is known.
fs::path waiting_place(fs::path page) {
  return page.replace_extension("recordings" + page.extension().string());
}

}  // namespace

ReportAudio parse_report_audio(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& [audio, known] : kAudioNames) {
    if (known == name) return audio;
    names.push_back(known);
  }
  throw ConfigError(unknown_name("--audio", name, names));
}

std::string_view to_string(ReportAudio audio) {
  return kAudioNames[static_cast<std::size_t>(audio)].second;
}

void ReportOptions::validate() const {
  if (std::isfinite(most_embedded_mib) && most_embedded_mib >= 0.0) return;
  throw ConfigError(
      fmt::format("--audio-limit is {}; expected 0 or more, in MiB", most_embedded_mib));
}

struct Report::Impl {
  Impl(fs::path place, const ReportOptions& chosen, Overwrite overwrite)
      : path(std::move(place)),
        options(chosen),
        recordings(chosen.recordings),
        page(path, overwrite),
        waiting(std::in_place, waiting_place(path), Overwrite::yes),
        sections(waiting->temporary_path(), std::ios::binary) {}

  void check(const std::ostream& stream) const {
    if (stream) return;
    throw IoError(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
  }

  fs::path path;
  ReportOptions options;
  RecordingSearch recordings;
  OutputFile page;
  std::optional<OutputFile> waiting;  ///< never committed
  std::ofstream sections;             ///< writes to `waiting`
  ResultLabels labels;
  PageHead head;
  std::vector<OverviewRow> rows;
  std::size_t recordings_count = 0;
  std::string findings;             ///< sections
  std::vector<LeftOut> damaged;     ///< results
  std::vector<LeftOut> unfinished;  ///< recordings
  bool links_recordings = false;
};

Report::Report(fs::path page, const ReportOptions& options, Overwrite overwrite) {
  options.validate();
  impl_ = std::make_unique<Impl>(std::move(page), options, overwrite);
  impl_->check(impl_->sections);
}

Report::~Report() = default;

std::optional<std::string> Report::add_batch(const fs::path& folder) {
  try {
    for (const BatchRow& row : rows_below(folder)) {
      if (!row.label.empty()) {
        impl_->labels[fs::path(row.result.string() + ".json").lexically_normal()] = row.label;
      }
      if (row.is_unfinished()) {
        impl_->unfinished.push_back(
            {row.file.string(), fmt::format("{}: {}", row.stage, row.reason)});
      }
    }
  } catch (const IoError& error) {
    impl_->damaged.push_back({"The batch's table", error.what()});
    return error.what();
  }
  return std::nullopt;
}

std::optional<std::string> Report::add_finding(const fs::path& json_path) {
  try {
    const Finding finding = finding_of(json_path, fmt::format("finding-{}", impl_->findings.size()),
                                       impl_->options, impl_->path.parent_path());
    impl_->findings += finding.html;
    impl_->links_recordings = impl_->links_recordings || finding.linked;
  } catch (const Error& error) {
    impl_->damaged.push_back({json_path.filename().string(), error.what()});
    return error.what();
  }
  return std::nullopt;
}

std::vector<ReportedRecording> Report::by_recording(std::span<const NamedResult> results) const {
  return render::by_recording(results, impl_->labels);
}

std::vector<ReportedResult> Report::add(const ReportedRecording& recording) {
  Impl& made = *impl_;
  const std::string id = fmt::format("r{}", ++made.recordings_count);
  const bool is_alone = recording.results.size() == 1;
  const ScaleEnds scale_ends = is_alone ? ScaleEnds() : shared_scale_ends(recording.results);
  std::vector<ReportedResult> all;
  std::string name;
  std::string sound_html;
  std::string parts;
  std::map<std::vector<double>, std::string> sounds;  // spectrograms, with the result of each
  for (const NamedResult& named : recording.results) {
    ReportedResult& reported = all.emplace_back();
    ShownResult shown;
    try {
      shown = read_shown(named, fmt::format("{}-{}", id, all.size()));
    } catch (const IoError& error) {
      made.damaged.push_back({named.name, error.what()});
      reported.errors.emplace_back(error.what());
      continue;
    }
    const Provenance& from = shown.result.provenance;
    reported.errors = shown.errors;
    reported.warnings = shown.warnings;
    if (parts.empty()) {
      name = is_alone ? shown.name : from.input.path.filename().string();
      const Sound sound = sound_of({from.input, name, named.json_path}, made.recordings,
                                   made.options, made.path.parent_path());
      sound_html = sound.html;
      made.links_recordings = made.links_recordings || sound.linked;
      if (!sound.warning.empty()) reported.warnings.push_back(sound.warning);
      made.head.add_recording(from.input_duration_s);
    }
    const Sound part_sounds =
        part_sounds_of(named.json_path, shown.name, from.audio.begin_s.value_or(0.0), made.options,
                       made.path.parent_path());
    made.links_recordings = made.links_recordings || part_sounds.linked;
    if (!part_sounds.warning.empty()) reported.warnings.push_back(part_sounds.warning);
    if (!is_alone && shown.map.most > 0.0)
      shown.map.most = scale_ends.at(shared_unit(shown.result));
    shown.sound_id = sounds.try_emplace(shown.map.sound.values, shown.id).first->second;
    made.head.add(shown);
    made.rows.push_back(overview_row(shown, recording.label, (is_alone ? id : shown.id) + "-name"));
    std::string heading;
    if (!is_alone) {
      heading = fmt::format("{}: {}, {}", shown.name, shown.result.card.name, shown.short_score);
    }
    parts += result_html(shown, heading, part_sounds.html);
  }
  if (parts.empty()) return all;
  std::string label;
  if (!recording.label.empty()) {
    label = fmt::format("<p>Label: {}</p>\n", escape_html(recording.label));
  }
  made.sections << fmt::format(kRecordingHtml, "id"_a = id, "name"_a = escape_html(name),
                               "label"_a = label, "sound"_a = sound_html, "results"_a = parts);
  made.check(made.sections);
  return all;
}

void Report::finish(const std::string& title, const std::string& command_line) {
  Impl& made = *impl_;
  made.sections.close();
  made.check(made.sections);
  std::ofstream page(made.page.temporary_path(), std::ios::binary);
  page << fmt::format(
      kPageHtml, "start"_a = page_start(title, kScriptJs, made.links_recordings),
      "title"_a = escape_html(title), "head"_a = made.head.html(),
      "said"_a = made.rows.empty() ? "" : overview_text(made.rows),
      "overview"_a = overview_html(made.rows),
      "left_out"_a =
          left_out_html("unfinished", "Recordings that the batch did not finish", made.unfinished) +
          left_out_html("damaged", "Results that cannot be read", made.damaged),
      "findings"_a = made.findings, "palette"_a = palette_stops());
  if (!made.rows.empty()) {
    page << std::ifstream(made.waiting->temporary_path(), std::ios::binary).rdbuf();
  }
  page << fmt::format(kPageEndHtml, "footer"_a = page_footer(command_line, made.links_recordings),
                      "script"_a = kScriptJs);
  page.close();
  made.check(page);
  made.waiting.reset();
  made.page.commit();
}

}  // namespace relax_spectro
