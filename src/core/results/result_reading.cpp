#include "results/result_reading.hpp"

#include <fmt/format.h>

#include "files/json_text.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/occlusion/score.hpp"
#include "results/result_format.hpp"

namespace relax_spectro::core {
namespace {

// A result holds its model's card two levels down.
constexpr int kDeepest = kDeepestCard + 2;

SourceFile read_source(JsonFields fields) {
  return {fields.get<std::string>("path"), fields.get<std::string>("sha256")};
}

/// The form of batches: a number, or a text that --batch-size takes.
BatchForm read_batch_form(JsonFields& options) {
  const std::string text = options.required("batch_size").is_string()
                               ? options.get<std::string>("batch_size")
                               : std::to_string(options.get<std::size_t>("batch_size"));
  try {
    return parse_batch_form(text);
  } catch (const ConfigError& error) {
    options.fail("batch_size", fmt::format("cannot be used: {}", error.what()));
  }
}

}  // namespace

JsonOrigin result_origin(const std::filesystem::path& path) {
  return {path.string(), "data/FORMAT.md describes the fields of a result"};
}

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
    throw IoError(
        fmt::format("{} (expected the .json of a result, whole, as relax-spectro explain "
                    "writes it)",
                    error.what()));
  }
}

void require_format(JsonFields& fields, std::string_view format, std::string_view made_by) {
  const auto found = fields.get<std::string>("format");
  if (found != format) {
    fields.fail("format", fmt::format("is '{}', expected '{}': the .json that relax-spectro "
                                      "explain{}{} writes",
                                      found, format, made_by.empty() ? "" : " ", made_by));
  }
  const int version = fields.get<int>("format_version");
  if (version > kResultFormatVersion) {
    fields.fail("format_version",
                fmt::format("is {}; this version reads {}: use the relax-spectro that wrote it, or "
                            "a newer one",
                            version, kResultFormatVersion));
  }
  if (version < 1) fields.fail("format_version", fmt::format("is {}, expected 1 or more", version));
}

nlohmann::json options_of(const nlohmann::json& result) {
  nlohmann::json options = result.at("options");
  options.emplace("precision", to_string(Precision::single));
  return options;
}

Provenance read_provenance(JsonFields& fields) {
  Provenance provenance;
  provenance.command_line = fields.get<std::string>("command_line");
  provenance.runtime = fields.get<std::string>("runtime");
  provenance.seconds = fields.get<double>("seconds");
  JsonFields input = fields.object("input");
  provenance.input = read_source(input);
  provenance.input_sample_rate_hz = input.get<int>("sample_rate_hz");
  provenance.input_duration_s = input.get<double>("duration_s");
  if (input.required("channel") != "mean") provenance.input_channel = input.get<int>("channel");
  provenance.model = read_source(fields.object("model"));
  JsonFields options = fields.object("options");
  provenance.model_options.device = options.get<std::string>("device");
  provenance.model_options.optimise = options.get<bool>("optimise");
  provenance.model_options.precision =
      parse_precision(options.get_or("precision", std::string("single")));
  if (!options.required("reference").is_null()) {
    provenance.reference = read_source(options.object("reference"));
  }
  JsonFields masks = options.object("masks");
  if (masks.has("file")) {
    provenance.masks_file = {masks.get<std::string>("file"), masks.get<std::string>("sha256")};
  }
  return provenance;
}

EngineUse read_engine_use(JsonFields engine, JsonFields& options) {
  EngineUse use;
  use.batch = read_batch_form(options);
  use.workers = options.get<int>("workers");
  use.threads = options.get<int>("threads");
  use.windows = engine.get<std::size_t>("windows");
  use.seconds = engine.get<double>("seconds");
  use.forward_seconds = engine.get<double>("forward_share") * use.seconds * use.workers;
  if (engine.has("precision_deviation")) {
    use.precision_deviation = engine.get<double>("precision_deviation");
  }
  if (engine.has("warnings")) use.warnings = read_texts(engine, "warnings");
  return use;
}

std::vector<HeardClass> read_heard(JsonFields& window) {
  std::vector<HeardClass> heard;
  if (!window.has("heard")) return heard;
  for (JsonFields& one : window.objects("heard")) {
    heard.push_back({one.get<std::size_t>("class"), one.get_or("label", std::string()),
                     one.get_or_null<double>("probability")});
  }
  return heard;
}

ResultPredictions read_predictions(JsonFields& result) {
  ResultPredictions predictions;
  const auto score = result.object("options").get<std::string>("score");
  predictions.are_measured = parse_score(score).is_of_top_class();
  JsonFields card = result.object("model").object("card");
  const std::vector<std::string> labels =
      card.has("labels") ? read_texts(card, "labels") : std::vector<std::string>();
  for (JsonFields& window : result.objects("windows")) {
    predictions.windows.push_back(read_heard(window));
    if (!predictions.windows.back().empty() || !predictions.are_measured) continue;
    const auto index = window.get<std::size_t>("class_index");
    predictions.windows.back() = {{index, index < labels.size() ? labels[index] : "", {}}};
  }
  return predictions;
}

std::vector<std::string> read_texts(JsonFields& fields, const std::string& field) {
  const nlohmann::json& list = fields.required(field);
  std::vector<std::string> texts;
  for (const nlohmann::json& item : list) {
    if (!item.is_string()) break;
    texts.push_back(item.get<std::string>());
  }
  if (!list.is_array() || texts.size() != list.size()) {
    fields.fail(field, "is not a list of texts");
  }
  return texts;
}

}  // namespace relax_spectro::core
