#include "render/contact_sheet.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/render/figure.hpp"
#include "support/catch.hpp"
#include "support/picture.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using test::packed;
using test::Picture;

namespace {

constexpr Shape2d kBins{32, 96};  // wide: four masks in a row

ContactSheet sheet_of(const MaskOptions& options, Shape2d bins = kBins) {
  const MaskSet set = make_masks(options, {bins});
  return contact_sheet(set, options, mean_weights(set));
}

MaskOptions options_of(MaskFamily family, std::size_t count) {
  MaskOptions options;
  options.family = family;
  options.count = count;
  options.grid = {4, 6};
  options.windows = {{{16, 16}, Size2d{8, 8}}};
  return options;
}

std::vector<std::size_t> numbers_of(const ContactSheet& sheet) {
  std::vector<std::size_t> numbers;
  for (const SheetMask& mask : sheet.masks) numbers.push_back(mask.number);
  return numbers;
}

/// Four masks of 2 by 6 bins in a row. The first keeps one bin, the others mask everything.
ContactSheet four_masks() {
  ContactSheet sheet;
  sheet.title = "title";
  sheet.masks_title = "masks";
  sheet.mean_title = "mean";
  for (std::size_t n = 0; n < 4; ++n) sheet.masks.push_back({n, {2, 6}});
  sheet.masks[0].weights(1, 5) = 1.0;
  sheet.mean_weights = {2, 6, 0.5};
  sheet.mean_weights(0, 0) = 0.6;
  return sheet;
}

// The positions of the first mask and of the mean weights in a PNG of this sheet.
constexpr int kMaskLeft = 116;
constexpr int kMaskTop = 126;
constexpr int kMaskWidth = 260;
constexpr int kMaskHeight = 86;
constexpr int kMeanTop = kMaskTop + kMaskHeight + 64;
constexpr int kMeanWidth = 1100;
constexpr int kMeanHeight = 366;

}  // namespace

TEST_CASE("a contact sheet shows the first masks of a design as they are") {
  const MaskOptions options = options_of(MaskFamily::random, 100);
  const MaskSet set = make_masks(options, {kBins});
  const ContactSheet sheet = contact_sheet(set, options, mean_weights(set));
  REQUIRE(sheet.masks.size() == 24);
  std::vector<float> weights(kBins.rows * kBins.columns);
  for (std::size_t n = 0; n < 24; ++n) {
    CHECK(sheet.masks[n].number == n);
    expand_mask(set.law, set.design->mask(n), weights);
    CHECK(std::ranges::equal(sheet.masks[n].weights.values, weights));
  }
  CHECK(sheet_of(options_of(MaskFamily::random, 5)).masks.size() == 5);
}

TEST_CASE("of a sweep a contact sheet shows masks from the first to the last position") {
  const ContactSheet sheet = sheet_of(options_of(MaskFamily::window, 2));  // 3 by 11 positions
  const std::vector<std::size_t> numbers = numbers_of(sheet);
  REQUIRE(numbers.size() == 24);
  CHECK(numbers.front() == 0);
  CHECK(numbers.back() == 32);
  CHECK(std::ranges::adjacent_find(numbers, std::greater_equal<>()) == numbers.end());
}

TEST_CASE("the title of a contact sheet says which masks they are and how evenly they keep bins") {
  MaskOptions options = options_of(MaskFamily::random, 64);
  options.seed = 7;
  options.design = DesignKind::sobol;
  options.keep_probability = 0.4;
  CHECK(sheet_of(options).title == "64 random masks 4x6 (sobol), keep 0.4, seed 7");
  CHECK(sheet_of(options_of(MaskFamily::time, 64)).title ==
        "64 time masks 1x6 (code), keep 0.5, seed 0");
  const ContactSheet sweep = sheet_of(options_of(MaskFamily::window, 64));
  CHECK(sweep.title == "33 windows 16x16, every 8x8");
  CHECK(sweep.mean_title == "Mean weight of each bin over all 33 masks");
  const Coverage coverage = coverage_of(sweep.mean_weights);
  CHECK(coverage.mean == Approx(1.0 - 16.0 * 16.0 / (32.0 * 96.0)));
  CHECK_THAT(sweep.subtitle, Catch::Contains("32x96 bins") && Catch::Contains("0.9167 \u00B1 "));
}

TEST_CASE("a kept bin is drawn bright at its place in its mask, low bands at the bottom") {
  const test::TemporaryFolder folder;
  draw_contact_sheet(folder / "sheet.png", four_masks());
  const Picture picture(folder / "sheet.png");
  CHECK(picture.width() == 1400);
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 6; ++column) {
      INFO("row " << row << ", column " << column);
      const bool kept = row == 1 && column == 5;
      const int x = kMaskLeft + (2 * column + 1) * kMaskWidth / 12;
      const int y = kMaskTop + kMaskHeight - (2 * row + 1) * kMaskHeight / 4;
      CHECK(picture.pixel(x, y) == packed(colour_of(kept ? 1.0 : 0.0)));
      CHECK(picture.pixel(x + kMaskWidth + 20, y) == packed(colour_of(0.0)));  // the second mask
    }
  }
}

TEST_CASE("the colours of the mean weights span those, so that uneven ones are seen") {
  const test::TemporaryFolder folder;
  draw_contact_sheet(folder / "sheet.png", four_masks());
  const Picture picture(folder / "sheet.png");
  const auto mean_pixel = [&picture](int row, int column) {
    return picture.pixel(kMaskLeft + (2 * column + 1) * kMeanWidth / 12,
                         kMeanTop + kMeanHeight - (2 * row + 1) * kMeanHeight / 4);
  };
  CHECK(mean_pixel(0, 0) == packed(colour_of(1.0)));
  CHECK(mean_pixel(0, 5) == packed(colour_of(0.0)));
  CHECK(mean_pixel(1, 0) == packed(colour_of(0.0)));
}

TEST_CASE("masks of every shape can be drawn") {
  const test::TemporaryFolder folder;
  for (const Shape2d bins : {Shape2d{1, 1}, {1, 500}, {500, 1}, {64, 96}, {300, 60}, {200, 3000}}) {
    INFO(bins.rows << "x" << bins.columns);
    MaskOptions options = options_of(MaskFamily::random, 30);
    options.grid = {1, 1};
    draw_contact_sheet(folder / "sheet.png", sheet_of(options, bins));
    const Picture picture(folder / "sheet.png");
    CHECK(picture.width() == 1400);
    CHECK(picture.height() > 600);
    CHECK(picture.height() < 1600);
  }
}

TEST_CASE("a contact sheet is drawn as .png, .svg or .pdf, and nothing else") {
  const test::TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> formats = {
      {"a.png", "\x89PNG"}, {"a.svg", "<?xml"}, {"a.pdf", "%PDF"}};
  for (const auto& [name, magic] : formats) {
    CHECK(is_figure_path(folder / name));
    draw_contact_sheet(folder / name, four_masks());
    CHECK(read_text_file(folder / name).starts_with(magic));
  }
  CHECK_FALSE(is_figure_path(folder / "a.npz"));
  CHECK_THROWS_AS(draw_contact_sheet(folder / "a.npz", four_masks()), ConfigError);
}

TEST_CASE("sheets without a mask, or whose masks are of different bins, are refused") {
  const test::TemporaryFolder folder;
  ContactSheet none = four_masks();
  none.masks.clear();
  CHECK_THROWS_WITH(draw_contact_sheet(folder / "a.png", none), Catch::Contains("has no mask"));
  ContactSheet odd = four_masks();
  odd.masks[3].weights = {2, 5};
  CHECK_THROWS_WITH(draw_contact_sheet(folder / "a.png", odd),
                    "contact sheet: mask 3 is 2 by 5, but the mean weights 2 by 6");
  CHECK_FALSE(std::filesystem::exists(folder / "a.png"));
}
