#include "resynthesis/long_part.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/front_ends.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

TEST_CASE("a part in pieces has the log-mel that it says") {
  const FrontEndConfig config = test::vggish_front_end();
  const Audio sound = test::noise(45.0, 22050);
  const test::TemporaryFolder folder;
  const auto path = folder / "long.wav";
  test::write_sound(path, sound.samples, 1, sound.sample_rate_hz);
  const std::size_t frames = FrontEnd(config)(sound).values.columns;
  RecordingWindows recording;
  recording.spectrogram = spectrogram_of(path, {}, config, frames);
  recording.windows = {{0, frames}};
  Array2d<float> weight(config.bands, frames);
  for (std::size_t i = 0; i < weight.values.size(); ++i) {
    weight.values[i] =
        static_cast<float>(0.5 + 0.5 * std::cos(0.02 * static_cast<double>(i % frames)));
  }
  const PartKind kind = GENERATE(PartKind::salient, PartKind::rest);
  LongPart part(kind, config, recording, weight, parse_fill("silence"), 1, {});
  SoundPieces pieces(path, {}, config, frames);
  SoundJoin join(config, sound.sample_rate_hz);
  SoundPiece piece;
  std::size_t count = 0;
  Audio joined = sound;
  joined.samples.clear();
  for (; pieces.next(piece); ++count) {
    const std::vector<Audio> ready = join.add(piece, part.add(piece));
    joined.samples.insert(joined.samples.end(), ready[0].samples.begin(), ready[0].samples.end());
  }
  CHECK(count == 3);
  REQUIRE(joined.samples.size() == sound.samples.size());
  const Array2d<float> heard = FrontEnd(config)(joined).values;
  const Array2d<float> wanted = part.wanted({0, frames});
  CHECK(log_mel_error(config, heard, part.heard({0, frames}), weight).all <= 0.01);
  CHECK(log_mel_error(config, heard, wanted, weight).all == Approx(part.error().all).epsilon(0.01));
  CHECK(log_mel_error(config, recording.spectrogram.values, wanted, weight).all >
        5.0 * part.error().all);
}
