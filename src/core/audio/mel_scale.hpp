#pragma once

#include <span>
#include <vector>

#include "relax_spectro/audio/front_end.hpp"

namespace relax_spectro::core {

[[nodiscard]] double hz_to_mel(MelScale scale, double hz);
[[nodiscard]] double mel_to_hz(MelScale scale, double mel);

/// The corners of the triangles, equally spaced in mel. Band b rises from edge b to edge b + 1 and
/// falls to edge b + 2.
[[nodiscard]] std::vector<double> mel_edges_hz(const FrontEndConfig& config);

/// The triangles at any frequencies, before they are normalised: [bands, frequencies], 0 to 1.
[[nodiscard]] Array2d<double> mel_triangles(const FrontEndConfig& config,
                                            std::span<const double> frequencies_hz);

}  // namespace relax_spectro::core
