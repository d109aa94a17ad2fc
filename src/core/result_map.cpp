#include "relax_spectro/result_map.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "relax_spectro/error.hpp"
#include "relax_spectro/npz.hpp"

namespace relax_spectro {
namespace {

/// The arrays of one file, taken one by one.
class ResultArrays {
 public:
  ResultArrays(std::filesystem::path path, const std::set<std::string>& names)
      : path_(std::move(path)), arrays_(read_npz(path_, names)) {}

  [[nodiscard]] std::vector<double> axis(const std::string& name) {
    NumericArray& array = at(name);
    if (array.shape.size() != 1 || array.values.empty()) fail(name, "(n,)");
    if (std::ranges::adjacent_find(array.values, std::not_fn(std::less())) != array.values.end()) {
      throw IoError(fmt::format("{}: {} does not rise; expected an axis as data/FORMAT.md says",
                                path_.string(), name));
    }
    return std::move(array.values);
  }

  /// [rows, columns]
  [[nodiscard]] Array2d<double> map(const std::string& name, Shape2d shape) {
    NumericArray& array = at(name);
    if (array.shape != std::vector{shape.rows, shape.columns}) {
      fail(name, fmt::format("({}, {}), as the axes are", shape.rows, shape.columns));
    }
    Array2d<double> map;
    map.rows = shape.rows;
    map.columns = shape.columns;
    map.values = std::move(array.values);
    return map;
  }

 private:
  [[nodiscard]] NumericArray& at(const std::string& name) {
    const auto found = arrays_.find(name);
    if (found != arrays_.end()) return found->second;
    throw IoError(fmt::format(
        "{}: holds no array {}; expected the .npz of a result, as relax-spectro explain writes it",
        path_.string(), name));
  }

  [[noreturn]] void fail(const std::string& name, const std::string& expected) {
    throw IoError(fmt::format("{}: {} has shape ({}), expected {}", path_.string(), name,
                              fmt::join(at(name).shape, ", "), expected));
  }

  std::filesystem::path path_;
  std::map<std::string, NumericArray> arrays_;
};

}  // namespace

ResultMap read_result_map(const std::filesystem::path& json_path, const std::string& name) {
  std::filesystem::path arrays_path = json_path;
  ResultArrays arrays(arrays_path.replace_extension(".npz"),
                      {name, "spectrogram", "time_s", "frequency_hz"});
  ResultMap result;
  result.time_s = arrays.axis("time_s");
  result.frequency_hz = arrays.axis("frequency_hz");
  const Shape2d shape{result.frequency_hz.size(), result.time_s.size()};
  result.values = arrays.map(name, shape);
  result.spectrogram = arrays.map("spectrogram", shape);
  return result;
}

}  // namespace relax_spectro
