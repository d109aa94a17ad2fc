#pragma once

#include <cairo.h>

#include <string>
#include <vector>

#include "axis.hpp"
#include "canvas.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro::render {

/// A table of values, such as a confusion matrix. It is drawn as coloured cells.
struct Matrix {
  Array2d<double> values;         ///< up to 500 rows and columns; row 0 is on top; NaN is grey
  std::vector<std::string> rows;  ///< a label for each
  std::vector<std::string> columns;
  std::string row_title;  ///< what the rows are
  std::string column_title;
  std::string unit;  ///< of the values, for the colour bar
  Scale scale;       ///< of the colours; they diverge from zero if it is signed
  /// Lines of text for each cell, row by row, the most important first. As many are written as fit
  /// into all cells. Empty: none.
  std::vector<std::vector<std::string>> texts = {};
  Array2d<double> faded = {};  ///< as Cells::faded, [row, column]; empty: none is
};

/// A matrix at its place on a page.
class MatrixPanel {
 public:
  /// Chooses the size of the cells, and the space for labels.
  /// @param top  of the first row, on the page.
  /// @pre  there is a cell, and as many labels as rows and columns.
  MatrixPanel(Matrix matrix, double top);

  [[nodiscard]] const Box& box() const { return box_; }    ///< of the cells
  [[nodiscard]] double bottom() const { return bottom_; }  ///< of the labels below
  void draw(cairo_t* cr, double pixels_per_point) const;

 private:
  void draw_row_labels(cairo_t* cr) const;
  void draw_column_labels(cairo_t* cr) const;
  void draw_texts(cairo_t* cr) const;

  Matrix matrix_;
  double cell_ = 0.0;  ///< side of a cell
  TextStyle label_style_;
  double row_label_width_ = 0.0;
  double column_label_height_ = 0.0;  ///< 0: the labels are horizontal
  Box box_;
  double bottom_ = 0.0;
};

}  // namespace relax_spectro::render
