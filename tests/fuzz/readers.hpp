#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace relax_spectro::fuzz {

/// A reader of files, as a function of the bytes of one.
struct Reader {
  std::string_view name;  ///< also of the folder of its corpus
  /// Reads the bytes as such a file. The library's own errors are what a damaged file is to give;
  /// whatever else gets out is a finding.
  /// @throws std::logic_error  a promise of the reader was broken: the message says which.
  void (*read)(std::span<const std::uint8_t> bytes);
};

/// Every reader.
[[nodiscard]] std::span<const Reader> readers();

/// A recording.
void read_as_audio(std::span<const std::uint8_t> bytes);
/// A table of boxes.
void read_as_boxes(std::span<const std::uint8_t> bytes);
/// A list of recordings: from `f` on a table (also one that a batch wrote), else a path a line.
void read_as_recording_list(std::span<const std::uint8_t> bytes);
/// A model card; or, from `PK` on, a model that may have one inside.
void read_as_model_card(std::span<const std::uint8_t> bytes);
/// A `.npz`, and a `.npy`.
void read_as_npz(std::span<const std::uint8_t> bytes);
/// A file of masks: a bundle of arrays (split_bundle).
void read_as_mask_file(std::span<const std::uint8_t> bytes);
/// The JSON of a result, of a flipping, or of a sanity check.
void read_as_result_json(std::span<const std::uint8_t> bytes);
/// A result: a bundle of its JSON and its arrays.
void read_as_result(std::span<const std::uint8_t> bytes);
/// A flipping: a bundle likewise.
void read_as_flipping(std::span<const std::uint8_t> bytes);
/// Weights as torch.save writes them: from `PK` on a zip archive, else the format before it.
void read_as_state_dict(std::span<const std::uint8_t> bytes);

}  // namespace relax_spectro::fuzz
