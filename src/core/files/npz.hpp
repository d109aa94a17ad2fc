#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// A numeric array from a file, converted to double.
struct NumericArray {
  std::vector<std::size_t> shape;
  std::vector<double> values;  ///< row-major
};

/// Reads the named arrays of a `.npz`, as numpy.savez and numpy.savez_compressed write it. Reads
/// all arrays if no names are given. Names that are not in the file are ignored.
/// @throws IoError  the file is missing, damaged or not an npz, or an array is not numeric or not
///                  row-major.
[[nodiscard]] std::map<std::string, NumericArray> read_npz(const std::filesystem::path& path,
                                                           const std::set<std::string>& names = {});

/// Reads one array from a `.npy`.
/// @throws IoError  as read_npz.
[[nodiscard]] NumericArray read_npy(const std::filesystem::path& path);

/// Writes named arrays into one file for `numpy.load`. The same arrays give the same bytes.
class NpzWriter {
 public:
  NpzWriter();
  ~NpzWriter();
  NpzWriter(const NpzWriter&) = delete;
  NpzWriter& operator=(const NpzWriter&) = delete;

  /// Adds a row-major array. @pre the product of `shape` is the number of values.
  void add(const std::string& name, const std::vector<std::size_t>& shape,
           std::span<const float> values);
  void add(const std::string& name, const std::vector<std::size_t>& shape,
           std::span<const double> values);
  void add(const std::string& name, const std::vector<std::size_t>& shape,
           std::span<const std::uint8_t> values);
  void add(const std::string& name, const std::vector<std::size_t>& shape,
           std::span<const std::int64_t> values);
  template <typename T>
  void add(const std::string& name, const Array2d<T>& array) {
    add(name, {array.rows, array.columns}, std::span<const T>(array.values));
  }

  /// @throws IoError  the file cannot be written.
  void write(const std::filesystem::path& path) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro
