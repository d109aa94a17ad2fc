#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evaluation/complexity.hpp"
#include "evaluation/localisation.hpp"
#include "files/npz.hpp"
#include "golden/golden_case.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Compares one number with the published package's. For the effective complexity, which counts
/// bins, the difference is relative.
void check_metric(const std::map<std::string, NumericArray>& golden, const std::string& name,
                  double found) {
  const double expected = golden.at(name).values.front();
  const double error = std::abs(found - expected) / std::max(1.0, std::abs(expected));
  fmt::print("{:<26} {:>14.8f}, recorded {:>14.8f}, difference {:.1e}\n", name, found, expected,
             error);
  CHECK(error <= 1e-4);
}

}  // namespace

TEST_CASE("localisation and complexity are Quantus'", "[localisation]") {
  const auto [golden_case, package, name, top_k, top_k_name] =
      GENERATE(table<std::string, std::string, std::string, std::size_t, std::string>(
          {{"small", "quantus", "attribution", 50, "top_k_intersection"},
           {"dog", "occlusion", "window16_stride8", 1000, "top_k_intersection_1000"}}));
  if (!test::is_there(golden_case)) return;
  const std::vector<double> map = read_npz(test::golden_file(golden_case, package)).at(name).values;
  const auto golden = read_npz(test::golden_file(golden_case, "quantus"));
  const std::vector<double>& segmentation = golden.at("segmentation").values;
  const std::vector<std::uint8_t> inside(segmentation.begin(), segmentation.end());

  const auto localisation = localise(map, inside, {top_k});
  REQUIRE(localisation.has_value());
  check_metric(golden, "pointing_game", localisation->pointing_game ? 1.0 : 0.0);
  check_metric(golden, "relevance_mass_accuracy", localisation->relevance_mass_accuracy.value());
  check_metric(golden, "relevance_rank_accuracy", localisation->relevance_rank_accuracy);
  check_metric(golden, top_k_name, localisation->top_k_intersection);
  check_metric(golden, "auc", localisation->auc.value());
  check_metric(golden, "attribution_localisation", localisation->attribution_localisation);

  const auto complexity = complexity_of(map);
  REQUIRE(complexity.has_value());
  check_metric(golden, "sparseness", complexity->sparseness);
  check_metric(golden, "complexity", complexity->entropy.value());
  check_metric(golden, "effective_complexity",
               static_cast<double>(complexity->effective_complexity));
}
