#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/draw_stream.hpp"

namespace relax_spectro::core {

/// Words of cells that are kept (1) or masked (0), evenly spread over all such words: the dual of an
/// extended double-error-correcting BCH code over GF(2^degree), with random columns and flips.
///
/// All words together are an orthogonal array of strength 5 (MacWilliams and Sloane, The Theory of
/// Error-Correcting Codes, 1977, ch. 5 and 9): any five cells show each of their 32 patterns equally
/// often. A part of the words has a smaller strength.
class CellCode {
 public:
  /// @param degree  4 to 7
  explicit CellCode(std::uint32_t degree);

  /// The code of the least degree, from `least` on, for this number of cells.
  /// @pre cells <= 128
  [[nodiscard]] static CellCode for_cells(std::size_t cells, std::uint32_t least);

  /// The most cells of a word: 2^degree.
  [[nodiscard]] std::size_t most_cells() const { return std::size_t{1} << degree_; }
  /// The number of words: 2^(2 degree + 1).
  [[nodiscard]] std::size_t words() const { return std::size_t{2} << (2 * degree_); }

  /// Word `number`. Words 2i and 2i + 1 are complements.
  /// @param draws  the columns and flips; words of one block have equal draws.
  /// @pre number < words(), cells <= most_cells()
  [[nodiscard]] std::vector<std::uint8_t> word(std::uint32_t number, std::size_t cells,
                                               DrawStream draws) const;

 private:
  [[nodiscard]] std::uint32_t multiply(std::uint32_t a, std::uint32_t b) const;

  std::uint32_t degree_;
  std::uint32_t modulus_;
};

}  // namespace relax_spectro::core
