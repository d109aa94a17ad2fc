#include "evaluation/boxes.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

BoxTable read(const std::string& text) {
  const test::TemporaryFolder folder;
  write_text_file(folder / "boxes.csv", text, Overwrite::no);
  return read_boxes(folder / "boxes.csv");
}

void refuses(const std::string& text, const std::string& expected) {
  CHECK_THROWS_AS(read(text), IoError);
  CHECK_THROWS_WITH(read(text), Catch::Contains("boxes.csv: " + expected));
}

/// Frames every 0.1 s, the first at 0.05 s; bands every 100 Hz, the first at 50 Hz.
struct Axes {
  std::vector<double> time_s = std::vector<double>(10);
  std::vector<double> frequency_hz = std::vector<double>(8);

  Axes() {
    for (std::size_t t = 0; t < time_s.size(); ++t) time_s[t] = 0.05 + 0.1 * double(t);
    for (std::size_t f = 0; f < frequency_hz.size(); ++f)
      frequency_hz[f] = 50.0 + 100.0 * double(f);
  }
  [[nodiscard]] SpectrogramExtent extent() const { return {time_s, frequency_hz, 1.0, 1000.0}; }
};

Array2d<std::uint8_t> inside_of(const AnnotatedBox& box) {
  const Axes axes;
  return bins_inside(std::vector{box}, axes.extent(), "boxes.csv");
}

std::size_t count(const Array2d<std::uint8_t>& inside) {
  return std::accumulate(inside.values.begin(), inside.values.end(), std::size_t{0});
}

}  // namespace

TEST_CASE("a CSV of boxes is read, whatever the order of its columns") {
  const BoxTable table = read(
      "label,high_hz,extra,end_s,start_s,low_hz,file\r\n"
      "\"call, \"\"A\"\"\",8000,x,1.5,0.25,200.5,dog.wav\r\n"
      "\r\n"
      "song,,,3,2,,\"C:\\folder\\cat.wav\"\r\n");
  CHECK(table.names_recordings);
  REQUIRE(table.boxes.size() == 2);
  CHECK(table.boxes[0].start_s == 0.25);
  CHECK(table.boxes[0].end_s == 1.5);
  CHECK(table.boxes[0].low_hz == 200.5);
  CHECK(table.boxes[0].high_hz == 8000.0);
  CHECK(table.boxes[0].label == "call, \"A\"");
  CHECK(table.boxes[0].recording == "dog.wav");
  CHECK(table.boxes[0].line == 2);
  CHECK(table.boxes[1].low_hz == 0.0);
  CHECK(std::isinf(table.boxes[1].high_hz));
  CHECK(table.boxes[1].recording == "C:\\folder\\cat.wav");
  CHECK(table.boxes[1].line == 4);
}

TEST_CASE("boxes may say when alone") {
  const BoxTable table = read("\xEF\xBB\xBFStart_s, end_s\n1, 2.5\n");
  CHECK_FALSE(table.names_recordings);
  REQUIRE(table.boxes.size() == 1);
  CHECK(table.boxes[0].start_s == 1.0);
  CHECK(table.boxes[0].end_s == 2.5);
  CHECK(table.boxes[0].label.empty());
}

TEST_CASE("quotes of quoted fields are told from those within them") {
  const auto label = [](const std::string& field) {
    return read("start_s,end_s,label\n0,1," + field + "\n").boxes.at(0).label;
  };
  CHECK(label("\"\"").empty());
  CHECK(label("\"\"\"\"") == "\"");
  CHECK(label("\"\"\"a\"\"\"") == "\"a\"");
  CHECK(label("\"a\"\",b\"") == "a\",b");
  CHECK(label("\"\"\",b\"") == "\",b");
  CHECK(label("\"a,b\"") == "a,b");
}

TEST_CASE("tables with tabs are read, quoted or not") {
  CHECK(read("start_s\tend_s\tlabel\n0\t1\t5\" call\n").boxes.at(0).label == "5\" call");
  CHECK(read("\"\"\t\"start_s\"\t\"end_s\"\t\"label\"\n\"1\"\t0\t1\t\"a call\"\n")
            .boxes.at(0)
            .label == "a call");
}

TEST_CASE("a selection of Raven is one box, whatever the views that show it") {
  const std::string header =
      "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
      "Begin File\tSpecies\n";
  const BoxTable table = read(header +
                              "1\tWaveform 1\t1\t1.5\t2.0\t\t\tdog.wav\t\n"
                              "1\tSpectrogram 1\t1\t1.5\t2.0\t300.0\t4000.0\tdog.wav\tdog\n"
                              "2\tSpectrogram 2\t1\t3.5\t4.0\t300.0\t4000.0\tcat.wav\n"
                              "2\tWaveform 1\t1\t3.5\t4.0\t0\t8000\tcat.wav\n"
                              "3\tWaveform 1\t1\t5\t6\t0\t8000\tcat.wav\n"
                              "1\tSpectrogram 1\t1\t1.5\t2.0\t300.0\t4000.0\tcat.wav\tcat\n");
  CHECK(table.names_recordings);
  REQUIRE(table.boxes.size() == 4);
  CHECK(table.boxes[0].low_hz == 300.0);
  CHECK(table.boxes[0].high_hz == 4000.0);
  CHECK(table.boxes[0].label == "dog");
  CHECK(table.boxes[0].line == 2);
  CHECK(table.boxes[1].high_hz == 4000.0);
  CHECK(table.boxes[1].label.empty());
  CHECK(table.boxes[2].high_hz == 8000.0);
  CHECK(table.boxes[3].recording == "cat.wav");  // the same number in another table
}

TEST_CASE("tables of other programs are read by their own columns") {
  const auto first = [](const std::string& text) { return read(text).boxes.at(0); };
  const AnnotatedBox birdnet = first(
      "Selection\tView\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tCommon Name\t"
      "Species Code\tBegin Path\tFile Offset (s)\n"
      "1\tSpectrogram 1\t61\t64\t0\t7000\tGull\tgul\tC:\\night\\a.wav\t1\n");
  CHECK(birdnet.label == "Gull");
  CHECK(birdnet.recording == "C:\\night\\a.wav");
  CHECK(birdnet.start_s == 1.0);
  const AnnotatedBox birdnet_csv = first(
      "Start (s),End (s),Scientific name,Common name,Confidence,File\n3,6,Larus,Gull,.8,a.wav\n");
  CHECK(birdnet_csv.start_s == 3.0);
  CHECK(birdnet_csv.label == "Gull");
  const AnnotatedBox kaleidoscope = first(
      "INDIR,FOLDER,IN FILE,OFFSET,DURATION,Fmin,Fmax,AUTO ID,MANUAL ID\n"
      "D:\\bats,site1,b.wav,1.5,0.25,20000,45000,PIPI,\n");
  CHECK(kaleidoscope.recording == "D:\\bats/site1/b.wav");
  CHECK(kaleidoscope.end_s == 1.75);
  CHECK(kaleidoscope.high_hz == 45000.0);
  CHECK(kaleidoscope.label == "PIPI");
  const AnnotatedBox dcase = first("filename\tonset\toffset\tevent_label\nc.wav\t0.5\t1\tSpeech\n");
  CHECK(dcase.start_s == 0.5);
  CHECK(dcase.label == "Speech");
}

TEST_CASE("labels of Audacity are read, with frequencies and without") {
  const BoxTable table =
      read("0,5\t1,25\ta \"call\"\n\\\t200.0\t4000.0\n2.0\t3.0\tsong\n\\\t-1\t900\n");
  REQUIRE(table.boxes.size() == 2);
  CHECK_FALSE(table.names_recordings);
  CHECK(table.boxes[0].start_s == 0.5);
  CHECK(table.boxes[0].label == "a \"call\"");
  CHECK(table.boxes[0].low_hz == 200.0);
  CHECK(table.boxes[0].high_hz == 4000.0);
  CHECK(table.boxes[1].low_hz == 0.0);
  CHECK(table.boxes[1].high_hz == 900.0);
  refuses("1\t1\tpoint\n", "line 1: end_s is 1, not above start_s, 1");
}

TEST_CASE("a line that names no recording is refused where others do") {
  refuses("file,start_s,end_s\na.wav,0,1\n,1,2\n", "line 3: names no recording");
  CHECK_FALSE(read("file,start_s,end_s\n,0,1\n,1,2\n").names_recordings);
}

TEST_CASE("a selection begins at its file's offset, not at the time through all open files") {
  const BoxTable table = read(
      "Begin Time (s)\tEnd Time (s)\tBegin File\tFile Offset (s)\tAnnotation\n"
      "61.5\t62.0\tsecond.wav\t1.5\tdog\n");
  REQUIRE(table.boxes.size() == 1);
  CHECK(table.boxes[0].start_s == 1.5);
  CHECK(table.boxes[0].end_s == 2.0);
  CHECK(table.boxes[0].label == "dog");
}

TEST_CASE("tables that do not hold boxes are refused with the line and the column") {
  refuses("start_s,low_hz\n1,2\n", "line 1: there is no column end_s, only: start_s, low_hz");
  refuses("a;b\n1;2\n", "line 1: there is no column start_s, only: a, b");
  refuses("Begin Time (s)\tLow Freq (Hz)\n1\t2\n", "line 1: there is no column End Time (s)");
  refuses("start_s,end_s\n", "holds no boxes");
  refuses("start_s,end_s\n1,2\nx,2\n", "line 3: start_s is 'x', expected a number");
  refuses("start_s,end_s\n1\n", "line 2: end_s is '', expected a number");
  refuses("start_s,end_s\n1,nan\n", "line 2: end_s is 'nan', expected a number");
  refuses("start_s,end_s\n-1,2\n", "line 2: start_s is -1, expected 0 or more");
  refuses("start_s,end_s\n2,2\n", "line 2: end_s is 2, not above start_s, 2");
  refuses("start_s,end_s,low_hz,high_hz\n1,2,-5,10\n", "line 2: low_hz is -5, expected 0 or more");
  refuses("start_s,end_s,low_hz,high_hz\n1,2,500,400\n",
          "line 2: high_hz is 400, not above low_hz, 500");
  refuses("start_s,end_s\n1,2,3\n", "line 2: has 3 fields, expected 2");
  refuses("start_s,end_s,label\n1,2,\"a\nb\"\n", "line 2: a quote is not closed");
  refuses("Begin Time (s)\tEnd Time (s)\tFile Offset (s)\n1\t2\t1e300\n",
          "line 2: File Offset (s) is 1e+300, too large for a selection of 1 s");
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(read_boxes(folder / "missing.csv"), Catch::Contains("no such file"));
}

TEST_CASE("boxes of a label are chosen") {
  const BoxTable table = read("start_s,end_s,label\n0,1,a\n1,2,b\n2,3,a\n");
  CHECK(boxes_labelled(table.boxes, "a").size() == 2);
  CHECK(boxes_labelled(table.boxes, "c").empty());
}

TEST_CASE("bins are inside a box where their centres are, edges included") {
  const auto inside = inside_of({.start_s = 0.25, .end_s = 0.49, .low_hz = 150, .high_hz = 350});
  for (std::size_t f = 0; f < 8; ++f) {
    for (std::size_t t = 0; t < 10; ++t) {
      CHECK(inside(f, t) == (f >= 1 && f <= 3 && t >= 2 && t <= 4 ? 1 : 0));
    }
  }
}

TEST_CASE("a box without frequencies takes all bands") {
  CHECK(count(inside_of({.start_s = 0.2, .end_s = 0.4})) == 2 * 8);
}

TEST_CASE("a box between centres takes the nearest bin") {
  const auto between = inside_of({.start_s = 0.47, .end_s = 0.5, .low_hz = 160, .high_hz = 190});
  CHECK(count(between) == 1);
  CHECK(between(1, 4) == 1);
  const auto higher = inside_of({.start_s = 0.51, .end_s = 0.53, .low_hz = 210, .high_hz = 240});
  CHECK(count(higher) == 1);
  CHECK(higher(2, 5) == 1);
  const auto corner = inside_of({.start_s = 0.97, .end_s = 5.0, .low_hz = 760, .high_hz = 5000});
  CHECK(count(corner) == 1);
  CHECK(corner(7, 9) == 1);
  const auto origin = inside_of({.start_s = 0.0, .end_s = 0.01, .low_hz = 1, .high_hz = 2});
  CHECK(count(origin) == 1);
  CHECK(origin(0, 0) == 1);
}

TEST_CASE("boxes that overlap count once") {
  const Axes axes;
  const std::vector<AnnotatedBox> boxes{{.start_s = 0.2, .end_s = 0.4},
                                        {.start_s = 0.3, .end_s = 0.5}};
  CHECK(count(bins_inside(boxes, axes.extent(), "boxes.csv")) == 3 * 8);
  CHECK(count(bins_inside({}, axes.extent(), "boxes.csv")) == 0);
}

TEST_CASE("boxes that lie outside the recording or what the model hears are refused") {
  const auto refused = [](AnnotatedBox box, const std::string& expected) {
    box.line = 7;
    CHECK_THROWS_AS(inside_of(box), IoError);
    CHECK_THROWS_WITH(inside_of(box), Catch::Contains("boxes.csv: line 7: " + expected));
  };
  refused({.start_s = 1.0, .end_s = 2.0}, "the box begins at 1 s, but the recording is 1.000 s");
  refused({.start_s = 0, .end_s = 1, .low_hz = 1000, .high_hz = 1200},
          "the box begins at 1000 Hz, but the recording ends at 1000 Hz");
  refused({.start_s = 0, .end_s = 1, .low_hz = 850, .high_hz = 900},
          "the box lies from 850 to 900 Hz, where the model hears nothing; expected frequencies "
          "between 0 and 800 Hz");
}
