// Uses an installed relax-spectro: consumer [MODEL_CARD]

#include <exception>
#include <iostream>
#include <numeric>
#include <vector>

#include "relax_spectro/base/version.hpp"
#include "relax_spectro/masks/mask.hpp"
#include "relax_spectro/masks/mask_design.hpp"
#include "relax_spectro/model/model_card.hpp"

int main(int argc, char** argv) {
  using namespace relax_spectro;
  try {
    const MaskLaw law = random_mask_law({16, 20}, {4, 4});
    const IndependentDesign design(law, 1, 0.5);
    double sum = 0.0;
    constexpr int kMasks = 1000;
    for (std::size_t n = 0; n < kMasks; ++n) {
      std::vector<float> weights(16 * 20);
      expand_mask(law, design.mask(n), weights);
      sum += std::accumulate(weights.begin(), weights.end(), 0.0) / (16.0 * 20.0);
    }
    const double mean = sum / kMasks;
    std::cout << "relax-spectro " << version() << ": masks keep " << mean << "\n";
    if (mean < 0.45 || mean > 0.55) return 1;
    if (argc > 1) std::cout << "card of " << read_model_card(argv[1]).name << "\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
