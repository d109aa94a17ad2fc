#include "relax_spectro/result_reader.hpp"

#include <fmt/format.h>

#include "json_fields.hpp"
#include "json_text.hpp"
#include "relax_spectro/error.hpp"
#include "relax_spectro/output_file.hpp"
#include "result_format.hpp"

namespace relax_spectro {
namespace {

using core::JsonFields;

// A result holds its model's card two levels down.
constexpr int kDeepest = core::kDeepestCard + 2;

void require_result(JsonFields& fields) {
  const auto format = fields.get<std::string>("format");
  if (format != core::kResultFormat) {
    fields.fail("format", fmt::format("is '{}', expected '{}': the .json that relax-spectro "
                                      "explain writes",
                                      format, core::kResultFormat));
  }
  const int version = fields.get<int>("format_version");
  if (version > core::kResultFormatVersion) {
    fields.fail("format_version",
                fmt::format("is {}; this version reads {}: use the relax-spectro that wrote it, or "
                            "a newer one",
                            version, core::kResultFormatVersion));
  }
  if (version < 1) fields.fail("format_version", fmt::format("is {}, expected 1 or more", version));
}

/// A field that holds one of an enumeration's names.
template <typename Parse>
auto named(JsonFields& fields, const std::string& field, const Parse& parse) {
  const auto name = fields.get<std::string>(field);
  try {
    return parse(name);
  } catch (const ConfigError& error) {
    fields.fail(field, fmt::format("is '{}': {}", name, error.what()));
  }
}

ResultWindow read_window(JsonFields fields) {
  ResultWindow window;
  window.first_frame_s = fields.get<double>("first_frame_s");
  window.last_frame_s = fields.get<double>("last_frame_s");
  window.masks = fields.get<std::size_t>("masks");
  if (window.masks == 0) fields.fail("masks", "is 0, expected 1 or more");
  window.noise_to_contrast = fields.get_or_null<double>("noise_to_contrast");
  if (window.noise_to_contrast && *window.noise_to_contrast < 0.0) {
    fields.fail("noise_to_contrast",
                fmt::format("is {}, expected 0 or more, or null", *window.noise_to_contrast));
  }
  return window;
}

nlohmann::json read_json(const std::filesystem::path& path) {
  try {
    return core::parse_json(read_text_file(path), path.string(), kDeepest);
  } catch (const ConfigError& error) {
    throw IoError(
        fmt::format("{} (expected the .json of a result, whole, as relax-spectro explain "
                    "writes it)",
                    error.what()));
  }
}

ResultSummary read_summary(const std::filesystem::path& path) {
  const nlohmann::json json = read_json(path);
  JsonFields fields(json, {path.string(), "data/FORMAT.md describes the fields of a result"});
  require_result(fields);
  ResultSummary summary;
  summary.input_path = fields.object("input").get<std::string>("path");
  JsonFields options = fields.object("options");
  JsonFields masks = options.object("masks");
  summary.family = named(masks, "family", parse_mask_family);
  summary.estimator = named(options, "estimator", parse_estimator);
  for (const JsonFields& window : fields.objects("windows")) {
    summary.windows.push_back(read_window(window));
  }
  if (summary.windows.empty()) fields.fail("windows", "is empty, expected one or more");
  return summary;
}

}  // namespace

ResultSummary read_result_summary(const std::filesystem::path& path) {
  try {
    return read_summary(path);
  } catch (const ConfigError& error) {  // to a card a request that is wrong; here a file that is
    throw IoError(error.what());
  }
}

}  // namespace relax_spectro
