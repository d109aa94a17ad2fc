#include "occlusion/first_batches.hpp"

namespace relax_spectro::core {
namespace {

std::size_t weight_mebibytes(const Model& model) {
  return (model.parameter_count() * sizeof(float)) >> 20U;
}

bool is_heavy(const Model& model) {
  constexpr std::size_t kHeavyMebibytes = 64;
  return weight_mebibytes(model) >= kHeavyMebibytes;
}

/// Few enough windows to stay in the processor's cache; where the weights do not, enough to make
/// reading them once a batch worth it; on an accelerator enough to keep it busy.
std::size_t unfused_size(const Model& model) {
  if (model.on_accelerator()) return 128;
  return is_heavy(model) ? 32 : 16;
}

/// The same for fused batches, between whose layers less goes to and fro.
std::size_t fused_size(const Model& model) {
  if (model.fusing() == Fusing::impossible) return 0;
  return is_heavy(model) ? unfused_size(model) : 4;
}

}  // namespace

FirstBatches first_batches(const Model& model) {
  constexpr std::size_t kLeastWindows = 192;
  constexpr std::size_t kWindowsAMebibyte = 4;
  FirstBatches batches;
  batches.fused_size = fused_size(model);
  batches.form = {unfused_size(model), false};
  if (model.fusing() == Fusing::best) batches.form = {batches.fused_size, true};
  batches.windows_to_fuse = kLeastWindows + kWindowsAMebibyte * weight_mebibytes(model);
  return batches;
}

}  // namespace relax_spectro::core
