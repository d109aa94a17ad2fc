#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "masks/mask.hpp"

namespace relax_spectro {

/// Masks [begin, end) of a design.
struct MaskRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
  friend bool operator==(const MaskRange&, const MaskRange&) = default;
};

/// With fewer masks, a map cannot be distinguished from its noise.
inline constexpr std::size_t kFewestMasksForNoise = 16;

/// Generates mask number n. A mask depends only on the design and its index. So masks may be
/// evaluated in any order, in any batches, and on any number of threads.
class MaskDesign {
 public:
  virtual ~MaskDesign() = default;
  /// @pre index < size()
  [[nodiscard]] virtual Mask mask(std::size_t index) const = 0;
  /// The number of masks that can be drawn.
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Divides a range into consecutive parts with independent maps. The spread of these maps gives
  /// the standard error. The default is eight parts of equal size, which is valid for independent
  /// masks. With fewer than kFewestMasksForNoise masks there is one part, and so no spread.
  [[nodiscard]] virtual std::vector<MaskRange> blocks(MaskRange range) const;
  /// Whether the cells of a mask are independent of each other and of its shift. The regression
  /// estimator requires this.
  [[nodiscard]] virtual bool independent_cells() const { return false; }
  /// The probability of keeping a cell, if it is known and the same for all.
  [[nodiscard]] virtual std::optional<double> keep_probability() const { return std::nullopt; }
};

/// Keeps every cell of every mask independently, with the same probability. All shifts are equally
/// likely. Random numbers are counter-based (Philox 4x32-10, Salmon et al., SC 2011): block j of
/// mask n is Philox(key = seed, counter = (n, j)).
class IndependentDesign final : public MaskDesign {
 public:
  /// @param keep_probability  in (0, 1), to a resolution of 2^-32.
  /// @throws ConfigError  the probability is outside (0, 1).
  IndependentDesign(const MaskLaw& law, std::uint64_t seed, double keep_probability);

  [[nodiscard]] Mask mask(std::size_t index) const override;
  [[nodiscard]] std::size_t size() const override { return SIZE_MAX; }
  [[nodiscard]] bool independent_cells() const override { return true; }
  [[nodiscard]] std::optional<double> keep_probability() const override;

 private:
  std::size_t cell_count_;
  Shape2d shifts_;
  std::uint64_t seed_;
  std::uint32_t keep_below_;  // a 32-bit draw below this keeps the cell
};

/// Masks in blocks: mask n is point n % masks_per_block of block n / masks_per_block. The points of
/// a block are evenly spread, so fewer masks give the same map. Each block is randomised
/// independently, from (seed, block). A single mask has the same distribution as in
/// IndependentDesign.
class BlockDesign : public MaskDesign {
 public:
  [[nodiscard]] std::size_t size() const override { return SIZE_MAX; }
  [[nodiscard]] bool independent_cells() const override { return true; }
  [[nodiscard]] std::size_t masks_per_block() const { return masks_per_block_; }
  /// The blocks of the design within the range. Incomplete blocks at its ends are joined to the
  /// first and last complete ones. A range with fewer than two complete blocks is one part. More
  /// than 32 blocks are grouped into 32 parts of neighbours.
  [[nodiscard]] std::vector<MaskRange> blocks(MaskRange range) const final;

 protected:
  explicit BlockDesign(std::size_t masks_per_block) : masks_per_block_(masks_per_block) {}

 private:
  std::size_t masks_per_block_;
};

/// Cells from a core::CellCode over GF(64) for up to 64 cells, and over GF(128) for up to 128. Its
/// columns and flips are drawn again for each block. Shifts
/// come from a scrambled Sobol sequence in two dimensions. Masks 2i and 2i + 1 are complements at
/// the same shift, so sum(M) over such a pair is 1 at every bin.
///
/// Blocks should be a power of two: each cell is then kept in exactly half of a block's masks. From
/// 128 masks on (256 for more than 64 cells), any three cells are kept together in exactly an
/// eighth. In smaller blocks some cells may depend on each other, but blocks remain unbiased.
class CodeDesign final : public BlockDesign {
 public:
  static constexpr std::size_t kMostCells = 128;

  /// @param masks_per_block   even, 2 to 8192; up to 32768 for more than 64 cells.
  /// @param keep_probability  one half, which is the only value of the code.
  /// @throws ConfigError      a value is out of range, or the law has more than kMostCells cells.
  CodeDesign(const MaskLaw& law, std::uint64_t seed, std::size_t masks_per_block,
             double keep_probability = 0.5);

  [[nodiscard]] Mask mask(std::size_t index) const override;
  [[nodiscard]] std::optional<double> keep_probability() const override { return 0.5; }

 private:
  std::size_t cell_count_;
  Shape2d shifts_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> directions_;  // [2, bits] for the Sobol sequence of the shifts
};

/// Scrambled Sobol points. One dimension is for the shift along each axis, and one for each cell. A
/// cell is kept if its coordinate is below the probability. Dimensions that split a block's points
/// into the same halves as an earlier one are skipped while there are others. Direction numbers:
/// Joe and Kuo (SIAM J. Sci. Comput. 30, 2008). Nested uniform (Owen) scrambling uses the hash of
/// Laine and Karras in Burley's form (J. Comput. Graph. Tech. 9(4), 2020).
///
/// Blocks should be a power of two: at probability one half, each cell is then kept in exactly half
/// of a block's masks. They should have at least 2.5 times as many masks as there are cells,
/// because in smaller blocks some cells depend on each other.
class SobolDesign final : public BlockDesign {
 public:
  static constexpr std::size_t kMostCells = 3665;
  static constexpr std::size_t kMostMasksPerBlock = std::size_t{1} << 20;

  /// @param keep_probability  in (0, 1), to a resolution of 2^-32.
  /// @param masks_per_block   2 to kMostMasksPerBlock.
  /// @throws ConfigError      a value is out of range, or the law has more than kMostCells cells.
  SobolDesign(const MaskLaw& law, std::uint64_t seed, double keep_probability,
              std::size_t masks_per_block);

  [[nodiscard]] Mask mask(std::size_t index) const override;
  [[nodiscard]] std::optional<double> keep_probability() const override;

 private:
  std::size_t cell_count_;
  Shape2d shifts_;
  std::uint64_t seed_;
  std::uint32_t keep_below_;               // a 32-bit coordinate below this keeps the cell
  std::vector<std::uint32_t> directions_;  // [2 + cells, bits]
};

/// Masks that are listed explicitly, e.g. in a mask file.
class ListedDesign final : public MaskDesign {
 public:
  explicit ListedDesign(std::vector<Mask> masks) : masks_(std::move(masks)) {}

  [[nodiscard]] Mask mask(std::size_t index) const override { return masks_.at(index); }
  [[nodiscard]] std::size_t size() const override { return masks_.size(); }

 private:
  std::vector<Mask> masks_;
};

}  // namespace relax_spectro
