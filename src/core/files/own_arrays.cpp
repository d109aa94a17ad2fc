#include "files/own_arrays.hpp"

#include <string>

#include "relax_spectro/files/source_file.hpp"

namespace relax_spectro::core {

void require_own_arrays(JsonFields& fields, const std::filesystem::path& arrays,
                        const std::filesystem::path& json) {
  if (!fields.has("arrays_sha256")) return;
  if (sha256_of_file(arrays) == fields.get<std::string>("arrays_sha256")) return;
  throw IoError(
      fmt::format("{}: does not belong to {}: its SHA-256 differs; expected the two files "
                  "of one run of relax-spectro",
                  arrays.string(), json.string()));
}

}  // namespace relax_spectro::core
