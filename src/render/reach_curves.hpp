#pragma once

#include <cairo.h>

#include <optional>
#include <string>
#include <vector>

#include "canvas.hpp"
#include "occlusion/perturbation.hpp"
#include "relax_spectro/render/figure.hpp"
#include "space/reach.hpp"

namespace relax_spectro::render {

/// How many changed copies keep the vote of their label, over how strong the change is: one plot for
/// masks, one for noise. Each label has a curve if there are few labels.
class ReachCurves {
 public:
  /// @param labels   in the order of the reaches.
  /// @param colours  of the labels.
  /// @param unchanged  the same share of the recordings themselves.
  /// @param top      of the plots.
  ReachCurves(const std::vector<Reach>& reaches, std::vector<std::string> labels,
              std::vector<Colour> colours, double unchanged, double top);

  [[nodiscard]] bool empty() const { return plots_.empty(); }  ///< no mask and no noise
  [[nodiscard]] double bottom() const;                         ///< of the names below
  void draw(cairo_t* cr) const;

 private:
  struct Point {
    double value = 0.0;  ///< of the change
    double kept = 0.0;
    Interval interval;
  };
  struct Curve {
    std::optional<std::size_t> label;  ///< nothing: all
    std::vector<Point> points;         ///< the weakest change first
  };
  struct Plot {
    PerturbationKind kind = PerturbationKind::mask;
    std::vector<Curve> curves;  ///< all first
    Box box;
  };

  void draw_plot(cairo_t* cr, const Plot& plot) const;
  void draw_curve(cairo_t* cr, const Plot& plot, const Curve& curve) const;
  void draw_names(cairo_t* cr) const;
  void use_colour(cairo_t* cr, const Curve& curve, double opacity) const;

  std::vector<std::string> labels_;
  std::vector<Colour> colours_;
  double unchanged_;
  std::vector<Plot> plots_;
};

}  // namespace relax_spectro::render
