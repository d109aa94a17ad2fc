#include "contact_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "axis.hpp"
#include "canvas.hpp"
#include "page_file.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr std::size_t kMostMasks = 24;  // fills complete rows of 4, 6 or 8

constexpr double kMaskGap = 10.0;
constexpr double kNumberHeight = 13.0;  // height of the line above a mask
constexpr double kMostMeanHeight = 240.0;
constexpr Scale kWeightScale{0.0, 1.0};

/// Rounds down to a whole pixel of a PNG.
double on_pixel(double length) { return std::floor(2.0 * length) / 2.0; }

/// The layout: a grid of masks, and the mean weights below. Pictures have the aspect ratio of the
/// bins, limited to sensible values.
struct SheetLayout {
  double header = 0.0;
  std::size_t columns = 0;
  double mask_width = 0.0;
  double mask_height = 0.0;
  Box mean;
  double page_height = 0.0;

  explicit SheetLayout(const ContactSheet& sheet) {
    const Array2d<double>& bins = sheet.mean_weights;
    const double aspect =
        std::clamp(static_cast<double>(bins.columns) / static_cast<double>(bins.rows), 0.5, 3.0);
    columns = aspect > 1.7 ? 4 : aspect > 0.8 ? 6 : 8;
    const auto count = static_cast<double>(columns);
    mask_width = on_pixel((kPlotWidth - (count - 1.0) * kMaskGap) / count);
    mask_height = on_pixel(mask_width / aspect);
    header = header_height(sheet.title, sheet.subtitle) + kPanelTitleHeight;
    const double mean_width = on_pixel(std::min(kPlotWidth, kMostMeanHeight * aspect));
    const Box last = mask(sheet.masks.size() - 1);
    mean = {kPlotLeft, last.bottom() + kMaskGap + kPanelTitleHeight, mean_width,
            on_pixel(mean_width / aspect)};
    page_height = mean.bottom() + kTimeAxisHeight;
  }
  [[nodiscard]] Box mask(std::size_t index) const {
    const std::size_t column = index % columns;
    const std::size_t row = index / columns;
    return {kPlotLeft + static_cast<double>(column) * (mask_width + kMaskGap),
            header + kNumberHeight + static_cast<double>(row) * (mask_height + kNumberHeight),
            mask_width, mask_height};
  }
};

void require_drawable(const ContactSheet& sheet) {
  const Array2d<double>& mean = sheet.mean_weights;
  if (sheet.masks.empty() || mean.values.empty()) {
    throw ConfigError("contact sheet: it has no mask, or masks of no bin");
  }
  for (const SheetMask& mask : sheet.masks) {
    if (mask.weights.rows == mean.rows && mask.weights.columns == mean.columns) continue;
    throw ConfigError(
        fmt::format("contact sheet: mask {} is {} by {}, but the mean weights {} by {}",
                    mask.number, mask.weights.rows, mask.weights.columns, mean.rows, mean.columns));
  }
}

/// The cells that are drawn into a box for some weights.
Array2d<double> cells_of(const Array2d<double>& weights, const Box& box, double pixels_per_point) {
  return averaged_down(weights, static_cast<std::size_t>(box.height * pixels_per_point),
                       static_cast<std::size_t>(box.width * pixels_per_point));
}

void draw_mask(cairo_t* cr, const SheetMask& mask, const Box& box, double pixels_per_point) {
  draw_text(cr, std::to_string(mask.number), box.x, box.y - 3.0, Align::left, kNoteStyle,
            box.width);
  draw_cells(cr, {cells_of(mask.weights, box, pixels_per_point)}, kWeightScale, box,
             pixels_per_point);
  draw_frame(cr, box);
}

/// Draws the numbers of bins along both sides of a box.
void draw_bin_axes(cairo_t* cr, const Box& box, const Array2d<double>& bins) {
  const auto ticks = [](std::size_t count, double most) {
    std::vector<double> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0.0);
    return time_ticks(numbers, std::clamp(static_cast<double>(count), 2.0, most));
  };
  for (const Tick& tick : ticks(bins.rows, box.height / 20.0)) {
    const double y = box.bottom() - tick.position * box.height / static_cast<double>(bins.rows);
    draw_side_tick(cr, tick, box.x - kHairline, y, Align::right);
  }
  for (const Tick& tick : ticks(bins.columns, std::max(box.width / 45.0, 2.0))) {
    const double x = box.x + tick.position * box.width / static_cast<double>(bins.columns);
    draw_bottom_tick(cr, tick, x, box.bottom() + kHairline);
  }
  draw_upward_text(cr, "frequency (bins)", 18.0, box.y + box.height / 2.0, kAxisStyle, box.height);
  draw_text(cr, "time (bins)", box.x + box.width / 2.0, box.bottom() + 28.0, Align::centre,
            kAxisStyle, 100.0);
}

void draw_mean(cairo_t* cr, const ContactSheet& sheet, const Box& box, double pixels_per_point) {
  const Array2d<double> cells = cells_of(sheet.mean_weights, box, pixels_per_point);
  const std::optional<Scale> scale = scale_of(cells);
  draw_panel_title(cr, sheet.mean_title, box);
  draw_cells(cr, {cells}, scale, box, pixels_per_point);
  draw_frame(cr, box);
  draw_bin_axes(cr, box, sheet.mean_weights);
  draw_colour_bar(cr, box, scale, "mean weight", pixels_per_point);
}

void draw_sheet(cairo_t* cr, const ContactSheet& sheet, const SheetLayout& layout,
                double pixels_per_point) {
  draw_header(cr, sheet.title, sheet.subtitle);
  for (std::size_t i = 0; i < sheet.masks.size(); ++i) {
    draw_mask(cr, sheet.masks[i], layout.mask(i), pixels_per_point);
  }
  draw_text(cr, sheet.masks_title, kPlotLeft, layout.header - 4.0, Align::left, kPanelTitleStyle,
            kPlotWidth);
  const Box first = layout.mask(0);
  const Box last = layout.mask(sheet.masks.size() - 1);
  const Box rows{kPlotLeft, first.y, kPlotWidth,
                 std::min(last.bottom() - first.y, layout.mean.height)};
  draw_colour_bar(cr, rows, kWeightScale, "weight", pixels_per_point);
  draw_mean(cr, sheet, layout.mean, pixels_per_point);
}

/// The numbers of the masks that are shown.
std::vector<std::size_t> shown_masks(const MaskSet& set) {
  std::vector<std::size_t> numbers(std::min(set.count, kMostMasks));
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  // The first masks of a sweep would differ by only a stride or two.
  if (set.window && set.count > kMostMasks) {
    for (std::size_t& number : numbers) number = number * (set.count - 1) / (kMostMasks - 1);
  }
  return numbers;
}

}  // namespace

ContactSheet contact_sheet(const MaskSet& set, const MaskOptions& options,
                           const Array2d<double>& mean_weights) {
  const Coverage coverage = coverage_of(mean_weights);
  ContactSheet sheet;
  sheet.title = options.text(std::to_string(set.count), set.law.grid(), set.layout.edges);
  sheet.subtitle = fmt::format(
      "{}x{} bins, frequency x time  \u00B7  weight of a bin, mean over the masks: {:.4f} \u00B1 "
      "{:.4f} (over bins)",
      mean_weights.rows, mean_weights.columns, coverage.mean, coverage.spread);
  const std::vector<std::size_t> shown = shown_masks(set);
  sheet.masks_title = fmt::format("{} of {} masks (0: masked, 1: kept)", shown.size(), set.count);
  for (const std::size_t number : shown) {
    std::vector<float> weights(mean_weights.values.size());
    expand_mask(set.law, set.design->mask(number), weights);
    SheetMask mask{number, {mean_weights.rows, mean_weights.columns}};
    std::ranges::copy(weights, mask.weights.values.begin());
    sheet.masks.push_back(std::move(mask));
  }
  sheet.mean_title = fmt::format("Mean weight of each bin over all {} masks", set.count);
  sheet.mean_weights = mean_weights;
  return sheet;
}

void draw_contact_sheet(const std::filesystem::path& path, const ContactSheet& sheet) {
  require_drawable(sheet);
  const SheetLayout layout(sheet);
  write_page(path, layout.page_height, [&](cairo_t* cr, double pixels_per_point) {
    draw_sheet(cr, sheet, layout, pixels_per_point);
  });
}

}  // namespace relax_spectro
