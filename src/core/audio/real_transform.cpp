#include "audio/real_transform.hpp"

#include <fmt/format.h>

#include <mutex>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

// FFTW's transforms are thread-safe, but its planner is not.
std::mutex& planner_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

void PlanDestroyer::operator()(fftw_plan_s* plan) const {
  const std::lock_guard lock(planner_mutex());
  fftw_destroy_plan(plan);
}

RealTransform::RealTransform(std::size_t samples)
    : signal_(fftw_alloc_real(samples)), spectrum_(fftw_alloc_complex(samples / 2 + 1)) {
  if (signal_ && spectrum_) {
    const std::lock_guard lock(planner_mutex());
    const auto size = static_cast<int>(samples);
    // ESTIMATE: a measured plan may differ from run to run, and so may the last bits of the result.
    forward_.reset(fftw_plan_dft_r2c_1d(size, signal(), spectrum(), FFTW_ESTIMATE));
    inverse_.reset(fftw_plan_dft_c2r_1d(size, spectrum(), signal(), FFTW_ESTIMATE));
  }
  if (!forward_ || !inverse_) {
    throw Error(fmt::format("FFTW cannot plan a transform of {} samples", samples));
  }
}

}  // namespace relax_spectro::core
