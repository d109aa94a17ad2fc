#include "by_recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <tuple>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro::render {
namespace {

/// The same text for all results of the same part of the same file. Empty if the result is
/// unreadable.
std::string identity_of(const NamedResult& named) {
  try {
    const Provenance from = read_result(named.json_path).provenance;
    return fmt::format("{} {} {} {}", from.input.sha256, from.audio.begin_s.value_or(0.0),
                       from.input_end_s(), from.audio.channel.value_or(0));
  } catch (const IoError&) {
    return "";
  }
}

}  // namespace

std::vector<ReportedRecording> by_recording(std::span<const NamedResult> results,
                                            const ResultLabels& labels) {
  std::vector<ReportedRecording> recordings;
  std::map<std::string, std::size_t> places;
  for (const NamedResult& named : results) {
    const std::string identity = identity_of(named);
    const auto [place, is_new] = places.try_emplace(identity, recordings.size());
    if (is_new || identity.empty()) {
      place->second = recordings.size();
      recordings.emplace_back();
    }
    ReportedRecording& recording = recordings[place->second];
    recording.results.push_back(named);
    const auto label = labels.find(named.json_path.lexically_normal());
    if (recording.label.empty() && label != labels.end()) recording.label = label->second;
  }
  std::ranges::stable_sort(recordings, {}, [](const ReportedRecording& recording) {
    return std::tuple(recording.label.empty(), recording.label);
  });
  return recordings;
}

}  // namespace relax_spectro::render
