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
Result map_with_region(std::size_t row, std::size_t column, double height = 4.0) {
  Result map = flat_result();
  raise(map.explanation.contrast, row, column, 5, height);
  map.provenance.input_duration_s = 3.45;
  return map;
}

RegionOptions at(const char* threshold) { return {RegionThreshold::parse(threshold)}; }

std::size_t count(const Result& map, const RegionOptions& options = {}) {
  return salient_regions(map, options).size();
}

}  // namespace

TEST_CASE("a region is told from edge to edge of its bins, with its peak") {
  Result map = map_with_region(10, 20);
  map.explanation.contrast(12, 22) = 7.0;
  for (double& error : map.explanation.saliency.standard_error.values) error = 2.0;
  for (const char* threshold : {"se:3", "otsu", "3.5"}) {
    const std::vector<Region> regions = salient_regions(map, at(threshold));
    REQUIRE(regions.size() == 1);
    CHECK(regions[0].box.begin_s == Approx(1.95));
    CHECK(regions[0].box.end_s == Approx(2.45));
    CHECK(regions[0].box.low_hz == Approx(1050.0));
    CHECK(regions[0].box.high_hz == Approx(1550.0));
    CHECK(regions[0].peak_contrast == 7.0);
    CHECK(*regions[0].standard_errors == 3.5);
  }
}

TEST_CASE(
    "bins that touch at a corner are one region, others are in the order of their beginnings") {
  Result map = map_with_region(10, 20);
  raise(map.explanation.contrast, 15, 25, 5, 5.0);  // at the corner
  raise(map.explanation.contrast, 25, 3, 5, 4.0);
  raise(map.explanation.contrast, 2, 3, 5, 6.0);
  const std::vector<Region> regions = salient_regions(map, {});
  REQUIRE(regions.size() == 3);
  CHECK(regions[0].box.low_hz == Approx(250.0));
  CHECK(regions[1].box.low_hz == Approx(2550.0));
  CHECK(regions[2].box.begin_s == Approx(1.95));
  CHECK(regions[2].box.end_s == Approx(2.95));
  CHECK(regions[2].box.high_hz == Approx(2050.0));
  const std::vector<Region> top = salient_regions(map, {{}, 0.0, 2});
  REQUIRE(top.size() == 2);
  CHECK(top[0].peak_contrast == 6.0);
  CHECK(top[1].peak_contrast == 5.0);
  CHECK(count(map, {{}, 0.8}) == 2);
  CHECK_THROWS_AS(count(map, {{}, 1.1}), ConfigError);
}

TEST_CASE("a region ends at half of its peak, and is parted where it falls below half") {
  Result map = map_with_region(10, 5, 10.0);
  raise(map.explanation.contrast, 10, 10, 5, 3.9);  // a bridge, then a lower peak
  raise(map.explanation.contrast, 10, 15, 5, 8.0);
  std::vector<Region> regions = salient_regions(map, {});
  REQUIRE(regions.size() == 2);
  CHECK(regions[0].box.end_s == Approx(0.95));
  CHECK(regions[1].box.begin_s == Approx(1.45));
  CHECK(regions[1].peak_contrast == 8.0);
  raise(map.explanation.contrast, 10, 10, 5, 0.2);  // half of the lower peak
  regions = salient_regions(map, {});
  REQUIRE(regions.size() == 1);
  CHECK(regions[0].box.begin_s == Approx(0.45));
  CHECK(regions[0].box.end_s == Approx(1.95));
}

TEST_CASE("one bin above the threshold is enough for a region") {
  Result map = map_with_region(10, 20);
  Array2d<double>& error = map.explanation.saliency.standard_error;
  raise(error, 10, 20, 5, std::numeric_limits<double>::quiet_NaN());
  CHECK(count(map) == 0);
  for (double& value : error.values) value = 2.0;
  CHECK(count(map) == 0);
  error(11, 21) = 1.0;
  const std::vector<Region> regions = salient_regions(map, {});
  REQUIRE(regions.size() == 1);
  CHECK(*regions[0].standard_errors == 4.0);
  CHECK(regions[0].box.begin_s == Approx(1.95));
  CHECK(regions[0].box.end_s == Approx(2.45));
  CHECK(count(map, at("se:4")) == 0);
  CHECK(count(map, at("4")) == 0);
  CHECK(count(map, at("3.9")) == 1);
}

TEST_CASE("what is below a window's mean is never salient") {
  Result map = flat_result();
  map.provenance.input_duration_s = 3.45;
  for (double& value : map.explanation.contrast.values) value = -1.0;
  raise(map.explanation.contrast, 0, 0, 20, -4.0);
  for (const char* threshold : {"se:0", "otsu", "0"}) CHECK(count(map, at(threshold)) == 0);
}

TEST_CASE("padding has no regions, and a region at the end ends with the recording") {
  Result map = map_with_region(10, 20);
  raise(map.explanation.contrast, 10, 30, 5, 4.0);
  map.provenance.input_duration_s = 3.13;
  const std::vector<Region> regions = salient_regions(map, {});
  REQUIRE(regions.size() == 2);
  CHECK(regions[1].box.begin_s == Approx(2.95));
  CHECK(regions[1].box.end_s == 3.13);
}

TEST_CASE("a region at the lower edges begins at 0, half a band below the lowest") {
  const std::vector<Region> regions = salient_regions(map_with_region(0, 0), {});
  CHECK(regions.at(0).box.begin_s == 0.0);
  CHECK(regions.at(0).box.low_hz == Approx(50.0));
}

TEST_CASE("a region across a seam is one, named by its peak's class, unless classes differ") {
  Result map = map_with_region(10, 18);
  map.explanation.contrast(12, 19) = 5.0;
  map.card.labels = {"dog", "rooster"};
  map.explanation.windows.resize(2, map.explanation.windows[0]);
  map.explanation.windows[0].frames = {0, 20};
  map.explanation.windows[1].frames = {20, 15};
  CHECK(salient_regions(map, {}).at(0).label == "salient");
  map.explanation.windows[0].heard = {{1, "rooster", 0.75}, {0, "dog", 0.2}};
  map.explanation.windows[1].heard = {{0, "dog", 0.9}};
  std::vector<Region> regions = salient_regions(map, {});
  REQUIRE(regions.size() == 1);
  CHECK(regions[0].label == "rooster");
  CHECK(regions[0].heard == "rooster 0.75, dog 0.20");
  map.explanation.windows[0].class_index = 0;
  map.explanation.windows[1].class_index = 2;
  regions = salient_regions(map, {});
  REQUIRE(regions.size() == 2);
  CHECK(regions[0].label == "dog");
  CHECK(regions[1].label == "class 2");
  CHECK(regions[1].box.begin_s == Approx(1.95));
}

TEST_CASE("thresholds of regions are written as they are read, and others are refused") {
  for (const char* text : {"otsu", "se:3", "se:2.5", "3", "0.01"}) {
    CHECK(to_string(RegionThreshold::parse(text)) == text);
  }
  CHECK(to_string(RegionThreshold{}) == "se:3");
  for (const char* text : {"mean", "se:", "se:x", "se", "", "3x", "nan"}) {
    CHECK_THROWS_AS(RegionThreshold::parse(text), ConfigError);
  }
  CHECK_THROWS_AS(salient_regions(flat_result(), at("se:-1")), ConfigError);
  CHECK_THROWS_AS(salient_regions(flat_result(), at("-1")), ConfigError);
  Result few = map_with_region(10, 20);
  for (double& error : few.explanation.saliency.standard_error.values) {
    error = std::numeric_limits<double>::quiet_NaN();
  }
  CHECK_THROWS_WITH(salient_regions(few, {}), Catch::Contains("no standard errors"));
  CHECK(count(few, at("3")) == 1);
  for (double& error : few.explanation.saliency.standard_error.values) error = 0.0;  // a sweep
  CHECK(!salient_regions(few, {}).at(0).standard_errors);
}

const std::string kWrittenBy(version());

TEST_CASE("tables hold what a region is, in the columns of each reader") {
  const Region region{{0.5, 1.25, 100.0, 2000.5}, 0.75, 4.25, "x\ty", "x\ty 0.90"};
  const std::vector<RecordingRegions> results{{"/r/a, \"b\".wav", "top", 2, 3.5, {region}},
                                              {"/r/c.wav", "top", 1, 4.0, {}},
                                              {"/r/a, \"b\".wav", "top", 1, 10.0, {region}},
                                              {"/r/d.wav", "top", 1, 4.0, {region}}};
  CHECK(regions_csv({results.data(), 1}) ==
        "file,score,start_s,end_s,low_hz,high_hz,label,peak_contrast,standard_errors,heard,"
        "relax_spectro\n"
        "\"/r/a, \"\"b\"\".wav\",top,0.500,1.250,100.0,2000.5,x\ty,0.75,4.25,x\ty 0.90," +
            kWrittenBy + "\n");
  const std::string ending = "\ttop\t0.75\t4.25\tx y 0.90\tx y\t" + kWrittenBy + "\n";
  const std::string path = "/r/a, \"b\".wav\ta, \"b\".wav";
  CHECK(raven_table(results) ==
        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
        "Begin Path\tBegin File\tFile Offset (s)\tScore\tPeak Contrast\tStandard Errors\tHeard\t"
        "Annotation\trelax_spectro\n"
        "1\tSpectrogram 1\t2\t0.500\t1.250\t100.0\t2000.5\t" +
            path + "\t0.500" + ending + "2\tSpectrogram 1\t1\t0.500\t1.250\t100.0\t2000.5\t" +
            path + "\t0.500" + ending +
            "3\tSpectrogram 1\t1\t14.500\t15.250\t100.0\t2000.5\t/r/d.wav\td.wav\t0.500" + ending);
  CHECK(audacity_labels({&region, 1}) == "0.500000\t1.250000\tx y\n\\\t100.000000\t2000.500000\n");
  CHECK(audacity_labels({}).empty());
}
