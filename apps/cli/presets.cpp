#include "cli/presets.hpp"

#include <algorithm>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/nearest.hpp"

namespace relax_spectro::cli {
namespace {

std::vector<OptionValue> published(const std::string& family, const std::string& masks,
                                   const std::string& estimator, const std::string& score) {
  return {{"--family", family}, {"--grid", "7x7"},           {"--edges", "smooth"},
          {"--keep", "0.5"},    {"--design", "independent"}, {"--masks", masks},
          {"--fill", "zero"},   {"--score", score},          {"--estimator", estimator}};
}

std::vector<OptionValue> with(std::vector<OptionValue> values, const OptionValue& more) {
  values.push_back(more);
  return values;
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
       with(published("random", "3000", "mask-sum", "cosine"), {"--uncertainty", "unnormalised"})},
      {"relax-paper",
       "RELAX as printed (IJCV 2023): 8000 masks for R = sum(s M) / (N p), 8000 fresh ones for U",
       published("random", "8000", "expected", "cosine")},
      {"rise",
       "RISE (BMVC 2018): 8000 masks, the probability of the top class, sum(s M) / (N p); U from "
       "8000 fresh masks, which RISE does not have",
       published("rise", "8000", "expected", "prob:top")}};
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
