#include "relax_spectro/occlusion/fill.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

constexpr float kSilence = -4.6F;

Array2d<float> small_window() {
  Array2d<float> window(2, 3);
  window.values = {1, 2, 3, -4, 0, 7};
  return window;
}

std::vector<float> filled(const char* name) {
  return make_fill(parse_fill(name), small_window(), kSilence, 1).values;
}

}  // namespace

TEST_CASE("fills are what their names say") {
  CHECK(filled("zero") == std::vector<float>(6, 0.0F));
  CHECK(filled("silence") == std::vector<float>(6, kSilence));
  CHECK(filled("min") == std::vector<float>(6, -4.0F));
  CHECK(filled("mean") == std::vector<float>(6, 1.5F));
  CHECK(filled("band-mean") == std::vector<float>{2, 2, 2, 1, 1, 1});
  CHECK(filled("constant:-3.25") == std::vector<float>(6, -3.25F));
}

TEST_CASE("noise has each band's mean and spread, and depends on the seed alone") {
  Array2d<float> window(2, 20000);
  for (std::size_t t = 0; t < window.columns; ++t) {
    window(0, t) = t % 2 == 0 ? 4.0F : 6.0F;  // mean 5, SD 1
    window(1, t) = -2.0F;                     // mean -2, SD 0
  }
  const Fill noise = parse_fill("noise");
  const Array2d<float> fill = make_fill(noise, window, kSilence, 7);
  const auto row = fill.row(0);
  const double mean = std::accumulate(row.begin(), row.end(), 0.0) / 20000.0;
  double squares = 0.0;
  for (const float value : row) squares += std::pow(static_cast<double>(value) - mean, 2);
  CHECK(mean == Approx(5.0).margin(5.0 / std::sqrt(20000.0)));
  CHECK(std::sqrt(squares / 20000.0) == Approx(1.0).epsilon(0.03));
  CHECK(std::ranges::all_of(fill.row(1), [](float value) { return value == -2.0F; }));
  CHECK(make_fill(noise, window, kSilence, 7).values == fill.values);
  CHECK(make_fill(noise, window, kSilence, 8).values != fill.values);
}

TEST_CASE("blur spreads a point as a Gaussian and leaves a constant alone") {
  Array2d<float> point(41, 61);
  point(20, 30) = 1.0F;
  const Fill blur = parse_fill("blur:2");
  const Array2d<float> fill = make_fill(blur, point, kSilence, 0);
  const auto gauss = [](double x) {
    return std::exp(-x * x / 8.0) / std::sqrt(2.0 * 3.14159265358979 * 4.0);
  };
  CHECK(fill(20, 30) == Approx(gauss(0) * gauss(0)).epsilon(0.01));
  CHECK(fill(18, 33) == Approx(gauss(2) * gauss(3)).epsilon(0.01));
  CHECK(std::accumulate(fill.values.begin(), fill.values.end(), 0.0) == Approx(1.0).epsilon(1e-5));
  for (const float value : make_fill(blur, Array2d<float>(9, 9, 3.0F), kSilence, 0).values) {
    REQUIRE(value == Approx(3.0F));
  }
}

TEST_CASE("fills are written as they are read") {
  for (const char* name :
       {"zero", "silence", "min", "mean", "band-mean", "constant:-3.25", "noise", "blur:2"}) {
    CHECK(to_string(parse_fill(name)) == name);
  }
}

TEST_CASE("unknown fills and parameters are refused") {
  CHECK_THROWS_WITH(
      parse_fill("median"),
      "fill 'median' is not known; it is one of: zero, silence, min, mean, band-mean, "
      "constant, noise, blur");
  CHECK_THROWS_WITH(parse_fill("constant"), "fill constant:VALUE: '' is not a number");
  CHECK_THROWS_WITH(parse_fill("constant:loud"), Catch::Contains("'loud' is not a number"));
  CHECK_THROWS_WITH(parse_fill("constant:nan"), Catch::Contains("is not a number"));
  CHECK_THROWS_WITH(parse_fill("blur:0"), Catch::Contains("sigma above 0"));
  CHECK_THROWS_WITH(parse_fill("mean:3"), Catch::Contains("takes no parameter"));
}
