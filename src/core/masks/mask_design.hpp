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
};

/// With fewer masks there is no telling a map from its noise.
inline constexpr std::size_t kFewestMasksForNoise = 16;

/// Which mask is number n. A mask depends on the design and its index alone, so masks may be
/// evaluated in any order, in any batches, on any number of threads.
class MaskDesign {
 public:
  virtual ~MaskDesign() = default;
  /// @pre index < size()
  [[nodiscard]] virtual Mask mask(std::size_t index) const = 0;
  /// How many masks there are to draw from.
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Cuts a range into consecutive parts that say how far its map is to be trusted: the parts' maps
  /// are independent, so that their spread is the noise. Unless a design says otherwise, eight
  /// parts of equal size, right where masks are independent of each other; one part, which has no
  /// spread, with fewer than kFewestMasksForNoise masks.
  [[nodiscard]] virtual std::vector<MaskRange> blocks(MaskRange range) const;
  /// Whether the cells of one mask are independent of each other and of its shift, as the
  /// regression estimator needs them.
  [[nodiscard]] virtual bool independent_cells() const { return false; }
  /// How likely a cell is kept, where it is the same for each and known.
  [[nodiscard]] virtual std::optional<double> keep_probability() const { return std::nullopt; }
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
  [[nodiscard]] bool independent_cells() const override { return true; }
  [[nodiscard]] std::optional<double> keep_probability() const override;

 private:
  std::size_t cell_count_;
  Shape2d shifts_;
  std::uint64_t seed_;
  std::uint32_t keep_below_;  // a 32-bit draw below this keeps the cell
};

/// Masks in blocks: mask n is point n % masks_per_block of block n / masks_per_block. The points of
/// a block are spread evenly, which takes fewer of them for the same map; a block is randomised as
/// a whole, from (seed, block) alone, and independently of the others. Each mask by itself is
/// distributed as IndependentDesign's.
class BlockDesign : public MaskDesign {
 public:
  [[nodiscard]] std::size_t size() const override { return SIZE_MAX; }
  [[nodiscard]] bool independent_cells() const override { return true; }
  [[nodiscard]] std::size_t masks_per_block() const { return masks_per_block_; }
  /// The design's own blocks that the range holds. What it holds of another at its begin goes with
  /// the first of them, at its end with the last; a range that holds fewer than two is one part.
  /// More than 32 are gathered, neighbours together, into 32 parts.
  [[nodiscard]] std::vector<MaskRange> blocks(MaskRange range) const final;

 protected:
  explicit BlockDesign(std::size_t masks_per_block) : masks_per_block_(masks_per_block) {}

 private:
  std::size_t masks_per_block_;
};

/// Cells from the dual of an extended double-error-correcting BCH code (over GF(64) for up to 64
/// cells, GF(128) for up to 128), with its columns and flips drawn anew for each block; shifts from
/// a scrambled Sobol sequence in two dimensions. Masks 2i and 2i + 1 are
/// complements at one shift, so sum(M) over a pair is 1 at every bin.
///
/// Blocks of a power of two are the best: each cell is kept in exactly half of a block's masks, and
/// from 128 masks (256 for more than 64 cells) on any three cells are kept together in exactly an
/// eighth. In smaller blocks some cells may be tied to each other; blocks are unbiased even so.
class CodeDesign final : public BlockDesign {
 public:
  static constexpr std::size_t kMostCells = 128;

  /// @param masks_per_block   even, 2 to 8192; to 32768 for more than 64 cells.
  /// @param keep_probability  one half: the code has no other.
  /// @throws ConfigError      any of these is out of its range, or the law has more than kMostCells
  ///                          cells.
  CodeDesign(const MaskLaw& law, std::uint64_t seed, std::size_t masks_per_block,
             double keep_probability = 0.5);

  [[nodiscard]] Mask mask(std::size_t index) const override;
  [[nodiscard]] std::optional<double> keep_probability() const override { return 0.5; }

 private:
  std::size_t cell_count_;
  Shape2d shifts_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> directions_;  // [2, bits] of the shifts' Sobol sequence
};

/// Scrambled Sobol points, one dimension for the shift along each axis and one for each cell, which
/// is kept where its coordinate lies below the probability. Dimensions that part a block's points
/// into the same halves as an earlier one are left out, as long as there are others. Direction
/// numbers: Joe and Kuo (SIAM J. Sci. Comput. 30, 2008). Nested uniform (Owen) scrambling, by the
/// hash of Laine and Karras in Burley's form (J. Comput. Graph. Tech. 9(4), 2020).
///
/// Blocks of a power of two are the best: each cell is kept in exactly half of a block's masks, at
/// probability one half. They should have at least 2.5 times as many masks as there are cells: in
/// smaller ones some cells are tied to each other.
class SobolDesign final : public BlockDesign {
 public:
  static constexpr std::size_t kMostCells = 3665;
  static constexpr std::size_t kMostMasksPerBlock = std::size_t{1} << 20;

  /// @param keep_probability  in (0, 1), to a resolution of 2^-32.
  /// @param masks_per_block   2 to kMostMasksPerBlock.
  /// @throws ConfigError      any of these is out of its range, or the law has more than kMostCells
  ///                          cells.
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
