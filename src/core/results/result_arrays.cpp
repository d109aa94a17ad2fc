#include "results/result_arrays.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

ResultArrays::ResultArrays(std::filesystem::path path, const std::set<std::string>& names)
    : path_(std::move(path)), arrays_(read_npz(path_, names)) {}

std::vector<double> ResultArrays::axis(const std::string& name) {
  NumericArray& array = at(name);
  if (array.shape.size() != 1 || array.values.empty()) fail(name, "(n,)");
  const bool rises =
      std::ranges::adjacent_find(array.values, std::not_fn(std::less())) == array.values.end();
  if (!rises || !std::isfinite(array.values.front()) || !std::isfinite(array.values.back())) {
    throw IoError(fmt::format("{}: {} is not ascending; expected an axis (data/FORMAT.md)",
                              path_.string(), name));
  }
  return std::move(array.values);
}

std::vector<double> ResultArrays::values(const std::string& name,
                                         const std::vector<std::size_t>& shape) {
  NumericArray& array = at(name);
  if (array.shape != shape) {
    fail(name, fmt::format("({}), the shape of the axes", fmt::join(shape, ", ")));
  }
  return std::move(array.values);
}

Array2d<double> ResultArrays::map(const std::string& name, Shape2d shape) {
  Array2d<double> map;
  map.rows = shape.rows;
  map.columns = shape.columns;
  map.values = values(name, {shape.rows, shape.columns});
  return map;
}

NumericArray& ResultArrays::at(const std::string& name) {
  const auto found = arrays_.find(name);
  if (found != arrays_.end()) return found->second;
  throw IoError(fmt::format(
      "{}: holds no array {}; expected the .npz of a result, as relax-spectro explain writes it",
      path_.string(), name));
}

void ResultArrays::fail(const std::string& name, const std::string& expected) {
  throw IoError(fmt::format("{}: {} has shape ({}), expected {}", path_.string(), name,
                            fmt::join(at(name).shape, ", "), expected));
}

}  // namespace relax_spectro::core
