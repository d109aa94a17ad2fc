#include "core/saliency/mask_patches.hpp"

#include <cstdint>
#include <vector>

#include "masks/mask.hpp"
#include "masks/mask_design.hpp"
#include "masks/mask_law.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;
using core::MaskPatches;

namespace {

std::vector<double> features_of(const MaskPatches& patches, const Mask& mask) {
  std::vector<double> features(patches.count());
  patches.write_features(mask, features);
  return features;
}

}  // namespace

TEST_CASE("where each bin is a patch, features are what a mask keeps of the bins") {
  const MaskLaw law = rise_mask_law(even_axis_grid(4, 4), even_axis_grid(6, 6), CellEdges::smooth);
  const MaskPatches patches(law);
  REQUIRE(patches.count() == 24);
  const IndependentDesign design(law, 1, 0.5);
  std::vector<float> weights(24);
  for (std::size_t n = 0; n < 50; ++n) {
    const Mask mask = design.mask(n);
    expand_mask(law, mask, weights);
    const std::vector<double> features = features_of(patches, mask);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      REQUIRE(features[i] == Approx(2.0 * static_cast<double>(weights[i]) - 1.0).margin(1e-6));
    }
  }
}

TEST_CASE("a mask that keeps everything has features of 1, one that keeps nothing of -1") {
  const MaskLaw law = random_mask_law({64, 96}, {7, 7});
  const MaskPatches patches(law);
  CHECK(patches.count() == 11 * 11);
  for (std::uint32_t shift = 0; shift < 7; ++shift) {
    for (const double feature :
         features_of(patches, {std::vector<std::uint8_t>(49, 1), {shift, 2}})) {
      REQUIRE(feature == Approx(1.0));
    }
    for (const double feature :
         features_of(patches, {std::vector<std::uint8_t>(49, 0), {3, shift}})) {
      REQUIRE(feature == -1.0);
    }
  }
}

TEST_CASE("patches are half as many again as cells, one along an axis of one cell") {
  CHECK(MaskPatches(random_mask_law({50, 60}, {1, 6})).count() == 9);
  CHECK(MaskPatches(random_mask_law({50, 60}, {4, 1}, CellEdges::hard)).count() == 6);
}

TEST_CASE("of a grid so fine that patches were more than a thousand, they are as many as cells") {
  CHECK(MaskPatches(random_mask_law({100, 100}, {21, 21})).count() == 32 * 32);
  CHECK(MaskPatches(random_mask_law({100, 100}, {22, 22})).count() == 22 * 22);
}

TEST_CASE("each patch has a bin where cells are equally wide in Hertz and some hold few bands") {
  AxisGrid bands{5, {}};
  for (double place = 0.0; place < 19.5; place += 0.3 + 0.2 * place) bands.places.push_back(place);
  const MaskLaw law = random_mask_law(bands, even_axis_grid(5, 40), CellEdges::smooth);
  const MaskPatches patches(law);
  CHECK(patches.count() <= 8 * 8);
  for (const double feature : features_of(patches, {std::vector<std::uint8_t>(25, 1), {1, 3}})) {
    REQUIRE(feature == Approx(1.0));
  }
}
