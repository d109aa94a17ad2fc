#include "shown_result.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "map_panel.hpp"
#include "panel.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "results/verdict.hpp"

namespace relax_spectro::render {
namespace {

namespace fs = std::filesystem;

/// Reads a test beside a result, if it exists. An unreadable one becomes an error message.
template <typename Read>
auto read_beside(const fs::path& json_path, const char* ending, std::vector<std::string>& errors,
                 const Read& read) -> std::optional<decltype(read(json_path))> {
  fs::path path = json_path;
  path.replace_extension(ending);
  if (!fs::exists(path)) return std::nullopt;
  try {
    return read(path);
  } catch (const IoError& error) {
    errors.emplace_back(error.what());
    return std::nullopt;
  }
}

/// Drops tests that belong to another result with the same name.
void drop_tests_of_others(const fs::path& json_path, ShownResult& recording) {
  if (!recording.flip && !recording.sanity) return;
  const std::string sha256 = source_file(json_path).sha256;
  if (recording.flip && recording.flip->source.result.sha256 != sha256) {
    recording.warnings.emplace_back(
        "the flipping beside it belongs to another result with this name and is left out: "
        "run relax-spectro flip again");
    recording.flip.reset();
  }
  if (recording.sanity && recording.sanity->result_sha256 != sha256) {
    recording.warnings.emplace_back(
        "the sanity check beside it belongs to another result with this name and is left out: "
        "run relax-spectro sanity again");
    recording.sanity.reset();
  }
}

}  // namespace

ShownResult read_shown(const NamedResult& named, const std::string& id) {
  ShownResult shown;
  shown.id = shown.sound_id = id;
  shown.name = named.name;
  Result& result = shown.result;
  result = read_result(named.json_path);
  read_arrays(named.json_path, {"spectrogram", "contrast", "standard_error"}, result.explanation);
  shown.facts = result_facts(result);
  shown.map = shown_map(result);
  const std::optional<TimeFrequencyBox>& peak = shown.facts.peak;
  if (peak && is_veiled(shown.map.marks.veils, (peak->begin_s + peak->end_s) / 2.0)) {
    shown.facts.peak.reset();  // it is one of noise
  }
  result.explanation.contrast = {};
  result.explanation.saliency.standard_error = {};
  result.explanation.spectrogram.values = {};
  shown.flip = read_beside(named.json_path, ".flip.json", shown.errors, [](const fs::path& path) {
    FlipResult flip = read_flip(path);
    read_curves(path, flip.flipping);
    return flip;
  });
  shown.sanity = read_beside(named.json_path, ".sanity.json", shown.errors, read_sanity_summary);
  drop_tests_of_others(named.json_path, shown);
  const ScoreSpec& score = result.options.score;
  shown.score = score_words(result);
  shown.short_score = score.compares_embeddings() ? to_string(score) : shown.score;
  shown.verdict = verdict_of(result, shown.flip ? importance_gains(*shown.flip) : nullptr);
  return shown;
}

std::string sanity_verdict_text(const std::optional<SanitySummary>& sanity) {
  if (!sanity) return "";
  if (!sanity->passes) return "inconclusive";
  return *sanity->passes ? "passes" : "does not pass";
}

}  // namespace relax_spectro::render
