#include "render/matrix_panel.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "relax_spectro/render/figure.hpp"
#include "render/page_file.hpp"
#include "support/catch.hpp"
#include "support/picture.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using namespace relax_spectro::render;
using test::packed;
using test::Picture;

namespace {

constexpr double kMatrixTop = 20.0;

Matrix numbered_matrix(std::size_t rows, std::size_t columns) {
  Matrix matrix;
  matrix.values = Array2d<double>(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) matrix.rows.push_back("row " + std::to_string(i));
  for (std::size_t j = 0; j < columns; ++j) matrix.columns.push_back("column " + std::to_string(j));
  matrix.row_title = "rows";
  matrix.column_title = "columns";
  matrix.unit = "value";
  matrix.scale = {0.0, 1.0};
  return matrix;
}

Picture drawn(const MatrixPanel& panel, const test::TemporaryFolder& folder) {
  write_page(folder / "matrix.png", panel.bottom(),
             [&panel](cairo_t* cr, double pixels_per_point) { panel.draw(cr, pixels_per_point); });
  return Picture(folder / "matrix.png");
}

}  // namespace

TEST_CASE("the cells of a matrix have their colours, the first row on top") {
  const test::TemporaryFolder folder;
  const bool is_signed = GENERATE(false, true);
  Matrix matrix = numbered_matrix(2, 3);
  matrix.values(0, 2) = 1.0;
  matrix.values(1, 0) = std::numeric_limits<double>::quiet_NaN();
  if (is_signed) matrix.scale = {-1.0, 1.0, true};
  const MatrixPanel panel(matrix, kMatrixTop);
  const Picture picture = drawn(panel, folder);
  const Box& box = panel.box();
  CHECK(box.y == kMatrixTop);
  CHECK(box.width * 2.0 == box.height * 3.0);
  const auto pixel = [&](int row, int column) {
    return picture.pixel(static_cast<int>(2.0 * box.x + (column + 0.5) * box.width * 2.0 / 3.0),
                         static_cast<int>(2.0 * box.y + (row + 0.5) * box.height));
  };
  CHECK(pixel(0, 2) == packed(is_signed ? signed_colour_of(1.0) : colour_of(1.0)));
  CHECK(pixel(1, 2) == packed(is_signed ? signed_colour_of(0.0) : colour_of(0.0)));
  CHECK(pixel(1, 0) == 0xB8B8B8);
}

TEST_CASE("texts are written where they fit into all cells") {
  const test::TemporaryFolder folder;
  const std::size_t size = GENERATE(as<std::size_t>(), 2, 200);
  Matrix matrix = numbered_matrix(size, size);
  matrix.texts.assign(size * size, {"23", "0.96"});
  const MatrixPanel panel(matrix, kMatrixTop);
  const Picture picture = drawn(panel, folder);
  const double cell = panel.box().width / static_cast<double>(size);
  bool written = false;
  for (int x = 0; x < static_cast<int>(2.0 * cell); ++x) {
    const int y = static_cast<int>(2.0 * panel.box().y + cell * 0.75);
    written |=
        picture.pixel(static_cast<int>(2.0 * panel.box().x) + x, y) != packed(colour_of(0.0));
  }
  CHECK(written == (size == 2));
}

TEST_CASE("matrices of every size stay within the page") {
  const std::size_t rows = GENERATE(as<std::size_t>(), 1, 7, 50, 500);
  const std::size_t columns = GENERATE(as<std::size_t>(), 1, 7, 50, 500);
  Matrix matrix = numbered_matrix(rows, columns);
  matrix.rows[0] = std::string(200, 'x');
  matrix.columns[0] = std::string(200, 'x');
  const MatrixPanel panel(matrix, kMatrixTop);
  CHECK(panel.box().right() <= render::kPlotLeft + render::kPlotWidth);
  CHECK(panel.box().x >= 150.0);  // the long label is cut
  CHECK(panel.box().height <= 640.0);
  CHECK(panel.bottom() - panel.box().bottom() <= 160.0);
}
