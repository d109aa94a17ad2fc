#include "cli/presets.hpp"

#include <algorithm>
#include <vector>

#include "base/nearest.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::cli {
namespace {

ExplainOptions published(MaskFamily family, std::size_t masks, Estimator estimator) {
  ExplainOptions options;
  options.masks.family = family;
  options.masks.design = DesignKind::independent;
  options.masks.count = masks;
  options.estimator = estimator;
  return options;
}

ExplainOptions relax_package() {
  ExplainOptions options = published(MaskFamily::random, 3000, Estimator::mask_sum);
  options.uncertainty = UncertaintyScale::unnormalised;
  return options;
}

ExplainOptions rise() {
  ExplainOptions options = published(MaskFamily::rise, 8000, Estimator::expected);
  options.score = parse_score("prob:top");
  return options;
}

/// A line for each preset, for --help.
std::string presets_text() {
  std::string text;
  for (const Preset& preset : presets()) {
    text += (text.empty() ? "" : "; ") + preset.name + ": " + preset.reproduces;
  }
  return text;
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all{
      {"relax-package", "package relax-xai 0.0.5: 3000 masks, R = sum(s M) / sum(M), U not divided",
       relax_package()},
      {"relax-paper",
       "RELAX as printed (IJCV 2023): 8000 masks for R = sum(s M) / (N p), 8000 fresh ones for U",
       published(MaskFamily::random, 8000, Estimator::expected)},
      {"rise",
       "RISE (BMVC 2018): 8000 masks, the probability of the top class, sum(s M) / (N p); U from "
       "8000 fresh masks, which RISE does not have",
       rise()}};
  return all;
}

const Preset& find_preset(const std::string& name) {
  const auto found = std::ranges::find(presets(), name, &Preset::name);
  if (found != presets().end()) return *found;
  std::vector<std::string> names;
  for (const Preset& preset : presets()) names.push_back(preset.name);
  throw ConfigError(unknown_name("--preset", name, names));
}

void declare_preset(CommandLine& line, std::optional<std::string>& name) {
  line.option(
          "--preset", &name,
          "The settings of a published method, but for what is given besides. " + presets_text())
      .type_name("NAME");
}

}  // namespace relax_spectro::cli
