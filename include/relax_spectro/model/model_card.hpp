#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/audio/front_end.hpp"

namespace relax_spectro {

enum class InputAxis { batch, channel, time, frequency, samples };
enum class Activation { softmax, sigmoid, none };

/// The shape of the network's input tensor.
struct InputLayout {
  std::vector<InputAxis> axes;  ///< batch first; channel is optional; samples: of a waveform
  std::size_t window_frames = 0;
  std::size_t hop_frames = 0;
  bool variable_length = false;
  std::size_t channels = 1;  ///< copies of the spectrogram, one a channel; 1 to 16
  // Only for a network that takes the waveform:
  std::size_t window_samples = 0;            ///< length of a window
  std::size_t hop_samples = 0;               ///< from window to window
  std::optional<std::string> spectrogram{};  ///< the tensor that is masked

  [[nodiscard]] bool takes_waveform() const;
};

/// Where a tensor is in a method's return value.
struct OutputPlace {
  std::string method = "forward";
  std::size_t position = 0;          ///< in a tuple; 0 for a single tensor
  std::optional<std::string> key{};  ///< in a dict; takes precedence over `position`
};

/// What a TorchScript file does not state about itself: see models/CARD.md.
struct ModelCard {
  std::string name;
  std::string description;
  std::string licence;
  std::string source;
  std::optional<std::string> sha256;  ///< of the model file, lower-case hexadecimal
  FrontEndConfig front_end;
  InputLayout input;
  std::optional<OutputPlace> embedding;
  std::optional<OutputPlace> class_scores;
  Activation activation = Activation::none;
  double temperature = 1.0;  ///< the activation takes class scores divided by it
  std::vector<std::string> labels;
  std::string notes_json = "{}";  ///< the free part, as JSON text

  /// Whether the axes of the spectrogram are known. For a network that takes the waveform, loading
  /// it measures them, unless its card has them.
  [[nodiscard]] bool has_axes() const;

  /// @throws ConfigError  naming the field, its value and its range.
  void validate() const;
};

/// Reads a card from JSON text. `origin` names it in errors.
/// @throws ConfigError  not JSON, or a field is unknown, missing, of another type or out of range.
[[nodiscard]] ModelCard parse_model_card(std::string_view json_text, std::string_view origin);

/// The card as JSON text, with every field.
[[nodiscard]] std::string to_json(const ModelCard& card);

/// Finds and reads the card of a model file. It is either beside the model (same stem, `.json`) or
/// inside it (the extra file `relax_spectro.json`). No code of the model is run. A path that ends
/// in `.json` is read as the card itself.
/// @throws IoError      the model file is missing or unreadable.
/// @throws ModelError   there is no card; the message shows one to fill in.
/// @throws ConfigError  the card is not valid.
[[nodiscard]] ModelCard read_model_card(const std::filesystem::path& model_path);

/// The same with the axes of the spectrogram. Loads the model if only it can tell them.
/// @throws as read_model_card and load_model
[[nodiscard]] ModelCard read_card_with_axes(const std::filesystem::path& model_path);

}  // namespace relax_spectro
