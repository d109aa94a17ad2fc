#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/sound_file.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "resynthesis/listen_file.hpp"

namespace relax_spectro {

/// A sound that is made block by block. Its level is known at its end, so until then it waits beside
/// its place, in float.
class GrowingSound {
 public:
  GrowingSound(const std::filesystem::path& wav, Overwrite overwrite, int sample_rate_hz,
               std::size_t channels);

  void add(std::span<const float> interleaved);
  /// Adds all of another recording. @throws as read_audio()
  void add_file(const std::filesystem::path& path, const AudioOptions& options = {});

  /// Writes the wav. If the sound is louder than `most_peak`, it is made quieter.
  /// @param comment  how it was made.
  [[nodiscard]] WrittenSound finish(double most_peak, const std::string& comment);

  /// Where the wav is after finish() and before commit().
  [[nodiscard]] const std::filesystem::path& temporary_path() const {
    return file_.temporary_path();
  }
  void commit() { file_.commit(); }

 private:
  int sample_rate_hz_;
  std::size_t channels_;
  OutputFile file_;
  OutputFile waiting_;  // never committed
  std::optional<WavWriter> writer_;
  std::size_t frames_ = 0;
  double peak_ = 0.0;
};

/// The sounds of a result, which get their names together.
class ListenSounds {
 public:
  ListenSounds(std::filesystem::path stem, Overwrite overwrite);

  /// NAME.<name>.wav, of the rate and the channels of a recording.
  [[nodiscard]] GrowingSound& begin(const std::string& name, const Audio& recording);

  /// See Note [The JSON is there only where the result is whole].
  void commit(const ListenResult& result);

 private:
  std::filesystem::path stem_;
  Overwrite overwrite_;
  OutputFile summary_;
  std::vector<std::unique_ptr<GrowingSound>> sounds_;
};

}  // namespace relax_spectro
