#pragma once

#include <fftw3.h>

#include <cstddef>
#include <memory>

namespace relax_spectro::core {

struct FftwFree {
  void operator()(void* memory) const { fftw_free(memory); }
};

struct PlanDestroyer {
  void operator()(fftw_plan_s* plan) const;
};

/// A real signal, its spectrum, and the transforms between them. Both are in double: see Note [Why
/// the transform is in double]. Use one object for each thread.
class RealTransform {
 public:
  /// @throws Error  FFTW cannot plan it.
  explicit RealTransform(std::size_t samples);

  [[nodiscard]] double* signal() const { return signal_.get(); }
  /// Of samples / 2 + 1 bins.
  [[nodiscard]] fftw_complex* spectrum() const { return spectrum_.get(); }

  void forward() const { fftw_execute(forward_.get()); }
  /// From the spectrum, which is lost, to the signal times the number of samples.
  void inverse() const { fftw_execute(inverse_.get()); }

 private:
  using Plan = std::unique_ptr<fftw_plan_s, PlanDestroyer>;

  std::unique_ptr<double, FftwFree> signal_;
  std::unique_ptr<fftw_complex, FftwFree> spectrum_;
  Plan forward_;
  Plan inverse_;
};

}  // namespace relax_spectro::core
