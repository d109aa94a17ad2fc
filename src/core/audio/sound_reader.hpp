#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/audio/audio.hpp"

namespace relax_spectro::core {

/// Reads a recording, or a part of it, block by block from its beginning to its end.
class SoundReader {
 public:
  /// @throws as read_audio()
  SoundReader(const std::filesystem::path& path, const AudioOptions& options);
  ~SoundReader();
  SoundReader(const SoundReader&) = delete;
  SoundReader& operator=(const SoundReader&) = delete;

  /// The next block: interleaved frames of all channels, whichever is heard.
  /// @returns false at the end.  @throws as read_audio()
  [[nodiscard]] bool read(std::vector<float>& interleaved);

  /// The rate, the begin and the number of channels of the file, without samples.
  [[nodiscard]] Audio no_samples() const;

  /// About the file. They are complete at the end.
  [[nodiscard]] const std::vector<std::string>& warnings() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Appends one channel of interleaved frames (1 is the first), or the mean of all channels.
void append_channel(std::span<const float> interleaved, int channels, std::optional<int> channel,
                    std::vector<float>& samples);

}  // namespace relax_spectro::core
