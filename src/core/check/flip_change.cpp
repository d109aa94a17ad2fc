#include "check/flip_change.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "relax_spectro/files/source_file.hpp"
#include "results/flip_result.hpp"

namespace relax_spectro::core {
namespace {

// Note [Flip changes]
// The noise of a map changes the order of its units, and so the areas. There is no standard error
// for this change, so its size was measured (scripts/benchmarks/RESULTS.md).
constexpr double kLargestPart = 0.25;

std::filesystem::path flip_path(const std::filesystem::path& result) {
  std::filesystem::path path = result;
  return path.replace_extension(".flip.json");
}

/// How much better the map orders the input than its reverse.
double gap_of(const Flipping& flipping) {
  const auto area = [&flipping](const char* curve) { return flipping.curve(curve).mean_auc(); };
  const std::string& first = flipping.curves.front().name;
  if (first == "morf") return area("lerf") - area("morf");
  if (first == "deletion") return area("insertion") - area("deletion");
  return area("quantus");
}

/// Whether both tests had the same options, except for the seeds of random orders and noise.
bool same_test(FlipResult before, const FlipResult& now) {
  before.options.seed = now.options.seed;
  before.options.fill_seed = now.options.fill_seed;
  return to_json(before.options) == to_json(now.options) && before.source.map == now.source.map;
}

}  // namespace

FlipChange compare_flips(const std::filesystem::path& baseline,
                         const std::filesystem::path& current, std::optional<double> most) {
  if (!std::filesystem::exists(flip_path(baseline)) ||
      !std::filesystem::exists(flip_path(current))) {
    return {};
  }
  const FlipResult before = read_flip(flip_path(baseline));
  const FlipResult now = read_flip(flip_path(current));
  for (const auto& [flip, result] : {std::pair{&before, &baseline}, std::pair{&now, &current}}) {
    if (flip->source.result.sha256 == sha256_of_file(*result)) continue;
    return {std::nullopt, fmt::format("{} is of another result than the {} beside it",
                                      flip_path(*result).string(), result->filename().string())};
  }
  if (!same_test(before, now)) return {std::nullopt, "flip was run with other options"};
  const double gap = gap_of(before.flipping);
  return {CheckedNumber{gap_of(now.flipping) - gap, most.value_or(kLargestPart * std::abs(gap))},
          ""};
}

}  // namespace relax_spectro::core
