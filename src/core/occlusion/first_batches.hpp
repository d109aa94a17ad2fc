#pragma once

#include <cstddef>

#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/batch_schedule.hpp"

namespace relax_spectro::core {

/// The forms that batches have where nothing is measured yet.
struct FirstBatches {
  BatchForm form;              ///< that work begins with
  std::size_t fused_size = 0;  ///< of fused batches; 0: there are none
  /// How many windows a worker should have ahead before batches are fused: that copy of the
  /// network costs as much as some hundred windows, and the more, the more weights there are.
  std::size_t windows_to_fuse = 0;

  /// Whether batches are fused from the first one on.
  [[nodiscard]] bool fuses(std::size_t windows_ahead, std::size_t workers) const {
    return form.fused || (fused_size > 0 && windows_ahead >= workers * windows_to_fuse);
  }
};

[[nodiscard]] FirstBatches first_batches(const Model& model);

}  // namespace relax_spectro::core
