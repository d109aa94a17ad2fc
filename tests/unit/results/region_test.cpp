#include "results/region.hpp"

#include <limits>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "results/region_table.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"

using namespace relax_spectro;
using test::flat_result;
using test::raise;

namespace {

/// 35 x 35 bins with a region of 5 x 5 bins. Frames are 0.1 s and bands 100 Hz apart, starting at 0
/// s and 100 Hz.
Result map_with_region(std::size_t row, std::size_t column) {
  Result map = flat_result();
  raise(map.explanation.contrast, row, column, 5, 4.0);
  map.provenance.input_duration_s = 3.45;
  return map;
}

RegionOptions by_error(double standard_errors) {
  RegionOptions options;
  options.threshold = {RegionThreshold::Kind::standard_error, standard_errors};
  options.min_bins = 1;
  return options;
}

}  // namespace

TEST_CASE("a region is told from edge to edge of its bins, with its peak and mean") {
  Result map = map_with_region(10, 20);
  map.explanation.contrast(12, 22) = 9.0;
  map.explanation.saliency.importance(12, 22) = 0.8;
  for (const RegionOptions& options : {RegionOptions{}, by_error(3.0)}) {
    const std::vector<Region> regions = salient_regions(map, options);
    REQUIRE(regions.size() == 1);
    CHECK(regions[0].box.begin_s == Approx(1.95));
    CHECK(regions[0].box.end_s == Approx(2.45));
    CHECK(regions[0].box.low_hz == Approx(1050.0));
    CHECK(regions[0].box.high_hz == Approx(1550.0));
    CHECK(regions[0].bins == 25);
    CHECK(regions[0].peak_importance == 0.8);
    CHECK(regions[0].mean_contrast == Approx((24 * 4.0 + 9.0) / 25.0));
  }
}

TEST_CASE(
    "bins that touch at a corner are one region, others are in the order of their beginnings") {
  Result map = map_with_region(10, 20);
  raise(map.explanation.contrast, 15, 25, 5, 4.0);  // at the corner
  raise(map.explanation.contrast, 25, 3, 5, 4.0);
  raise(map.explanation.contrast, 2, 3, 5, 4.0);
  const std::vector<Region> regions = salient_regions(map, by_error(3.0));
  REQUIRE(regions.size() == 3);
  CHECK(regions[0].box.low_hz == Approx(250.0));
  CHECK(regions[1].box.low_hz == Approx(2550.0));
  CHECK(regions[2].bins == 50);
  CHECK(regions[2].box.end_s == Approx(2.95));
  CHECK(regions[2].box.high_hz == Approx(2050.0));
}

TEST_CASE("regions smaller than asked for are dropped") {
  Result map = map_with_region(10, 20);
  map.explanation.contrast(30, 30) = 9.0;
  RegionOptions options = by_error(3.0);
  CHECK(salient_regions(map, options).size() == 2);
  options.min_bins = 2;
  CHECK(salient_regions(map, options).size() == 1);
  options.min_bins = 26;
  CHECK(salient_regions(map, options).empty());
}

TEST_CASE("standard errors decide bin by bin") {
  Result map = map_with_region(10, 20);
  map.explanation.saliency.standard_error(10, 20) = 2.0;
  CHECK(salient_regions(map, by_error(3.0)).at(0).bins == 24);
  map.explanation.saliency.standard_error(10, 21) = std::numeric_limits<double>::quiet_NaN();
  CHECK(salient_regions(map, by_error(3.0)).at(0).bins == 23);
  CHECK(salient_regions(map, by_error(5.0)).empty());
}

TEST_CASE("what is below a window's mean is never salient") {
  Result map = flat_result();
  map.provenance.input_duration_s = 3.45;
  for (double& value : map.explanation.contrast.values) value = -1.0;
  raise(map.explanation.contrast, 0, 0, 20, -4.0);
  CHECK(salient_regions(map, {}).empty());
}

TEST_CASE("padding has no regions, and a region at the end ends with the recording") {
  Result map = map_with_region(10, 20);
  raise(map.explanation.contrast, 10, 30, 5, 4.0);
  map.provenance.input_duration_s = 3.13;
  const std::vector<Region> regions = salient_regions(map, by_error(3.0));
  REQUIRE(regions.size() == 2);
  CHECK(regions[1].bins == 10);
  CHECK(regions[1].box.end_s == 3.13);
}

TEST_CASE("a region at the lower edges begins at 0, half a band below the lowest") {
  const std::vector<Region> regions = salient_regions(map_with_region(0, 0), by_error(3.0));
  CHECK(regions.at(0).box.begin_s == 0.0);
  CHECK(regions.at(0).box.low_hz == Approx(50.0));
}

TEST_CASE("thresholds of regions are written as they are read, and others are refused") {
  for (const char* text : {"otsu", "se:3", "se:2.5"}) {
    CHECK(to_string(RegionThreshold::parse(text)) == text);
  }
  for (const char* text : {"mean", "se:", "se:x", "se", "3"}) {
    CHECK_THROWS_AS(RegionThreshold::parse(text), ConfigError);
  }
  CHECK_THROWS_AS(salient_regions(flat_result(), by_error(-1.0)), ConfigError);
  Result sweep = flat_result();
  sweep.explanation.windows[0].blocks = 0;
  CHECK_THROWS_WITH(salient_regions(sweep, by_error(3.0)), Catch::Contains("no standard errors"));
}

const std::string kWrittenBy(version());

TEST_CASE("tables hold what a region is, in the columns of each reader") {
  const std::vector<Region> regions{{{0.5, 1.25, 100.0, 2000.5}, 30, 0.75, 0.125}};
  CHECK(regions_csv(regions, "a, \"b\".wav", "x") ==
        "file,start_s,end_s,low_hz,high_hz,label,relax_spectro\n"
        "\"a, \"\"b\"\".wav\",0.500000,1.250000,100.000,2000.500,x," +
            kWrittenBy + "\n");
  CHECK(raven_table(regions, 2, "a\tb") ==
        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
        "Peak Importance\tMean Contrast\tBins\tAnnotation\trelax_spectro\n"
        "1\tSpectrogram 1\t2\t0.500000\t1.250000\t100.000\t2000.500\t0.75\t0.125\t30\ta b\t" +
            kWrittenBy + "\n");
  CHECK(audacity_labels(regions, "a\nb") ==
        "0.500000\t1.250000\ta b\n\\\t100.000000\t2000.500000\n");
  CHECK(audacity_labels({}, "x").empty());
}
