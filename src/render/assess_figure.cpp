#include "assess_figure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include "axis.hpp"
#include "canvas.hpp"
#include "page_file.hpp"
#include "relax_spectro/render/figure.hpp"
#include "value_axes.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr double kInfluenceHeight = 200.0;
constexpr double kSide = 240.0;
constexpr double kSecond = kPlotLeft + kSide + 90.0;
constexpr double kNames = 130.0;
constexpr std::size_t kMostSlices = 12;
constexpr double kRow = 16.0;
constexpr double kMostPoints = 1000.0;  // of a curve

/// Changes in percentage points, in ascending order.
std::vector<double> sorted_points(const std::vector<Influence>& influences, std::size_t measure) {
  std::vector<double> changes;
  for (const Influence& one : influences) changes.push_back(100.0 * one.changes[measure]);
  std::ranges::sort(changes);
  return changes;
}

/// A step for each change, from the least to the greatest.
void draw_sorted(cairo_t* cr, const std::vector<double>& changes, const Axes& axes, double sign) {
  use_colour(cr, sign);
  cairo_new_path(cr);
  const auto count = static_cast<double>(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto rank = static_cast<double>(i);
    cairo_line_to(cr, axes.x(rank / count), axes.y(changes[i]));
    cairo_line_to(cr, axes.x((rank + 1.0) / count), axes.y(changes[i]));
  }
  cairo_stroke(cr);
}

void draw_influence(cairo_t* cr, const InfluenceTable& table, const Box& box) {
  const std::size_t measure = table.number_of("macro_f1");
  const std::vector<double> files = sorted_points(table.files, measure);
  const std::vector<double> groups = sorted_points(table.groups, measure);
  const Axes axes{
      box,
      {0.0, 1.0},
      widened(std::min(files.front(), groups.front()), std::max(files.back(), groups.back()))};
  draw_panel_title(cr, "Macro F1 without each file and each group", box, box.width);
  draw_line(cr, box.x, axes.y(0.0), box.right(), axes.y(0.0));
  draw_sorted(cr, groups, axes, 1.0);
  draw_sorted(cr, files, axes, -1.0);
  draw_vertical_axis(cr, axes, "change in points");
  draw_horizontal_axis(cr, axes, {{0.0, "0 %"}, {0.5, "50 %"}, {1.0, "100 %"}},
                       "files (blue) and groups (brown), by their change");
}

const DropBounds& macro_f1_bounds(const Assessment& assessment) {
  return *std::ranges::find(assessment.bounds, "macro_f1", &DropBounds::measure);
}

void draw_bounds(cairo_t* cr, const DropBounds& bounds, const Measure& measure,
                 const std::optional<MeasureThreshold>& threshold, const Box& box) {
  const auto drops = static_cast<double>(bounds.least.size());
  double low = std::min(bounds.least.back(), measure.interval->low);
  const double high = std::max(bounds.greatest.back(), measure.interval->high);
  const bool has_threshold = threshold && threshold->measure == bounds.measure;
  if (has_threshold) low = std::min(low, threshold->value);
  const Axes axes{box, {0.0, drops}, widened(low, high)};
  draw_panel_title(cr, "Macro F1 that the loss of few files can give", box, box.width);
  cairo_new_path(cr);
  use_colour(cr, -1.0, 0.25);
  const auto stride = static_cast<std::size_t>(std::max(1.0, drops / kMostPoints));
  cairo_line_to(cr, axes.x(0.0), axes.y(measure.value));
  for (std::size_t m = 0; m < bounds.least.size(); m += stride) {
    cairo_line_to(cr, axes.x(static_cast<double>(m + 1)), axes.y(bounds.least[m]));
  }
  for (std::size_t m = bounds.greatest.size(); m-- > 0;) {
    if (m % stride != 0 && m + 1 != bounds.greatest.size()) continue;
    cairo_line_to(cr, axes.x(static_cast<double>(m + 1)), axes.y(bounds.greatest[m]));
  }
  cairo_close_path(cr);
  cairo_fill_preserve(cr);
  use_colour(cr, -1.0);
  cairo_stroke(cr);
  for (const double end : {measure.interval->low, measure.interval->high}) {
    draw_dashed(cr, box.x, axes.y(end), box.right(), axes.y(end));
  }
  draw_text(cr, "95 % interval", box.x + 4.0, axes.y(measure.interval->high) - 3.0, Align::left,
            kNoteStyle, box.width);
  if (has_threshold) {
    use_colour(cr, 1.0);
    draw_line(cr, box.x, axes.y(threshold->value), box.right(), axes.y(threshold->value));
  }
  draw_vertical_axis(cr, axes, "macro F1");
  std::vector<Tick> ticks;
  for (const double files : {0.0, std::floor(drops / 2.0), drops}) {
    ticks.push_back({files, fmt::format("{:.0f}", files)});
  }
  draw_horizontal_axis(cr, axes, ticks, "files that are left out");
}

/// A value with its interval, in a row.
struct RowMark {
  std::string name;
  double value = 0.0;
  Interval interval;
};

void draw_rows(cairo_t* cr, const std::vector<RowMark>& rows, const std::string& title,
               const std::string& what, const Box& box) {
  double low = rows.front().interval.low;
  double high = rows.front().interval.high;
  for (const RowMark& row : rows) {
    low = std::min(low, row.interval.low);
    high = std::max(high, row.interval.high);
  }
  const Axes axes{box, widened(low, high), {0.0, 1.0}};
  draw_panel_title(cr, title, box, box.width);
  draw_frame(cr, box);
  if (axes.horizontal.low < 0.0 && axes.horizontal.high > 0.0) {
    draw_line(cr, axes.x(0.0), box.y, axes.x(0.0), box.bottom());
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = box.y + (static_cast<double>(i) + 0.5) * kRow;
    draw_text(cr, rows[i].name, box.x - 6.0, y + 3.0, Align::right, kAxisStyle, kNames);
    use_colour(cr, -1.0);
    cairo_move_to(cr, axes.x(rows[i].interval.low), y);
    cairo_line_to(cr, axes.x(rows[i].interval.high), y);
    cairo_stroke(cr);
    cairo_arc(cr, axes.x(rows[i].value), y, 2.6, 0.0, 2.0 * std::numbers::pi);
    cairo_fill(cr);
  }
  const ValueTicks ticks = value_ticks(axes.horizontal, 5.0);
  draw_horizontal_axis(cr, axes, ticks.ticks, what + ticks.offset);
}

std::vector<RowMark> accuracies(const std::vector<System>& systems) {
  std::vector<RowMark> rows;
  for (const System& system : systems) {
    const Measure& accuracy = system.report.at("accuracy");
    rows.push_back({system.name, accuracy.value, accuracy.interval.value()});
  }
  return rows;
}

std::vector<RowMark> differences(const EnsembleStudy& study) {
  std::vector<RowMark> rows;
  for (const Comparison& one : study.comparisons) {
    const Difference& accuracy = one.differences.front();
    rows.push_back({one.system, accuracy.value, accuracy.interval});
  }
  return rows;
}

/// The slices that differ most from the others.
std::vector<RowMark> largest_slices(const std::vector<Slice>& slices) {
  std::vector<const Slice*> order;
  for (const Slice& slice : slices) {
    if (slice.interval) order.push_back(&slice);
  }
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [](const Slice* slice) { return std::abs(slice->difference); });
  std::vector<RowMark> rows;
  for (const Slice* slice : order) {
    if (rows.size() == kMostSlices) break;
    rows.push_back({fmt::format("{} {} ({})", slice->column, slice->value, slice->rows.size()),
                    slice->difference, *slice->interval});
  }
  return rows;
}

double height_of(const std::vector<RowMark>& rows) {
  return kRow * static_cast<double>(rows.size());
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

void draw_assess_figure(const std::filesystem::path& path, const Assessment& assessment,
                        const AssessOptions& options) {
  const System& subject = assessment.systems[assessment.subject];
  const std::vector<std::string> verdict =
      wrapped(lines_of(verdict_of(assessment, options.threshold)));
  const std::string subtitle = fmt::format("{}", fmt::join(verdict, "\n"));
  const std::string title = "What metrics are worth: " + subject_text(assessment);
  const double top = header_height(title, subtitle) + kPanelTitleHeight;
  const Box influence{kPlotLeft, top, kSide, kInfluenceHeight};
  const Box bounds{kSecond, top, kSide, kInfluenceHeight};
  double bottom = influence.bottom() + kTimeAxisHeight;
  const std::vector<RowMark> systems = accuracies(assessment.systems);
  std::vector<RowMark> compared;
  if (assessment.ensemble) compared = differences(*assessment.ensemble);
  const double rows_top = bottom + kMargin + kPanelTitleHeight;
  constexpr double kRowsWidth = (kPageWidth - 2.0 * (kNames + kMargin)) / 2.0 - kMargin;
  const Box members{kNames + kMargin, rows_top, kRowsWidth, height_of(systems)};
  const Box others{members.right() + kNames + kMargin, rows_top, kRowsWidth, height_of(compared)};
  if (assessment.ensemble) bottom = std::max(members.bottom(), others.bottom()) + kTimeAxisHeight;
  const std::vector<RowMark> slices = largest_slices(assessment.slices);
  const Box slice_box{kNames + kMargin, bottom + kMargin + kPanelTitleHeight, 2.0 * kRowsWidth,
                      height_of(slices)};
  if (!slices.empty()) bottom = slice_box.bottom() + kTimeAxisHeight;
  write_page(path, bottom, [&](cairo_t* cr, double) {
    draw_header(cr, title, subtitle);
    draw_influence(cr, assessment.influence, influence);
    draw_bounds(cr, macro_f1_bounds(assessment), subject.report.at("macro_f1"), options.threshold,
                bounds);
    if (assessment.ensemble) {
      draw_rows(cr, systems, "Members and ensembles", "accuracy", members);
      draw_rows(cr, compared, "Against the best member, or the mean", "difference of accuracy",
                others);
    }
    if (slices.empty()) return;
    draw_rows(cr, slices, "Slices (recordings): their error, less that of all others",
              "difference of error, with its 95 % interval", slice_box);
  });
}

}  // namespace relax_spectro
