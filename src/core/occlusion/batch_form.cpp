#include "occlusion/batch_form.hpp"

#include <fmt/format.h>

#include <string>

#include "files/text_match.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

std::size_t weight_mebibytes(const Model& model) {
  return (model.parameter_count() * sizeof(float)) >> 20U;
}

bool is_fused(const Model& model, std::size_t windows) {
  constexpr std::size_t kLeastWindows = 384;
  constexpr std::size_t kWindowsAMebibyte = 8;
  if (model.fusing() != Fusing::possible) return model.fusing() == Fusing::best;
  return windows >= kLeastWindows + kWindowsAMebibyte * weight_mebibytes(model);
}

}  // namespace

BatchForm parse_batch_form(std::string_view text) {
  BatchForm form{0, false};
  if (const auto fields = core::matched_groups(std::string(text), "([0-9]{1,5})(f?)")) {
    form = {std::stoul(fields->at(0)), !fields->at(1).empty()};
  }
  if (form.size < 1 || form.size > BatchForm::kMostWindows) {
    throw ConfigError(fmt::format(
        "--batch-size is '{}'; expected auto, or a whole number from 1 to {}, for fused batches "
        "with an f behind it: 16 or 16f",
        text, BatchForm::kMostWindows));
  }
  return form;
}

std::string to_string(BatchForm form) {
  return fmt::format("{}{}", form.size, form.fused ? "f" : "");
}

namespace core {

BatchForm batch_form_for(const Model& model, std::size_t windows) {
  constexpr std::size_t kHeavyMebibytes = 64;
  // Enough to keep an accelerator busy.
  if (model.on_accelerator()) return {128, false};
  const bool fused = is_fused(model, windows);
  // The weights do not fit into the processor's cache, so a batch must be large enough to pay for
  // reading them.
  if (weight_mebibytes(model) >= kHeavyMebibytes) return {32, fused};
  // Small enough for the cache. Fused layers exchange less data.
  return {fused ? std::size_t{4} : std::size_t{16}, fused};
}

}  // namespace core
}  // namespace relax_spectro
