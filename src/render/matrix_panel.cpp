#include "matrix_panel.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace relax_spectro::render {
namespace {

constexpr double kLargestCell = 60.0;
constexpr double kTallestMatrix = 640.0;
constexpr double kTitleSpace = 26.0;  // left of the row labels, for their title
constexpr double kLabelGap = 5.0;     // from a label to the cells
constexpr double kLongestLabel = 130.0;
constexpr double kSmallestText = 5.0;
constexpr double kLargestText = 8.0;
constexpr double kLineHeight = 1.15;  // over the size of the text

double widest(const std::vector<std::string>& texts, const TextStyle& style) {
  double width = 0.0;
  for (const std::string& text : texts) width = std::max(width, text_width(text, style));
  return width;
}

/// Every how many cells there is a label, so that labels do not overlap.
std::size_t label_step(double cell, const TextStyle& style) {
  return static_cast<std::size_t>(std::ceil(style.size / cell));
}

/// How many lines of text fit into every cell, and their size.
struct CellText {
  std::size_t lines = 0;
  TextStyle style;
};

CellText fitting_text(const std::vector<std::vector<std::string>>& texts, double cell) {
  std::size_t most = 0;
  for (const auto& lines : texts) most = std::max(most, lines.size());
  for (std::size_t count = most; count > 0; --count) {
    std::vector<std::string> written;
    for (const auto& lines : texts) {
      written.insert(written.end(), lines.begin(),
                     lines.begin() + static_cast<std::ptrdiff_t>(std::min(count, lines.size())));
    }
    TextStyle style{.size = kLargestText};
    const double width = widest(written, style);
    const double by_height = (cell - 2.0) / (kLineHeight * static_cast<double>(count));
    style.size = std::min({kLargestText, kLargestText * (cell - 2.0) / width, by_height});
    if (style.size >= kSmallestText) return {count, style};
  }
  return {};
}

/// The rows in reverse order, because pixels begin at the bottom.
Array2d<double> upside_down(const Array2d<double>& matrix) {
  Array2d<double> result(matrix.rows, matrix.columns);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    std::ranges::copy(matrix.row(matrix.rows - 1 - i), result.row(i).begin());
  }
  return result;
}

/// Whether a cell is so dark that its text is white (Note [The path of the colour map]).
bool is_dark(double value, const Scale& scale) {
  const double fraction = scale.fraction(value);
  return scale.is_signed ? std::abs(fraction - 0.5) > 0.3 : fraction < 0.55;
}

}  // namespace

MatrixPanel::MatrixPanel(Matrix matrix, double top) : matrix_(std::move(matrix)) {
  const auto columns = static_cast<double>(matrix_.values.columns);
  const auto rows = static_cast<double>(matrix_.values.rows);
  const TextStyle widest_style{.size = kLargestText, .least_size = 6.0};
  row_label_width_ = std::min(kLongestLabel, widest(matrix_.rows, widest_style));
  const double left = std::max(kPlotLeft, kTitleSpace + row_label_width_ + kLabelGap);
  const double most_width = kPlotLeft + kPlotWidth - left;
  cell_ = std::min({kLargestCell, most_width / columns, kTallestMatrix / rows});
  cell_ = std::max(kHairline, std::floor(cell_ / kHairline) * kHairline);
  label_style_ = widest_style;
  label_style_.size = std::clamp(cell_ - 1.0, 6.0, kLargestText);
  const double column_label = widest(matrix_.columns, label_style_);
  const bool horizontal = column_label <= cell_ - 4.0;
  column_label_height_ = horizontal ? 0.0 : std::min(kLongestLabel, column_label);
  box_ = {left, top, cell_ * columns, cell_ * rows};
  bottom_ = box_.bottom() + kLabelGap + (horizontal ? kTextLine : column_label_height_) +
            (matrix_.column_title.empty() ? 0.0 : 16.0);
}

void MatrixPanel::draw_row_labels(cairo_t* cr) const {
  for (std::size_t i = 0; i < matrix_.rows.size(); i += label_step(cell_, label_style_)) {
    const double y = box_.y + (static_cast<double>(i) + 0.5) * cell_ + 0.36 * label_style_.size;
    draw_text(cr, matrix_.rows[i], box_.x - kLabelGap, y, Align::right, label_style_,
              row_label_width_);
  }
  draw_upward_text(cr, matrix_.row_title, box_.x - row_label_width_ - kLabelGap - 8.0,
                   box_.y + box_.height / 2.0, kAxisStyle, std::max(box_.height, 60.0));
}

void MatrixPanel::draw_column_labels(cairo_t* cr) const {
  const double y = box_.bottom() + kLabelGap;
  for (std::size_t j = 0; j < matrix_.columns.size(); j += label_step(cell_, label_style_)) {
    const double x = box_.x + (static_cast<double>(j) + 0.5) * cell_;
    if (column_label_height_ > 0.0) {
      draw_upward_text(cr, matrix_.columns[j], x + 0.36 * label_style_.size, y, label_style_,
                       column_label_height_, Align::right);
    } else {
      draw_text(cr, matrix_.columns[j], x, y + label_style_.size, Align::centre, label_style_,
                cell_);
    }
  }
  draw_text(cr, matrix_.column_title, box_.x + box_.width / 2.0, bottom_ - 4.0, Align::centre,
            kAxisStyle, std::max(box_.width, 200.0));
}

void MatrixPanel::draw_texts(cairo_t* cr) const {
  const auto [lines, fitting] = fitting_text(matrix_.texts, cell_);
  const double line_height = kLineHeight * fitting.size;
  for (std::size_t i = 0; i < matrix_.texts.size(); ++i) {
    const std::vector<std::string>& text = matrix_.texts[i];
    const std::size_t count = std::min(lines, text.size());
    TextStyle style = fitting;
    style.least_size = fitting.size;
    const bool is_faded = !matrix_.faded.values.empty() && matrix_.faded.values[i] > 0.0;
    style.grey = is_dark(matrix_.values.values[i], matrix_.scale) && !is_faded ? 1.0 : 0.0;
    const std::size_t row = i / matrix_.values.columns;
    const std::size_t column = i % matrix_.values.columns;
    const double x = box_.x + (static_cast<double>(column) + 0.5) * cell_;
    const double centre = box_.y + (static_cast<double>(row) + 0.5) * cell_;
    for (std::size_t k = 0; k < count; ++k) {
      const double from_centre = static_cast<double>(k) - (static_cast<double>(count) - 1.0) / 2.0;
      draw_text(cr, text[k], x, centre + from_centre * line_height + 0.36 * fitting.size,
                Align::centre, style, cell_);
    }
  }
}

void MatrixPanel::draw(cairo_t* cr, double pixels_per_point) const {
  const Array2d<double> values = upside_down(matrix_.values);
  const Array2d<double> faded = upside_down(matrix_.faded);
  draw_cells(cr, {values, faded.values.empty() ? nullptr : &faded}, matrix_.scale, box_,
             pixels_per_point);
  draw_frame(cr, box_);
  draw_row_labels(cr);
  draw_column_labels(cr);
  draw_texts(cr);
  draw_colour_bar(cr, box_, matrix_.scale, matrix_.unit, pixels_per_point);
}

}  // namespace relax_spectro::render
