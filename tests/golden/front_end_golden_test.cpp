#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "files/npz.hpp"
#include "golden/shared_data.hpp"
#include "relax_spectro/audio/front_end.hpp"
#include "support/catch.hpp"
#include "support/front_ends.hpp"

using namespace relax_spectro;
using test::shared_file;

namespace {

constexpr double kLogMelTolerance = 1e-4;
constexpr double kMatrixTolerance = 1e-6;

NumericArray reference(const std::string& name) {
  return read_npy(shared_file("data/reference/" + name + ".npy"));
}

void report(const std::string& name, double error) {
  fmt::print("{:<28} largest error {:.2e}\n", name, error);
}

/// Transposed, because VGGish's package has (bins, bands).
double matrix_error(const Array2d<double>& matrix, const NumericArray& expected, bool transposed) {
  double largest = 0.0;
  for (std::size_t band = 0; band < matrix.rows; ++band) {
    for (std::size_t bin = 0; bin < matrix.columns; ++bin) {
      const std::size_t i = transposed ? bin * matrix.rows + band : band * matrix.columns + bin;
      largest = std::max(largest, std::abs(matrix(band, bin) - expected.values[i]));
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("mel matrices equal the published packages'", "[front-ends]") {
  const NumericArray vggish = reference("vggish_mel_matrix_257x64");
  const double vggish_error = matrix_error(mel_matrix(test::vggish_front_end()), vggish, true);
  report("vggish mel matrix", vggish_error);
  CHECK(vggish_error <= kMatrixTolerance);

  const NumericArray efficientat = reference("efficientat_mel_matrix_128x513");
  const double error = matrix_error(mel_matrix(test::efficientat_front_end()), efficientat, false);
  report("efficientat mel matrix", error);
  CHECK(error <= kMatrixTolerance);
}

TEST_CASE("VGGish log-mels equal the published package's", "[front-ends]") {
  const std::string clip =
      GENERATE("dog", "rooster", "rain", "sneeze", "chainsaw", "dog_silence", "sine1k");
  const NumericArray expected = reference(clip + "_vggish_logmel");  // (patches, 96, 64)
  const Spectrogram spectrogram = FrontEnd(test::vggish_front_end())(
      read_audio(shared_file("data/reference/" + clip + "_16k.wav")));
  const std::vector<FrameRange> patches =
      cut_windows(spectrogram.values.columns, 96, 96, Tail::drop);
  REQUIRE(patches.size() == expected.shape[0]);
  double largest = 0.0;
  for (std::size_t p = 0; p < patches.size(); ++p) {
    for (std::size_t t = 0; t < 96; ++t) {
      for (std::size_t band = 0; band < 64; ++band) {
        const double difference =
            static_cast<double>(spectrogram.values(band, patches[p].begin + t)) -
            expected.values[(p * 96 + t) * 64 + band];
        largest = std::max(largest, std::abs(difference));
      }
    }
  }
  report(clip + " vggish", largest);
  CHECK(largest <= kLogMelTolerance);
}

TEST_CASE("EfficientAT log-mels equal the published package's", "[front-ends]") {
  const std::string clip = GENERATE("dog", "rooster", "rain", "sneeze", "chainsaw", "dog_silence");
  const NumericArray expected = reference(clip + "_mn_logmel");  // (128, T)
  const Spectrogram spectrogram = FrontEnd(test::efficientat_front_end())(
      read_audio(shared_file("data/reference/" + clip + "_32k.wav")));
  REQUIRE(spectrogram.values.rows == expected.shape[0]);
  REQUIRE(spectrogram.values.columns == expected.shape[1]);
  double largest = 0.0;
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    largest = std::max(
        largest, std::abs(static_cast<double>(spectrogram.values.values[i]) - expected.values[i]));
  }
  report(clip + " efficientat", largest);
  CHECK(largest <= kLogMelTolerance);
}
