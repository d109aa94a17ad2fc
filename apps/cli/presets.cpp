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

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> kAll{
      {"relax-package", relax_package()},
      {"relax-paper", published(MaskFamily::random, 8000, Estimator::expected)},
      {"rise", rise()}};
  return kAll;
}

const Preset& find_preset(const std::string& name) {
  const auto found = std::ranges::find(presets(), name, &Preset::name);
  if (found != presets().end()) return *found;
  std::vector<std::string> names;
  for (const Preset& preset : presets()) names.push_back(preset.name);
  throw ConfigError(unknown_name("--preset", name, names));
}

void declare_preset(CommandLine& line, std::optional<std::string>& name) {
  line.group(HelpGroup::measured);
  line.option("--preset", &name, "Settings of a published method: relax-package, relax-paper, rise")
      .type_name("NAME");
}

}  // namespace relax_spectro::cli
