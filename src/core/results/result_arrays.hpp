#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "files/npz.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro::core {

/// Writes all arrays of a result (data/FORMAT.md).
void write_arrays(const std::filesystem::path& path, const Explanation& explanation);

/// Reads single arrays of a result's `.npz`. All functions throw IoError if an array is missing or
/// does not fit.
class ResultArrays {
 public:
  ResultArrays(std::filesystem::path path, const std::set<std::string>& names);

  /// Reads an axis, which must be ascending.
  [[nodiscard]] std::vector<double> axis(const std::string& name);
  /// Reads numbers of this shape.
  [[nodiscard]] std::vector<double> values(const std::string& name,
                                           const std::vector<std::size_t>& shape);
  /// Reads a map over the axes, [rows, columns].
  [[nodiscard]] Array2d<double> map(const std::string& name, Shape2d shape);
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  [[nodiscard]] NumericArray& at(const std::string& name);
  [[noreturn]] void fail(const std::string& name, const std::string& expected);

  std::filesystem::path path_;
  std::map<std::string, NumericArray> arrays_;
};

}  // namespace relax_spectro::core
