#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "files/json_fields.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/occlusion/prediction.hpp"
#include "relax_spectro/results/mask_cells.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/results/result_predictions.hpp"

namespace relax_spectro::core {

/// What errors say of the JSON of a result.
[[nodiscard]] JsonOrigin result_origin(const std::filesystem::path& path);

/// Reads the JSON of a result. @throws IoError
[[nodiscard]] nlohmann::json read_result_json(const std::filesystem::path& path);

/// @param format   what the file has to call itself.
/// @param made_by  what writes such a file, for the error: an option of explain, or nothing.
/// @throws ConfigError  another format, or a newer version.
void require_format(JsonFields& fields, std::string_view format, std::string_view made_by = "");

/// The options of a result, also what older ones do not say. @pre it has options.
[[nodiscard]] nlohmann::json options_of(const nlohmann::json& result);

[[nodiscard]] Provenance read_provenance(JsonFields& fields);
[[nodiscard]] EngineUse read_engine_use(JsonFields engine, JsonFields& options);
/// What the model heard of a window; nothing where the file does not say.
[[nodiscard]] std::vector<HeardClass> read_heard(JsonFields& window);
/// The same of a whole result. Of an older one, the classes that its score measured, if any.
[[nodiscard]] ResultPredictions read_predictions(JsonFields& result);
/// The frames of a window. @throws ConfigError  there are none.
[[nodiscard]] FrameRange read_frames(JsonFields& window);
/// @throws ConfigError  a field is missing, or says what cannot be.
[[nodiscard]] MaskCells read_mask_cells(JsonFields& result);
[[nodiscard]] std::vector<std::string> read_texts(JsonFields& fields, const std::string& field);

/// Runs `read`, and turns what is wrong with its fields into an error that names the file.
/// @param path  of the JSON
template <typename Read>
[[nodiscard]] auto reading_a_result(const std::filesystem::path& path, const Read& read) {
  try {
    return read();
  } catch (const ConfigError& error) {
    // What JsonFields finds names the file already; names and ranges do not.
    const bool named = std::string_view(error.what()).starts_with(path.string());
    throw IoError(named ? error.what() : fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace relax_spectro::core
