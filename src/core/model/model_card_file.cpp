#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "files/input_file.hpp"
#include "files/zip_archive.hpp"
#include "model/model_format.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kMostCardBytes = std::size_t{16} << 20;

/// An example card for users to start from: EfficientAT's MobileNetV3.
constexpr std::string_view kExampleCard = R"({
  "card_version": 1,
  "name": "my-model",
  "front_end": {
    "sample_rate_hz": 32000, "pre_emphasis": 0.97,
    "window": "hann_symmetric", "window_samples": 800, "fft_samples": 1024, "hop_samples": 320,
    "spectrum": "power", "mel_scale": "htk", "triangle_domain": "mel",
    "bands": 128, "low_hz": 0, "high_hz": 15000,
    "log": {"base": "e", "offset": 1e-5}, "normalisation": {"subtract": -4.5, "divide": 5}
  },
  "input": {"axes": ["batch", "channel", "frequency", "time"], "window_frames": 501},
  "outputs": {"embedding": {"position": 1}, "class_scores": {"position": 0, "activation": "sigmoid"}}
})";

// TorchScript stores extra files in the archive as <name>/extra/<file>.
std::optional<std::string> embedded_card(const std::filesystem::path& model_path) {
  const std::optional<core::ZipArchive> archive = core::ZipArchive::open_if_zip(model_path);
  if (!archive) return std::nullopt;
  constexpr std::string_view kEnding = "/extra/relax_spectro.json";
  for (const std::string& name : archive->names()) {
    if (name.ends_with(kEnding)) {
      const std::vector<char> content = archive->read(name, kMostCardBytes);
      return std::string(content.begin(), content.end());
    }
  }
  return std::nullopt;
}

/// A JSON beside a model may be a result with the same name. All JSON files of this tool state
/// their format.
bool says_our_format(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("format")) return false;
  const nlohmann::json& format = json.at("format");
  return format.is_string() && format.get<std::string>().starts_with("relax-spectro");
}

}  // namespace

ModelCard read_model_card(const std::filesystem::path& model_path) {
  if (model_path.extension() == ".json") {
    return parse_model_card(read_text_file(model_path), model_path.string());
  }
  core::require_readable_file(model_path);
  std::filesystem::path beside = model_path;
  beside.replace_extension(".json");
  std::error_code ignored;
  if (std::filesystem::exists(beside, ignored)) {
    const std::string text = read_text_file(beside);
    if (!says_our_format(text)) return parse_model_card(text, beside.string());
  }
  if (const auto inside = embedded_card(model_path)) {
    return parse_model_card(*inside, model_path.string() + " (the card inside)");
  }
  core::require_network(model_path);
  throw ModelError(fmt::format(
      "{}: has no model card, neither beside it ({}) "
      "nor inside it (relax_spectro.json). Write {} along these lines, "
      "with your model's own front end and outputs (models/CARD.md describes every field):\n"
      "{}",
      model_path.string(), beside.filename().string(), beside.string(), kExampleCard));
}

}  // namespace relax_spectro
