#include "results/result_json.hpp"

#include "files/json_text.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::core {
namespace {

/// Version of data/FORMAT.md, which covers all three formats.
constexpr int kVersion = 2;

// A result contains its model's card two levels down.
constexpr int kDeepest = kDeepestCard + 2;

}  // namespace

nlohmann::json read_result_json(const std::filesystem::path& path) {
  const std::string text = read_text_file(path);
  constexpr std::string_view kBefore = " \t\r\n\xef\xbb\xbf";
  const std::size_t first = text.find_first_not_of(kBefore);
  if (first == std::string::npos || (text[first] != '{' && text[first] != '[')) {
    throw IoError(
        fmt::format("{}: is not JSON, expected the .json of a result; explain a recording first, "
                    "with relax-spectro explain",
                    path.string()));
  }
  try {
    return parse_json(text, path.string(), kDeepest);
  } catch (const ConfigError& error) {
    throw IoError(fmt::format(
        "{} (expected the .json of a result, as relax-spectro explain writes it)", error.what()));
  }
}

JsonFields formatted_fields(const nlohmann::json& json, const std::filesystem::path& path,
                            std::string_view format) {
  JsonFields fields(json, {path.string(), "data/FORMAT.md describes the fields of a result"});
  const auto found = fields.get<std::string>("format");
  if (found != format) {
    const std::string_view stage = format == kResultFormat ? "relax-spectro explain" : format;
    fields.fail("format", fmt::format("is '{}', expected '{}': the .json that {} writes", found,
                                      format, stage));
  }
  const int version = fields.get<int>("format_version");
  if (version != kVersion) {
    fields.fail("format_version",
                fmt::format("is {}; this version reads {}: use the relax-spectro that wrote it, or "
                            "make it again",
                            version, kVersion));
  }
  return fields;
}

FieldWriter formatted_writer(std::string_view format) {
  FieldWriter fields;
  fields("format", std::string(format));
  fields("format_version", kVersion);
  return fields;
}

}  // namespace relax_spectro::core
