#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/files/npz.hpp"

namespace relax_spectro::core {

/// Arrays of a result's `.npz`, taken one by one.
/// All throw IoError where an array is missing or does not fit.
class ResultArrays {
 public:
  ResultArrays(std::filesystem::path path, const std::set<std::string>& names);

  /// An axis, which has to rise.
  [[nodiscard]] std::vector<double> axis(const std::string& name);
  /// A map over the axes, [rows, columns].
  [[nodiscard]] Array2d<double> map(const std::string& name, Shape2d shape);

 private:
  [[nodiscard]] NumericArray& at(const std::string& name);
  [[noreturn]] void fail(const std::string& name, const std::string& expected);

  std::filesystem::path path_;
  std::map<std::string, NumericArray> arrays_;
};

}  // namespace relax_spectro::core
