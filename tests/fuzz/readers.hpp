#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace relax_spectro::fuzz {

/// A reader of files, as a function of a file's bytes.
struct Reader {
  std::string_view name;  ///< also the name of its corpus folder
  /// Reads the bytes as such a file. The library's own errors are the right response to a damaged
  /// file. Any other exception is a finding.
  /// @throws std::logic_error  the reader broke a promise; the message says which.
  void (*read)(std::span<const std::uint8_t> bytes);
};

/// Every reader.
[[nodiscard]] std::span<const Reader> readers();

/// A recording.
void read_as_audio(std::span<const std::uint8_t> bytes);
/// A table of boxes.
void read_as_boxes(std::span<const std::uint8_t> bytes);
/// A list of recordings. Bytes that begin with `f` are a table (possibly of a batch), others have a
/// path on each line.
void read_as_recording_list(std::span<const std::uint8_t> bytes);
/// A model card. Bytes that begin with `PK` are a model, which may contain a card.
void read_as_model_card(std::span<const std::uint8_t> bytes);
/// A `.npz`, and a `.npy`.
void read_as_npz(std::span<const std::uint8_t> bytes);
/// A file of masks: a bundle of arrays (split_bundle).
void read_as_mask_file(std::span<const std::uint8_t> bytes);
/// The JSON of a result, of a flipping, or of a sanity check.
void read_as_result_json(std::span<const std::uint8_t> bytes);
/// A result: a bundle of its JSON and its arrays.
void read_as_result(std::span<const std::uint8_t> bytes);
/// A flipping: a similar bundle.
void read_as_flipping(std::span<const std::uint8_t> bytes);
/// Weights from torch.save. Bytes that begin with `PK` are a zip archive, others have the older
/// format.
void read_as_state_dict(std::span<const std::uint8_t> bytes);

}  // namespace relax_spectro::fuzz
