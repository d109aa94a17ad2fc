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

/// What the JSON of a result calls itself; of a flipping, and of a sanity check.
inline constexpr std::string_view kResultFormat = "relax-spectro result";
inline constexpr std::string_view kFlipFormat = "relax-spectro flip";
inline constexpr std::string_view kSanityFormat = "relax-spectro sanity";

/// Reads JSON that may be a result's. @throws IoError
[[nodiscard]] nlohmann::json read_result_json(const std::filesystem::path& path);

/// The fields of a file that calls itself so.
/// @throws ConfigError  another format, or another version of it.
[[nodiscard]] JsonFields formatted_fields(const nlohmann::json& json,
                                          const std::filesystem::path& path,
                                          std::string_view format);

/// Begins the JSON of a file that is to call itself so.
[[nodiscard]] FieldWriter formatted_writer(std::string_view format);

/// Reads what the table of `value` says. @throws IoError  naming the file and the field
template <typename T>
void read_formatted(const std::filesystem::path& path, std::string_view format, T& value) {
  const nlohmann::json json = read_result_json(path);
  try {
    FieldReader fields(formatted_fields(json, path, format));
    describe(fields, value);
  } catch (const ConfigError& error) {
    // What JsonFields finds names the file already; names and ranges do not.
    const bool named = std::string_view(error.what()).starts_with(path.string());
    throw IoError(named ? error.what() : fmt::format("{}: {}", path.string(), error.what()));
  }
}

/// The text of a file that is to call itself so.
template <typename T>
[[nodiscard]] std::string formatted_text(std::string_view format, const T& value) {
  FieldWriter fields = formatted_writer(format);
  describe(fields, value);
  return json_text(fields.take()) + "\n";
}

}  // namespace relax_spectro::core
