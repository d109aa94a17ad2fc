#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "files/npz.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/readers.hpp"
#include "masks/mask_file.hpp"

namespace relax_spectro::fuzz {
namespace {

void expect_whole(const NumericArray& array) {
  const std::size_t count =
      std::accumulate(array.shape.begin(), array.shape.end(), std::size_t{1}, std::multiplies<>());
  expect(array.values.size() == count, "an array has as many values as its shape says");
}

void expect_masks(const MaskList& list) {
  expect(!list.masks.empty(), "there are masks");
  const std::size_t cells = list.grid.rows * list.grid.columns;
  for (const Mask& mask : list.masks) {
    expect(mask.cell_bits.size() == cells, "a mask has a bit for each cell");
    expect(std::ranges::all_of(mask.cell_bits, [](auto bit) { return bit <= 1; }),
           "a cell is kept or not");
    expect(mask.shift[0] < list.grid.rows && mask.shift[1] < list.grid.columns,
           "a shift is less than the cells of its axis");
  }
}

}  // namespace

void read_as_npz(std::span<const std::uint8_t> bytes) {
  attempt(write_input("input.npz", bytes), [](const auto& path) {
    for (const auto& [name, array] : read_npz(path)) expect_whole(array);
  });
  attempt(write_input("input.npy", bytes), [](const auto& path) { expect_whole(read_npy(path)); });
}

void read_as_mask_file(std::span<const std::uint8_t> bytes) {
  using namespace std::string_view_literals;
  constexpr std::array kNames{"cell_bits"sv, "shift"sv, "hard_edges"sv, "even_in_hertz"sv};
  attempt(write_npz_input("input.npz", split_bundle(bytes, kNames)),
          [](const auto& path) { expect_masks(read_mask_file(path)); });
}

}  // namespace relax_spectro::fuzz
