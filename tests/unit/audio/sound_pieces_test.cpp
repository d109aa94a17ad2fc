#include "audio/sound_pieces.hpp"

#include "audio/sound_file.hpp"
#include "support/catch.hpp"
#include "support/front_ends.hpp"
#include "support/largest_difference.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

TEST_CASE("a recording in pieces is the whole recording") {
  const FrontEndConfig config = GENERATE(test::efficientat_front_end(), test::vggish_front_end());
  const int rate_hz = GENERATE(8000, 44100, 48000);
  const double duration_s = GENERATE(0.9, 20.3, 45.0);
  CAPTURE(config.sample_rate_hz, rate_hz, duration_s);
  const test::TemporaryFolder folder;
  const auto path = folder / "long.wav";
  const std::vector<Audio> channels{test::noise(duration_s, rate_hz),
                                    test::sine(1000.0, duration_s, rate_hz, 0.3)};
  test::write_sound(path, interleaved(channels), 2, rate_hz);

  const Spectrogram whole = FrontEnd(config)(read_audio(path), 120);
  const Spectrogram in_pieces = spectrogram_of(path, {}, config, whole.values.columns);
  CHECK(test::largest_difference(in_pieces.time_s, whole.time_s) <= 1e-9);
  CHECK(test::largest_difference(in_pieces.values.values, whole.values.values) <= 1e-3);

  SoundPieces pieces(path, {}, config, whole.values.columns);
  SoundJoin join(config, rate_hz);
  SoundPiece piece;
  std::vector<std::vector<float>> joined(2);
  while (pieces.next(piece)) {
    const std::vector<Audio> ready = join.add(piece, piece.channels);
    for (std::size_t c = 0; c < 2; ++c) {
      joined[c].insert(joined[c].end(), ready[c].samples.begin(), ready[c].samples.end());
    }
  }
  for (std::size_t c = 0; c < 2; ++c) {
    REQUIRE(joined[c].size() == channels[c].samples.size());
    CHECK(test::largest_difference(joined[c], channels[c].samples) <= 1e-7);
  }
}
