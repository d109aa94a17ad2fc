#pragma once

#include <filesystem>
#include <string>

#include "relax_spectro/evaluation/flipping.hpp"
#include "relax_spectro/results/flip_file.hpp"

namespace relax_spectro {

/// The curves of a flipping, with the areas under them; random orders as their mean and the band
/// from the least to the greatest.
struct FlipFigure {
  std::string title;
  std::string subtitle;
  std::string score;  ///< what the curves are of, for the axis
  std::string unit;   ///< what is flipped: "cells"
  Flipping flipping;
};

[[nodiscard]] FlipFigure flip_figure(const Flipping& flipping, const FlipOptions& options,
                                     const std::string& title);

/// The same figure of a test of the protocol `orders` that was read back.
[[nodiscard]] FlipFigure flip_figure(const StoredFlipping& flipping, const std::string& title);

/// Draws it, as draw_figure draws a figure.
/// @throws ConfigError  another ending than `.png`, `.svg` or `.pdf`.
/// @throws IoError      the file cannot be written.
void draw_flip_figure(const std::filesystem::path& path, const FlipFigure& figure);

}  // namespace relax_spectro
