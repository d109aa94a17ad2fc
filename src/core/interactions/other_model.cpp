#include "interactions/other_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <system_error>

#include "base/multiple_tests.hpp"
#include "base/require.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

std::filesystem::path path_in(const std::filesystem::path& folder, const std::string& stem) {
  return folder / (stem + ".interactions.json");
}

}  // namespace

void check_other_folder(const std::filesystem::path& folder, const std::filesystem::path& output,
                        const std::vector<std::string>& stems) {
  std::error_code absent;
  core::require(
      !std::filesystem::equivalent(folder, output, absent),
      fmt::format("--against {}: is the folder of the output (-o) too, so the results of one model "
                  "would replace the other's; name another folder for -o",
                  folder.string()));
  if (std::ranges::any_of(stems, [&](const std::string& stem) {
        return std::filesystem::exists(path_in(folder, stem), absent);
      })) {
    return;
  }
  throw IoError(fmt::format(
      "--against {}: {}; expected the folder with the first model's results, such as {}: run the "
      "first model on these recordings with -o {}",
      folder.string(),
      std::filesystem::is_directory(folder, absent) ? "has no result of these recordings"
                                                    : "no such folder",
      path_in("", stems.front()).string(), folder.string()));
}

OtherResult read_other(const std::filesystem::path& folder, const std::string& stem) {
  const std::filesystem::path path = path_in(folder, stem);
  return {path, read_interactions(path)};
}

void require_comparable(const InteractionResult& result, std::span<const CellGroup> parts,
                        const InteractionResult& other, const std::filesystem::path& other_path) {
  const auto require_same = [&](const char* what, const std::string& there,
                                const std::string& here) {
    core::require(there == here, fmt::format("{}: {} is {}, here {}; expected the same",
                                             other_path.string(), what, there, here));
  };
  require_same("the recording's SHA-256", other.provenance.input.sha256,
               result.provenance.input.sha256);
  require_same("--context", std::string(to_string(other.options.context)),
               std::string(to_string(result.options.context)));
  require_same("--score", to_string(other.options.score), to_string(result.options.score));
  require_same("--fill", to_string(other.options.fill), to_string(result.options.fill));
  const auto differs = [](const CellGroup& a, const CellGroup& b) {
    const auto is_far = [](double x, double y, double size) { return std::abs(x - y) > size / 10; };
    const double seconds = a.box.end_s - a.box.begin_s;
    const double hertz = a.box.high_hz - a.box.low_hz;
    return is_far(a.box.begin_s, b.box.begin_s, seconds) ||
           is_far(a.box.end_s, b.box.end_s, seconds) || is_far(a.box.low_hz, b.box.low_hz, hertz) ||
           is_far(a.box.high_hz, b.box.high_hz, hertz);
  };
  const std::vector<CellGroup>& others = other.found.groups;
  require_same("the number of parts", fmt::to_string(others.size()), fmt::to_string(parts.size()));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!differs(parts[i], others[i])) continue;
    const auto text = [](const TimeFrequencyBox& box) {
      return fmt::format("{:.0f}–{:.0f} Hz, {:.2f}–{:.2f} s", box.low_hz, box.high_hz, box.begin_s,
                         box.end_s);
    };
    throw ConfigError(fmt::format("{}: part {} is {}, here {}; expected the same parts",
                                  other_path.string(), i, text(others[i].box), text(parts[i].box)));
  }
}

std::string verdict_of_difference(const MeanEffects& mean, const std::vector<CellGroup>& groups) {
  const PairEffects& effects = mean.effects;
  const std::vector<CellPair> pairs = pairs_by_size(effects);
  const auto parts = [&](const CellPair& pair) {
    return group_text(groups, pair.first) + " and " + group_text(groups, pair.second);
  };
  const double smallest = smallest_sign_flip_p(mean.groups);
  if (smallest > 0.05) {
    std::size_t enough = mean.groups;
    while (smallest_sign_flip_p(enough) > 0.05) ++enough;
    return fmt::format(
        "{} differ most ({:+.3g}). Chance is not ruled out: the smallest {} is possible with {} "
        "group{} of recordings. Give {} or more.",
        parts(pairs.front()), effects.interaction(pairs.front().first, pairs.front().second),
        p_text(smallest), mean.groups, mean.groups == 1 ? "" : "s", enough);
  }
  const auto shown =
      std::ranges::find_if(pairs, [&](const CellPair& pair) { return is_shown(effects, pair); });
  if (shown == pairs.end()) {
    return fmt::format("No pair differs beyond chance (smallest {}, {} groups of recordings).",
                       p_text(std::ranges::min(effects.p_adjusted->values)), mean.groups);
  }
  const double value = effects.interaction(shown->first, shown->second);
  return fmt::format(
      "{} are needed together {} than by the other model ({:+.3g}, {}, {} groups of recordings).",
      parts(*shown), value > 0.0 ? "more" : "less", value,
      p_text((*effects.p_adjusted)(shown->first, shown->second)), mean.groups);
}

}  // namespace relax_spectro
