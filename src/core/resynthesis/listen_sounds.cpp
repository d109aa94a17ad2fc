#include "resynthesis/listen_sounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "audio/sound_reader.hpp"

namespace relax_spectro {

GrowingSound::GrowingSound(const std::filesystem::path& wav, Overwrite overwrite,
                           int sample_rate_hz, std::size_t channels)
    : sample_rate_hz_(sample_rate_hz),
      channels_(channels),
      file_(wav, overwrite),
      waiting_(std::filesystem::path(wav).replace_extension("float.wav"), overwrite) {
  file_.write("");  // a folder that refuses it is told with the name of the wav
  writer_.emplace(waiting_.temporary_path(), sample_rate_hz, channels, SampleFormat::float_32,
                  std::numeric_limits<std::size_t>::max(), "");
}

void GrowingSound::add(std::span<const float> interleaved) {
  for (const float sample : interleaved) {
    peak_ = std::max(peak_, std::abs(static_cast<double>(sample)));
  }
  frames_ += interleaved.size() / channels_;
  writer_->write(interleaved);
}

void GrowingSound::add_file(const std::filesystem::path& path, const AudioOptions& options) {
  core::SoundReader reader(path, options);
  std::vector<float> block;
  while (reader.read(block)) add(block);
}

WrittenSound GrowingSound::finish(double most_peak, const std::string& comment) {
  writer_->finish();
  const double level = peak_ > most_peak ? most_peak / peak_ : 1.0;
  WavWriter writer(file_.temporary_path(), sample_rate_hz_, channels_, SampleFormat::pcm_24,
                   frames_, comment);
  core::SoundReader reader(waiting_.temporary_path(), {{}, true});
  std::vector<float> block;
  while (reader.read(block)) {
    if (level < 1.0) {
      for (float& sample : block) sample *= static_cast<float>(level);
    }
    writer.write(block);
  }
  writer.finish();
  WrittenSound written;
  written.file = file_.place().filename().string();
  written.level_db = 20.0 * std::log10(level);
  return written;
}

ListenSounds::ListenSounds(std::filesystem::path stem, Overwrite overwrite)
    : stem_(std::move(stem)),
      overwrite_(overwrite),
      summary_(stem_.string() + ".listen.json", overwrite) {}

GrowingSound& ListenSounds::begin(const std::string& name, const Audio& recording) {
  sounds_.push_back(std::make_unique<GrowingSound>(
      stem_.string() + "." + name + ".wav", overwrite_, recording.sample_rate_hz,
      static_cast<std::size_t>(recording.channels_of_file)));
  return *sounds_.back();
}

void ListenSounds::commit(const ListenResult& result) {
  summary_.write(to_json(result));
  summary_.clear_place();
  for (const auto& sound : sounds_) sound->commit();
  summary_.commit();
}

}  // namespace relax_spectro
