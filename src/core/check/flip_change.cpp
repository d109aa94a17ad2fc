#include "check/flip_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "files/json_fields.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "results/result_reading.hpp"

namespace relax_spectro::core {
namespace {

// Note [Flip changes]
// A map's noise moves the order that it gives, and so the areas. How far has no standard error;
// it was measured (README).
constexpr double kLargestPart = 0.25;

/// The test of one result, as far as it is compared.
struct Flip {
  nlohmann::json options;
  double gap = 0.0;
  bool of_this_result = false;  ///< and not of an earlier one of that name
};

std::filesystem::path flip_path(const std::filesystem::path& result) {
  std::filesystem::path path = result;
  return path.replace_extension(".flip.json");
}

Flip read_flip(const std::filesystem::path& result) {
  return reading_a_result(flip_path(result), [&result] {
    const std::filesystem::path path = flip_path(result);
    const nlohmann::json json = read_result_json(path);
    JsonFields fields(json, result_origin(path));
    require_format(fields, "relax-spectro flip");
    Flip flip;
    flip.options = fields.required("options");
    flip.options.erase("seed");
    flip.of_this_result =
        fields.object("result").get<std::string>("sha256") == sha256_of_file(result);
    JsonFields areas = fields.object("auc");
    if (areas.has("morf")) {
      flip.gap = areas.get<double>("lerf") - areas.get<double>("morf");
    } else if (areas.has("deletion")) {
      flip.gap = areas.get<double>("insertion") - areas.get<double>("deletion");
    } else {
      flip.gap = areas.get<double>("quantus");
    }
    return flip;
  });
}

}  // namespace

FlipChange compare_flips(const std::filesystem::path& baseline,
                         const std::filesystem::path& current, std::optional<double> most) {
  if (!std::filesystem::exists(flip_path(baseline)) ||
      !std::filesystem::exists(flip_path(current))) {
    return {};
  }
  const Flip before = read_flip(baseline);
  const Flip now = read_flip(current);
  for (const auto& [flip, result] : {std::pair{&before, &baseline}, std::pair{&now, &current}}) {
    if (flip->of_this_result) continue;
    return {std::nullopt, fmt::format("{} is of another result than the {} beside it",
                                      flip_path(*result).string(), result->filename().string())};
  }
  if (before.options != now.options) return {std::nullopt, "flip was run with other options"};
  return {Measure{now.gap - before.gap, most.value_or(kLargestPart * std::abs(before.gap))}, ""};
}

}  // namespace relax_spectro::core
