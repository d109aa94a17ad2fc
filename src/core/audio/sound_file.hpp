#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/audio/audio.hpp"

namespace relax_spectro {

enum class SampleFormat { pcm_24, float_32 };

/// A wav that is written block by block, with the mark of this tool. Samples of 24 bits beyond full
/// scale are clipped. Above 4 GiB it is an RF64.
class WavWriter {
 public:
  /// @param most_frames  that will be written.
  /// @param comment      how the sound was made; stored in the file.
  /// @throws IoError  it cannot be written.
  WavWriter(std::filesystem::path path, int sample_rate_hz, std::size_t channels,
            SampleFormat format, std::size_t most_frames, const std::string& comment);
  ~WavWriter();
  WavWriter(const WavWriter&) = delete;
  WavWriter& operator=(const WavWriter&) = delete;

  /// @param interleaved  whole frames.  @throws IoError
  void write(std::span<const float> interleaved);
  /// @throws IoError  the file could not be finished.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The frames of channels of the same length, interleaved.
[[nodiscard]] std::vector<float> interleaved(std::span<const Audio> channels);

}  // namespace relax_spectro
