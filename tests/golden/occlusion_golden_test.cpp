#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "files/npz.hpp"
#include "golden/golden_case.hpp"
#include "masks/mask_family.hpp"
#include "occlusion/occlusion.hpp"
#include "relax_spectro/occlusion/fill.hpp"
#include "saliency/occlusion_map.hpp"
#include "support/catch.hpp"
#include "support/largest_difference.hpp"
#include "support/run_model.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

TEST_CASE("window sweeps are Captum's Occlusion", "[occlusion]") {
  const auto [golden_case, name, window, stride, fill] =
      GENERATE(table<std::string, std::string, Size2d, Size2d, std::string>(
          {{"small", "window", {4, 4}, {2, 2}, "zero"},
           {"small", "time", {16, 2}, {16, 1}, "zero"},
           {"small", "frequency", {2, 20}, {1, 20}, "zero"},
           {"small", "window_floor", {4, 4}, {2, 2}, "constant:-1"},
           {"dog", "window16_stride8", {16, 16}, {8, 8}, "zero"},
           {"dog", "time8_stride4", {128, 8}, {128, 4}, "zero"},
           {"dog", "frequency8_stride4", {8, 501}, {4, 501}, "zero"},
           {"dog", "window16_stride8_floor", {16, 16}, {8, 8}, "silence"}}));
  if (!test::is_there(golden_case)) return;
  const test::TemporaryFolder folder;
  const NumericArray expected =
      read_npz(test::golden_file(golden_case, "occlusion"), {name}).at(name);
  auto [input, model] = test::load_golden_case(golden_case, folder);
  OccludedWindow occluded{std::move(input), {}};
  occluded.fill =
      make_fill(parse_fill(fill), occluded.window, silence_level(model->card().front_end), 0);
  MaskOptions options;
  options.family = MaskFamily::window;
  options.windows = {{window, stride}};
  const MaskSet set = make_masks(options, {{occluded.window.rows, occluded.window.columns}});
  const ModelOutputs unmasked = test::outputs_of(*model, occluded.window);
  const Score score(parse_score("top"), model->card(), unmasked);
  const std::vector<double> scores =
      test::scores_with(*model, occluded, set.law, *set.design, {0, set.count}, score);
  const Saliency map =
      occlusion_map({{set.law, *set.design, {0, set.count}}, scores}, score(unmasked)[0]);
  REQUIRE(map.importance.values.size() == expected.values.size());
  const double error = test::largest_difference(map.importance.values, expected.values) /
                       test::range_of(expected.values);
  fmt::print("{:<24} {:>5} windows, largest error {:.2e} of the map's range\n", name, set.count,
             error);
  CHECK(error <= 1e-4);
}
