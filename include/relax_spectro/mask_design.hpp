#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "relax_spectro/mask.hpp"

namespace relax_spectro {

/// Masks [begin, end) of a design.
struct MaskRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
};

/// Which mask is number n. A mask depends on the design and its index alone, so masks may be
/// evaluated in any order, in any batches, on any number of threads.
class MaskDesign {
 public:
  virtual ~MaskDesign() = default;
  /// @pre index < size()
  [[nodiscard]] virtual Mask mask(std::size_t index) const = 0;
  /// How many masks there are to draw from.
  [[nodiscard]] virtual std::size_t size() const = 0;
};

/// Every cell of every mask kept with the same probability, independently; every shift equally
/// likely. The randomness is counter-based (Philox 4x32-10, Salmon et al., SC 2011): block j of
/// mask n is Philox(key = seed, counter = (n, j)).
class IndependentDesign final : public MaskDesign {
 public:
  /// @param keep_probability  in (0, 1), to a resolution of 2^-32.
  /// @throws ConfigError  the probability is outside (0, 1).
  IndependentDesign(const MaskLaw& law, std::uint64_t seed, double keep_probability);

  [[nodiscard]] Mask mask(std::size_t index) const override;
  [[nodiscard]] std::size_t size() const override { return SIZE_MAX; }

 private:
  std::size_t cell_count_;
  Shape2d shifts_;
  std::uint64_t seed_;
  std::uint32_t keep_below_;  // a 32-bit draw below this keeps the cell
};

/// Masks given one by one, as from a mask file.
class ListedDesign final : public MaskDesign {
 public:
  explicit ListedDesign(std::vector<Mask> masks) : masks_(std::move(masks)) {}

  [[nodiscard]] Mask mask(std::size_t index) const override { return masks_.at(index); }
  [[nodiscard]] std::size_t size() const override { return masks_.size(); }

 private:
  std::vector<Mask> masks_;
};

}  // namespace relax_spectro
