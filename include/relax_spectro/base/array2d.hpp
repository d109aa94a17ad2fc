#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace relax_spectro {

/// A count along each axis of a spectrogram.
struct Shape2d {
  std::size_t rows = 0;     ///< along frequency
  std::size_t columns = 0;  ///< along time

  friend bool operator==(const Shape2d&, const Shape2d&) = default;
};

/// A dense row-major matrix. Every array over a spectrogram is [frequency, time]: row 0 is the
/// lowest band, column 0 the first frame.
template <typename T>
struct Array2d {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<T> values;

  Array2d() = default;
  Array2d(std::size_t row_count, std::size_t column_count, T value = T{})
      : rows(row_count), columns(column_count), values(row_count * column_count, value) {}

  [[nodiscard]] T& operator()(std::size_t row, std::size_t column) {
    return values[row * columns + column];
  }
  [[nodiscard]] const T& operator()(std::size_t row, std::size_t column) const {
    return values[row * columns + column];
  }
  [[nodiscard]] std::span<T> row(std::size_t index) {
    return std::span<T>(values).subspan(index * columns, columns);
  }
  [[nodiscard]] std::span<const T> row(std::size_t index) const {
    return std::span<const T>(values).subspan(index * columns, columns);
  }
};

/// Adds a row below the others. @pre it is as long as they are
template <typename T>
void append_row(Array2d<T>& array, std::type_identity_t<std::span<const T>> row) {
  array.values.insert(array.values.end(), row.begin(), row.end());
  array.columns = row.size();
  ++array.rows;
}

/// The same matrix, converted to another number type.
template <typename To, typename From>
[[nodiscard]] Array2d<To> converted(const Array2d<From>& array) {
  Array2d<To> result(array.rows, array.columns);
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    result.values[i] = static_cast<To>(array.values[i]);
  }
  return result;
}

}  // namespace relax_spectro
