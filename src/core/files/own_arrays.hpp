#pragma once

#include <filesystem>

#include "files/json_fields.hpp"

namespace relax_spectro::core {

/// Checks that arrays are those that a JSON file was written with, by its field `arrays_sha256`.
/// Files of older versions lack the field, and are not checked.
/// @throws IoError  they are others, or cannot be read.
void require_own_arrays(JsonFields& fields, const std::filesystem::path& arrays,
                        const std::filesystem::path& json);

}  // namespace relax_spectro::core
