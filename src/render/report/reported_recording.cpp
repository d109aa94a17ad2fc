#include "reported_recording.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/provenance.hpp"

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
void drop_tests_of_others(const fs::path& json_path, ReportedRecording& recording) {
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

ReportedRecording read_recording(const NamedResult& result, const std::string& id) {
  ReportedRecording recording;
  recording.id = id;
  recording.name = result.name;
  recording.result = read_result(result.json_path);
  read_arrays(result.json_path, {"spectrogram", "contrast"}, recording.result.explanation);
  recording.facts = result_facts(recording.result);
  recording.flip =
      read_beside(result.json_path, ".flip.json", recording.errors, [](const fs::path& path) {
        FlipResult flip = read_flip(path);
        read_curves(path, flip.flipping);
        return flip;
      });
  recording.sanity =
      read_beside(result.json_path, ".sanity.json", recording.errors, read_sanity_summary);
  drop_tests_of_others(result.json_path, recording);
  return recording;
}

std::string flip_verdict_text(const std::optional<FlipFacts>& flip) {
  if (!flip) return "";
  if (flip->beats_loudness) return flip->beats_chance ? "beats both" : "beats loudness only";
  return flip->beats_chance ? "beats chance only" : "beats neither";
}

std::string sanity_verdict_text(const std::optional<SanitySummary>& sanity) {
  if (!sanity) return "";
  if (!sanity->passes) return "inconclusive";
  return *sanity->passes ? "passes" : "does not pass";
}

}  // namespace relax_spectro::render
