#pragma once

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// The batch sizes that a network may have been traced with. They are 1, and the numbers in the
/// error message for another size, such as "shape '[4, 16]' is invalid".
[[nodiscard]] std::set<std::size_t> batches_named_in(const std::string& refusal);

inline void append_rows(Array2d<float>& rows, const Array2d<float>& more, std::size_t count) {
  rows.columns = more.columns;
  rows.rows += count;
  rows.values.insert(rows.values.end(), more.values.begin(),
                     more.values.begin() + static_cast<std::ptrdiff_t>(count * more.columns));
}

/// Runs windows through a network that accepts only one batch size. Copies of the first window of
/// the last batch fill it up.
/// @param run  runs `size` windows.
template <typename Run>
ModelOutputs run_in_fixed_batches(std::size_t size, std::span<float> windows, std::size_t batch,
                                  const Run& run) {
  const std::size_t bins = windows.size() / batch;
  ModelOutputs outputs;
  for (std::size_t begin = 0; begin < batch; begin += size) {
    const std::size_t count = std::min(size, batch - begin);
    std::span<float> part = windows.subspan(begin * bins, count * bins);
    std::vector<float> filled;
    if (count < size) {
      filled.assign(part.begin(), part.end());
      for (std::size_t i = count * bins; i < size * bins; ++i) filled.push_back(filled[i % bins]);
      part = filled;
    }
    const ModelOutputs more = run(part);
    append_rows(outputs.embedding, more.embedding, count);
    append_rows(outputs.class_scores, more.class_scores, count);
  }
  return outputs;
}

}  // namespace relax_spectro::torch_backend
