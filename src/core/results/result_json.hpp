#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "files/field_table.hpp"
#include "files/json_text.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

/// The format names in the JSON of results, and of what stages make of them.
inline constexpr std::string_view kResultFormat = "relax-spectro result";
inline constexpr std::string_view kFlipFormat = "relax-spectro flip";
inline constexpr std::string_view kSanityFormat = "relax-spectro sanity";
inline constexpr std::string_view kInteractionsFormat = "relax-spectro interactions";
inline constexpr std::string_view kListenFormat = "relax-spectro listen";

/// Reads JSON that should be a result's. @throws IoError
[[nodiscard]] nlohmann::json read_result_json(const std::filesystem::path& path);

/// The fields of a file with this format name.
/// @throws ConfigError  the file has another format or version.
[[nodiscard]] JsonFields formatted_fields(const nlohmann::json& json,
                                          const std::filesystem::path& path,
                                          std::string_view format);

/// Starts the JSON of a file with this format name.
[[nodiscard]] FieldWriter formatted_writer(std::string_view format);

/// Reads the fields of `value`. @throws IoError  the message has the file and the field
template <typename T>
void read_formatted(const std::filesystem::path& path, std::string_view format, T& value) {
  const nlohmann::json json = read_result_json(path);
  try {
    FieldReader fields(formatted_fields(json, path, format));
    describe(fields, value);
  } catch (const ConfigError& error) {
    // Errors of JsonFields already name the file; errors about names and ranges do not.
    const bool named = std::string_view(error.what()).starts_with(path.string());
    throw IoError(named ? error.what() : fmt::format("{}: {}", path.string(), error.what()));
  }
}

/// The text of a JSON file with this format name.
template <typename T>
[[nodiscard]] std::string formatted_text(std::string_view format, const T& value) {
  FieldWriter fields = formatted_writer(format);
  describe(fields, value);
  return json_text(fields.take()) + "\n";
}

}  // namespace relax_spectro::core
