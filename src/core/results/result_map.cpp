#include "relax_spectro/results/result_map.hpp"

#include "results/result_arrays.hpp"

namespace relax_spectro {

ResultMap read_result_map(const std::filesystem::path& json_path, const std::string& name) {
  std::filesystem::path arrays_path = json_path;
  core::ResultArrays arrays(arrays_path.replace_extension(".npz"),
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
