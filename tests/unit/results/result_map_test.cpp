#include "relax_spectro/results/result_map.hpp"

#include <functional>
#include <span>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/npz.hpp"
#include "relax_spectro/results/result_file.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

TEST_CASE("a map that was written is read as it was, with its axes") {
  const test::TemporaryFolder folder;
  test::RectangleModel model({4, 8, 5, 10});
  ExplainOptions options;
  options.masks.count = 32;
  options.masks.grid = {4, 5};
  const Explanation explanation = test::explain_with(model, test::noise(0.35, 8000), options);
  write_result(folder / "a.b", explanation, options, model.card(), Provenance{}, Overwrite::no);

  const ResultMap contrast = read_result_map(folder / "a.b.json", "contrast");
  CHECK(contrast.values.rows == explanation.contrast.rows);
  CHECK(contrast.values.values == explanation.contrast.values);
  CHECK(contrast.time_s == explanation.spectrogram.time_s);
  CHECK(contrast.frequency_hz == explanation.spectrogram.frequency_hz);
  CHECK(contrast.spectrogram(3, 7) == static_cast<double>(explanation.spectrogram.values(3, 7)));
  CHECK(read_result_map(folder / "a.b.json", "u_relax").values.values ==
        explanation.u_relax.values);
}

TEST_CASE("arrays that are missing or do not fit are refused by name") {
  const test::TemporaryFolder folder;
  const std::vector<double> two{1.0, 2.0};
  const std::vector<double> six(6, 0.5);
  const auto refused = [&](const std::function<void(NpzWriter&)>& add,
                           const std::string& expected) {
    NpzWriter writer;
    add(writer);
    writer.write(folder / "result.npz");
    CHECK_THROWS_AS(read_result_map(folder / "result.json", "contrast"), IoError);
    CHECK_THROWS_WITH(read_result_map(folder / "result.json", "contrast"),
                      Catch::Contains("result.npz: " + expected));
  };
  const auto axes = [&](NpzWriter& writer, std::span<const double> time_s) {
    writer.add("time_s", {time_s.size()}, time_s);
    writer.add("frequency_hz", {2}, std::span<const double>(two));
  };
  CHECK_THROWS_WITH(read_result_map(folder / "none.json", "contrast"),
                    Catch::Contains("none.npz: no such file"));
  refused([&](NpzWriter& writer) { writer.add("cells", {2}, std::span<const double>(two)); },
          "holds no array time_s; expected the .npz of a result");
  refused([&](NpzWriter& writer) { axes(writer, two); }, "holds no array contrast");
  refused(
      [&](NpzWriter& writer) {
        axes(writer, two);
        writer.add("contrast", {2, 3}, std::span<const double>(six));
      },
      "contrast has shape (2, 3), expected (2, 2), as the axes are");
  refused([&](NpzWriter& writer) { axes(writer, std::vector{2.0, 1.0}); }, "time_s does not rise");
  refused(
      [&](NpzWriter& writer) {
        writer.add("time_s", {2, 3}, std::span<const double>(six));
      },
      "time_s has shape (2, 3), expected (n,)");
}
