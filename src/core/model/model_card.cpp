#include "relax_spectro/model/model_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/enum_names.hpp"
#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

using core::EnumNames;
using core::JsonFields;
using nlohmann::ordered_json;
using namespace std::string_view_literals;

constexpr int kCardVersion = 1;
constexpr std::string_view kHint = "models/CARD.md describes the fields";

constexpr EnumNames kWindowShapes{
    "front_end.window", std::array{std::pair{WindowShape::hann_periodic, "hann_periodic"sv},
                                   std::pair{WindowShape::hann_symmetric, "hann_symmetric"sv}}};
constexpr EnumNames kWindowPositions{"front_end.window_position",
                                     std::array{std::pair{WindowPosition::start, "start"sv},
                                                std::pair{WindowPosition::centre, "centre"sv}}};
constexpr EnumNames kPaddings{
    "front_end.padding",
    std::array{std::pair{Padding::none, "none"sv}, std::pair{Padding::reflect, "reflect"sv},
               std::pair{Padding::zero, "zero"sv}}};
constexpr EnumNames kSpectra{"front_end.spectrum",
                             std::array{std::pair{SpectrumKind::magnitude, "magnitude"sv},
                                        std::pair{SpectrumKind::power, "power"sv}}};
constexpr EnumNames kMelScales{
    "front_end.mel_scale",
    std::array{std::pair{MelScale::htk, "htk"sv}, std::pair{MelScale::slaney, "slaney"sv}}};
constexpr EnumNames kTriangleDomains{"front_end.triangle_domain",
                                     std::array{std::pair{TriangleDomain::mel, "mel"sv},
                                                std::pair{TriangleDomain::hertz, "hertz"sv}}};
constexpr EnumNames kBandNorms{
    "front_end.band_norm",
    std::array{std::pair{BandNorm::none, "none"sv}, std::pair{BandNorm::slaney, "slaney"sv},
               std::pair{BandNorm::sum, "sum"sv}}};
constexpr EnumNames kLogBases{
    "front_end.log.base", std::array{std::pair{LogBase::e, "e"sv}, std::pair{LogBase::ten, "10"sv},
                                     std::pair{LogBase::none, "none"sv}}};
constexpr EnumNames kWindowNorms{
    "front_end.normalisation.window",
    std::array{std::pair{WindowNorm::none, "none"sv},
               std::pair{WindowNorm::mean_deviation, "mean_deviation"sv},
               std::pair{WindowNorm::largest, "largest"sv}}};
constexpr EnumNames kInputAxes{
    "input.axes",
    std::array{std::pair{InputAxis::batch, "batch"sv}, std::pair{InputAxis::channel, "channel"sv},
               std::pair{InputAxis::time, "time"sv}, std::pair{InputAxis::frequency, "frequency"sv},
               std::pair{InputAxis::samples, "samples"sv}}};
constexpr EnumNames kActivations{
    "outputs.class_scores.activation",
    std::array{std::pair{Activation::softmax, "softmax"sv},
               std::pair{Activation::sigmoid, "sigmoid"sv}, std::pair{Activation::none, "none"sv}}};

/// Parses a name with its table. Errors begin with the card's name.
template <typename Names>
auto named(JsonFields& fields, const Names& names, const std::string& field, auto otherwise) {
  const auto name = fields.get_or<std::string>(field, std::string(names.name_of(otherwise)));
  return names.parse(name);
}

FrontEndConfig read_front_end(JsonFields fields) {
  FrontEndConfig config;
  config.sample_rate_hz = fields.get<int>("sample_rate_hz");
  config.pre_emphasis = fields.get_or("pre_emphasis", config.pre_emphasis);
  config.window = named(fields, kWindowShapes, "window", config.window);
  config.window_samples = fields.get<std::size_t>("window_samples");
  config.fft_samples = fields.get<std::size_t>("fft_samples");
  config.hop_samples = fields.get<std::size_t>("hop_samples");
  config.window_position =
      named(fields, kWindowPositions, "window_position", config.window_position);
  config.padding = named(fields, kPaddings, "padding", config.padding);
  config.spectrum = named(fields, kSpectra, "spectrum", config.spectrum);
  config.mel_scale = named(fields, kMelScales, "mel_scale", config.mel_scale);
  config.triangle_domain =
      named(fields, kTriangleDomains, "triangle_domain", config.triangle_domain);
  config.band_norm = named(fields, kBandNorms, "band_norm", config.band_norm);
  config.bands = fields.get<std::size_t>("bands");
  config.low_hz = fields.get<double>("low_hz");
  config.high_hz = fields.get<double>("high_hz");
  if (fields.has("log")) {
    JsonFields log = fields.object("log");
    config.log_base = named(log, kLogBases, "base", config.log_base);
    config.log_scale = log.get_or("scale", config.log_scale);
    config.log_multiplier = log.get_or("multiplier", config.log_multiplier);
    config.log_floor = log.get_or("floor", config.log_floor);
    config.log_offset = log.get_or("offset", config.log_offset);
    config.log_range = log.get_or("range", config.log_range);
    log.refuse_others();
  }
  if (fields.has("normalisation")) {
    JsonFields normalisation = fields.object("normalisation");
    config.normalisation_subtract = normalisation.get_or("subtract", config.normalisation_subtract);
    config.normalisation_divide = normalisation.get_or("divide", config.normalisation_divide);
    config.normalisation_window =
        named(normalisation, kWindowNorms, "window", config.normalisation_window);
    normalisation.refuse_others();
  }
  fields.refuse_others();
  return config;
}

/// The front end of a network that takes the waveform. All its axes are given, or none.
FrontEndConfig read_own_front_end(JsonFields fields) {
  FrontEndConfig config;
  config.sample_rate_hz = fields.get<int>("sample_rate_hz");
  if (fields.has("frequency_hz")) {
    config.own.emplace();
    config.own->frequency_hz = fields.numbers("frequency_hz");
    config.own->first_frame_s = fields.get<double>("first_frame_s");
    config.own->silence = fields.get_or("silence", config.own->silence);
    config.bands = config.own->frequency_hz.size();
    config.window_samples = fields.get<std::size_t>("window_samples");
    config.hop_samples = fields.get<std::size_t>("hop_samples");
    config.low_hz = fields.get<double>("low_hz");
    config.high_hz = fields.get<double>("high_hz");
  }
  fields.refuse_others();
  return config;
}

InputLayout read_input(JsonFields fields) {
  InputLayout input;
  for (const std::string& axis : fields.texts("axes")) {
    input.axes.push_back(kInputAxes.parse(axis));
  }
  if (input.takes_waveform()) {
    input.window_samples = fields.get<std::size_t>("window_samples");
    input.hop_samples = fields.get_or("hop_samples", input.window_samples);
    if (fields.has("spectrogram")) input.spectrogram = fields.get<std::string>("spectrogram");
    input.window_frames = fields.get_or("window_frames", input.window_frames);
    input.hop_frames = fields.get_or("hop_frames", input.hop_frames);
    fields.refuse_others();
    return input;
  }
  input.window_frames = fields.get<std::size_t>("window_frames");
  input.hop_frames = fields.get_or("hop_frames", input.window_frames);
  input.variable_length = fields.get_or("variable_length", false);
  input.channels = fields.get_or("channels", input.channels);
  fields.refuse_others();
  return input;
}

OutputPlace read_place(JsonFields& fields) {
  OutputPlace place;
  place.method = fields.get_or("method", place.method);
  place.position = fields.get_or("position", place.position);
  if (fields.has("key")) place.key = fields.get<std::string>("key");
  return place;
}

void read_outputs(JsonFields fields, ModelCard& card) {
  if (fields.has("embedding")) {
    JsonFields embedding = fields.object("embedding");
    card.embedding = read_place(embedding);
    embedding.refuse_others();
  }
  if (fields.has("class_scores")) {
    JsonFields class_scores = fields.object("class_scores");
    card.class_scores = read_place(class_scores);
    card.activation = kActivations.parse(class_scores.get<std::string>("activation"));
    card.temperature = class_scores.get_or("temperature", card.temperature);
    class_scores.refuse_others();
  }
  fields.refuse_others();
}

ModelCard read_card(const nlohmann::json& json, std::string_view origin) {
  JsonFields fields(json, {std::string(origin), std::string(kHint)});
  const int version = fields.get<int>("card_version");
  if (version != kCardVersion) {
    fields.fail("card_version", fmt::format("is {}; this version reads {}", version, kCardVersion));
  }
  ModelCard card;
  card.name = fields.get<std::string>("name");
  card.description = fields.get_or<std::string>("description", "");
  card.licence = fields.get_or<std::string>("licence", "");
  card.source = fields.get_or<std::string>("source", "");
  if (fields.has("sha256")) card.sha256 = fields.get<std::string>("sha256");
  card.input = read_input(fields.object("input"));
  card.front_end = card.input.takes_waveform() ? read_own_front_end(fields.object("front_end"))
                                               : read_front_end(fields.object("front_end"));
  read_outputs(fields.object("outputs"), card);
  if (fields.has("labels")) card.labels = fields.texts("labels");
  if (fields.has("notes")) card.notes_json = core::json_text(fields.required("notes"));
  fields.refuse_others();
  card.validate();
  return card;
}

ordered_json place_json(const OutputPlace& place) {
  ordered_json json{{"method", place.method}};
  if (place.key) {
    json["key"] = *place.key;
  } else {
    json["position"] = place.position;
  }
  return json;
}

ordered_json own_front_end_json(const FrontEndConfig& config) {
  ordered_json json{{"sample_rate_hz", config.sample_rate_hz}};
  if (!config.own) return json;
  json.update({{"window_samples", config.window_samples},
               {"hop_samples", config.hop_samples},
               {"first_frame_s", config.own->first_frame_s},
               {"low_hz", config.low_hz},
               {"high_hz", config.high_hz},
               {"frequency_hz", config.own->frequency_hz},
               {"silence", config.own->silence}});
  return json;
}

ordered_json front_end_json(const FrontEndConfig& config) {
  ordered_json json{
      {"sample_rate_hz", config.sample_rate_hz},
      {"pre_emphasis", config.pre_emphasis},
      {"window", kWindowShapes.name_of(config.window)},
      {"window_samples", config.window_samples},
      {"fft_samples", config.fft_samples},
      {"hop_samples", config.hop_samples},
      {"window_position", kWindowPositions.name_of(config.window_position)},
      {"padding", kPaddings.name_of(config.padding)},
      {"spectrum", kSpectra.name_of(config.spectrum)},
      {"mel_scale", kMelScales.name_of(config.mel_scale)},
      {"triangle_domain", kTriangleDomains.name_of(config.triangle_domain)},
      {"band_norm", kBandNorms.name_of(config.band_norm)},
      {"bands", config.bands},
      {"low_hz", config.low_hz},
      {"high_hz", config.high_hz},
      {"log",
       {{"base", kLogBases.name_of(config.log_base)},
        {"scale", config.log_scale},
        {"multiplier", config.log_multiplier},
        {"floor", config.log_floor},
        {"offset", config.log_offset}}},
      {"normalisation",
       {{"subtract", config.normalisation_subtract}, {"divide", config.normalisation_divide}}}};
  if (config.log_range > 0.0) json["log"]["range"] = config.log_range;
  if (config.normalisation_window != WindowNorm::none) {
    json["normalisation"]["window"] = kWindowNorms.name_of(config.normalisation_window);
  }
  return json;
}

void validate_axes(const std::vector<InputAxis>& axes) {
  const auto count = [&axes](InputAxis axis) { return std::count(axes.begin(), axes.end(), axis); };
  const auto others = axes.size() - static_cast<std::size_t>(count(InputAxis::channel));
  const bool spectrogram =
      others == 3 && count(InputAxis::time) == 1 && count(InputAxis::frequency) == 1;
  const bool waveform = others == 2 && count(InputAxis::samples) == 1;
  if (axes.empty() || axes.front() != InputAxis::batch || count(InputAxis::batch) != 1 ||
      count(InputAxis::channel) > 1 || (!spectrogram && !waveform)) {
    throw ConfigError(
        "input.axes: expected batch first, then time and frequency, once each, and optionally "
        "channel; or, for a network that takes the waveform, batch, optionally channel, and "
        "samples");
  }
}

void validate_waveform(const InputLayout& input) {
  constexpr std::size_t kMostWindowSamples = std::size_t{1} << 26;
  if (input.window_samples < 2 || input.window_samples > kMostWindowSamples) {
    throw ConfigError(fmt::format("input.window_samples is {}; expected 2 to {}",
                                  input.window_samples, kMostWindowSamples));
  }
  if (input.hop_samples < 1 || input.hop_samples > input.window_samples) {
    throw ConfigError(fmt::format("input.hop_samples is {}; expected 1 to window_samples ({})",
                                  input.hop_samples, input.window_samples));
  }
}

void validate_channels(const InputLayout& input) {
  constexpr std::size_t kMostChannels = 16;
  if (input.channels < 1 || input.channels > kMostChannels) {
    throw ConfigError(
        fmt::format("input.channels is {}; expected 1 to {}", input.channels, kMostChannels));
  }
  if (input.channels > 1 && std::ranges::find(input.axes, InputAxis::channel) == input.axes.end()) {
    throw ConfigError(
        fmt::format("input.channels is {}, but input.axes has no channel", input.channels));
  }
}

void validate_frames(const InputLayout& input, const FrontEndConfig& front_end) {
  front_end.validate();
  // The limit only keeps a damaged card from requesting all memory.
  constexpr std::size_t kMostBins = std::size_t{1} << 24;
  if (input.window_frames < 1 || input.window_frames > kMostBins / front_end.bands) {
    throw ConfigError(fmt::format("input.window_frames is {}; expected 1 to {} with {} bands",
                                  input.window_frames, kMostBins / front_end.bands,
                                  front_end.bands));
  }
  if (input.hop_frames < 1 || input.hop_frames > input.window_frames) {
    throw ConfigError(fmt::format("input.hop_frames is {}; expected 1 to window_frames ({})",
                                  input.hop_frames, input.window_frames));
  }
}

}  // namespace

bool InputLayout::takes_waveform() const {
  return std::ranges::find(axes, InputAxis::samples) != axes.end();
}

bool ModelCard::has_axes() const {
  return !input.takes_waveform() || (front_end.own && input.window_frames > 0);
}

void ModelCard::validate() const {
  if (name.empty()) throw ConfigError("name is empty; expected the model's name for figures");
  validate_axes(input.axes);
  validate_channels(input);
  if (input.takes_waveform()) validate_waveform(input);
  if (has_axes()) validate_frames(input, front_end);
  if (!embedding && !class_scores) {
    throw ConfigError("outputs is empty; expected embedding, class_scores or both");
  }
  if (!(temperature > 0.0 && std::isfinite(temperature))) {
    throw ConfigError(fmt::format(
        "outputs.class_scores.temperature is {}; expected a number above 0", temperature));
  }
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (sha256 && (sha256->size() != 64 || !std::all_of(sha256->begin(), sha256->end(), is_hex))) {
    throw ConfigError(
        fmt::format("sha256 is '{}'; expected 64 lower-case hexadecimal digits", *sha256));
  }
}

ModelCard parse_model_card(std::string_view json_text, std::string_view origin) {
  try {
    return read_card(core::parse_json(json_text, origin), origin);
  } catch (const ConfigError& error) {
    // Errors of JsonFields already name the card; errors about names and ranges do not.
    if (std::string_view(error.what()).starts_with(origin)) throw;
    throw ConfigError(fmt::format("{}: {} ({})", origin, error.what(), kHint));
  }
}

std::string to_json(const ModelCard& card) {
  ordered_json json{{"card_version", kCardVersion},
                    {"name", card.name},
                    {"description", card.description},
                    {"licence", card.licence},
                    {"source", card.source}};
  if (card.sha256) json["sha256"] = *card.sha256;
  const bool takes_waveform = card.input.takes_waveform();
  json["front_end"] =
      takes_waveform ? own_front_end_json(card.front_end) : front_end_json(card.front_end);
  ordered_json axes = ordered_json::array();
  for (const InputAxis axis : card.input.axes) axes.push_back(kInputAxes.name_of(axis));
  json["input"] = {{"axes", axes}};
  if (takes_waveform) {
    json["input"]["window_samples"] = card.input.window_samples;
    json["input"]["hop_samples"] = card.input.hop_samples;
    if (card.input.spectrogram) json["input"]["spectrogram"] = *card.input.spectrogram;
  }
  if (card.has_axes()) {
    json["input"]["window_frames"] = card.input.window_frames;
    json["input"]["hop_frames"] = card.input.hop_frames;
  }
  if (!takes_waveform) json["input"]["variable_length"] = card.input.variable_length;
  if (card.input.channels > 1) json["input"]["channels"] = card.input.channels;
  json["outputs"] = ordered_json::object();
  if (card.embedding) json["outputs"]["embedding"] = place_json(*card.embedding);
  if (card.class_scores) {
    json["outputs"]["class_scores"] = place_json(*card.class_scores);
    json["outputs"]["class_scores"]["activation"] = kActivations.name_of(card.activation);
    if (card.temperature != 1.0) json["outputs"]["class_scores"]["temperature"] = card.temperature;
  }
  json["labels"] = card.labels;
  json["notes"] = ordered_json::parse(card.notes_json);
  return core::json_text(json);
}

}  // namespace relax_spectro
