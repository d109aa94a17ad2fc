#include "space_figure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numbers>
#include <optional>
#include <vector>

#include "canvas.hpp"
#include "label_colours.hpp"
#include "matrix_panel.hpp"
#include "page_file.hpp"
#include "reach_curves.hpp"
#include "relax_spectro/render/figure.hpp"
#include "space/tsne.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr double kPointsHeight = 420.0;
constexpr double kRadius = 2.8;
constexpr double kCopyRadius = 1.3;
constexpr double kCopyOpacity = 0.25;
constexpr std::size_t kMostNames = 30;
constexpr std::size_t kMostCells = 50;

struct Point {
  double x = 0.0;
  double y = 0.0;
};

/// Where each recording and then each copy lies in a box. Both axes have the same scale.
std::vector<Point> places_of(const Picture& picture, const Box& box) {
  Array2d<double> points = picture.points;
  for (std::size_t i = 0; i < picture.copies.rows; ++i) append_row(points, picture.copies.row(i));
  std::array<Interval, 2> ends{};
  for (std::size_t c = 0; c < 2; ++c) {
    ends.at(c) = {points(0, c), points(0, c)};
    for (std::size_t i = 0; i < points.rows; ++i) {
      ends.at(c) = {std::min(ends.at(c).low, points(i, c)),
                    std::max(ends.at(c).high, points(i, c))};
    }
  }
  constexpr double kEdge = 10.0;
  const auto width = [&](std::size_t c) {
    return std::max(ends.at(c).high - ends.at(c).low, 1e-9);
  };
  const double scale =
      std::min((box.width - 2.0 * kEdge) / width(0), (box.height - 2.0 * kEdge) / width(1));
  std::vector<Point> places;
  for (std::size_t i = 0; i < points.rows; ++i) {
    places.push_back(
        {box.x + box.width / 2.0 + scale * (points(i, 0) - (ends[0].low + ends[0].high) / 2.0),
         box.y + box.height / 2.0 - scale * (points(i, 1) - (ends[1].low + ends[1].high) / 2.0)});
  }
  return places;
}

/// The colour of each label.
std::vector<Colour> label_colours(const Space& space) {
  std::vector<Colour> colours(space.label_order.size());
  for (std::size_t k = 0; k < colours.size(); ++k) {
    colours[space.label_order[k]] = label_colour(k);
  }
  return colours;
}

void draw_points(cairo_t* cr, const std::vector<Point>& places, const Space& space) {
  const std::vector<Colour> colours = label_colours(space);
  const std::size_t recordings = space.known.labels.size();
  const auto draw = [&](std::size_t i, double radius, double opacity) {
    const Colour& colour = colours[space.known.labels[i % recordings]];
    cairo_arc(cr, places[i].x, places[i].y, radius, 0.0, 2.0 * std::numbers::pi);
    cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, opacity);
    cairo_fill(cr);
  };
  for (std::size_t i = recordings; i < places.size(); ++i) draw(i, kCopyRadius, kCopyOpacity);
  for (std::size_t i = 0; i < recordings; ++i) draw(i, kRadius, 0.75);
  cairo_set_source_rgb(cr, 0.0, 0.0, 0.0);
  cairo_set_line_width(cr, 1.0);
  for (const std::size_t i : bridges_of(space)) {
    cairo_arc(cr, places[i].x, places[i].y, kRadius + 1.5, 0.0, 2.0 * std::numbers::pi);
    cairo_stroke(cr);
  }
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Writes each label amid its points. Names that would cover another move down.
void draw_names(cairo_t* cr, const std::vector<Point>& places, const Space& space,
                const std::vector<std::string>& labels, const Box& box) {
  struct Name {
    std::string text;
    Point place;
  };
  std::vector<Name> names;
  const std::vector<Rows> rows = rows_of(space.known.labels);
  for (std::size_t k = 0; k < std::min(rows.size(), kMostNames); ++k) {
    std::vector<double> x;
    std::vector<double> y;
    for (const std::size_t i : rows[k]) {
      x.push_back(places[i].x);
      y.push_back(places[i].y);
    }
    const double half = text_width(labels[k], kAxisStyle) / 2.0;
    names.push_back(
        {labels[k],
         {std::clamp(median(x), box.x + half, std::max(box.x + half, box.right() - half)),
          median(y)}});
  }
  std::ranges::stable_sort(names, {}, [](const Name& name) { return name.place.y; });
  for (std::size_t k = 0; k < names.size(); ++k) {
    for (std::size_t above = 0; above < k; ++above) {
      const double reach =
          (text_width(names[k].text, kAxisStyle) + text_width(names[above].text, kAxisStyle)) / 2.0;
      if (std::abs(names[k].place.x - names[above].place.x) > reach) continue;
      names[k].place.y = std::max(names[k].place.y, names[above].place.y + kTextLine);
    }
    const double width = text_width(names[k].text, kAxisStyle);
    cairo_set_source_rgba(cr, 1.0, 1.0, 1.0, 0.75);
    cairo_rectangle(cr, names[k].place.x - width / 2.0 - 2.0, names[k].place.y - 8.0, width + 4.0,
                    11.0);
    cairo_fill(cr);
    draw_text(cr, names[k].text, names[k].place.x, names[k].place.y, Align::centre,
              {.size = 8.5, .grey = 0.0, .bold = true}, box.width);
  }
}

/// What the points are, and how far to trust them.
std::string picture_text(const Space& space) {
  const Picture& picture = space.picture;
  std::string text;
  if (picture.projection == Projection::tsne) {
    text = fmt::format("t-SNE of perplexity {:.3g}, with a divergence of {:.2f} nats. ",
                       tsne_perplexity(picture.points.rows), picture.divergence);
    if (!space.reaches.empty()) text += "It has no place for changed copies, which are left out. ";
  } else {
    text = fmt::format("The axes hold {:.0f} and {:.0f} % of the variance. ",
                       100.0 * picture.axes.shares[0], 100.0 * picture.axes.shares[1]);
    if (!space.reaches.empty()) text += "Small points: changed copies. ";
  }
  return text +
         fmt::format(
             "Trustworthiness {:.2f}, continuity {:.2f}: 1 if neighbours here and in the space are "
             "the same. Distances between far groups mean nothing. Rings: neighbours have another "
             "label.",
             picture.trustworthiness, picture.continuity);
}

/// Nothing of too many labels.
std::optional<MatrixPanel> labels_panel(const Space& space, const std::vector<std::string>& labels,
                                        double top) {
  if (labels.size() > kMostCells) return std::nullopt;
  Matrix matrix{Array2d<double>(labels.size(), labels.size()),
                {},
                {},
                "label",
                "label",
                "cosine of the labels' mean vectors",
                {-1.0, 1.0, true}};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    matrix.rows.push_back(labels[space.label_order[i]]);
    for (std::size_t j = 0; j < labels.size(); ++j) {
      matrix.values(i, j) = space.label_cosines(space.label_order[i], space.label_order[j]);
      matrix.texts.push_back({fmt::format("{:.2f}", matrix.values(i, j))});
    }
  }
  matrix.columns = matrix.rows;
  return MatrixPanel(std::move(matrix), top);
}

}  // namespace

void draw_space_figure(const std::filesystem::path& path, const Space& space, const ProbeData& data,
                       const std::string& title) {
  const std::string subtitle = fmt::format(
      "{}",
      fmt::join(wrapped({fmt::format("Purity {:.3f}, chance {:.3f}, p = {:.3f}.",
                                     space.purity.value, space.purity.chance, space.purity.p)}),
                "\n"));
  const double top = header_height(title, subtitle) + kPanelTitleHeight;
  const Box box{kPlotLeft, top, kPlotWidth, kPointsHeight};
  const std::vector<std::string> notes = wrapped({picture_text(space)});
  const double notes_top = box.bottom() + 4.0;
  double below = notes_top + kTextLine * static_cast<double>(notes.size()) + kMargin;
  const ReachCurves curves(space.reaches, data.labels, label_colours(space),
                           space.purity.vote_accuracy, below + kPanelTitleHeight);
  if (!curves.empty()) below = curves.bottom() + kMargin;
  const std::optional<MatrixPanel> matrix =
      labels_panel(space, data.labels, below + kPanelTitleHeight);
  const std::vector<Point> places = places_of(space.picture, box);
  write_page(path, matrix ? matrix->bottom() : below, [&](cairo_t* cr, double pixels_per_point) {
    draw_header(cr, title, subtitle);
    draw_panel_title(cr,
                     space.picture.projection == Projection::tsne
                         ? "Recordings, so that near ones stay near (t-SNE)"
                         : "Recordings along the first two principal components",
                     box);
    draw_frame(cr, box);
    draw_points(cr, places, space);
    draw_names(cr, places, space, data.labels, box);
    draw_lines(cr, notes, notes_top);
    if (!curves.empty()) curves.draw(cr);
    if (!matrix) return;
    draw_panel_title(cr, "How similar labels are", matrix->box());
    matrix->draw(cr, pixels_per_point);
  });
}

}  // namespace relax_spectro
