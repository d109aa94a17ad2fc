#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "occlusion/recording_windows.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/occlusion/fill.hpp"
#include "relax_spectro/occlusion/score.hpp"

namespace relax_spectro {

/// What one step of pixel flipping replaces.
enum class FlipUnit {
  cells,   ///< rectangles of a grid
  bands,   ///< a band, all of its frames
  frames,  ///< a frame, all of its bands
  bins,    ///< a single bin
};

/// Which definition of pixel flipping applies.
enum class FlipProtocol {
  orders,  ///< Samek et al. (IEEE TNNLS 28(11), 2017), against controls: MoRF, LeRF, random orders,
           ///< loudest first
  rise,    ///< deletion and insertion as Petsiuk et al. (RISE, BMVC 2018, section 4.2) define them
  quantus,  ///< PixelFlipping of the package Quantus 0.6
};

/// @throws ConfigError  no such name; the message lists those there are.
[[nodiscard]] FlipUnit parse_flip_unit(std::string_view name);
[[nodiscard]] FlipProtocol parse_flip_protocol(std::string_view name);
[[nodiscard]] std::string_view to_string(FlipUnit unit);
[[nodiscard]] std::string_view to_string(FlipProtocol protocol);

/// How a map is tested. The defaults are those of the command line.
struct FlipOptions {
  FlipProtocol protocol = FlipProtocol::orders;
  FlipUnit unit = FlipUnit::cells;
  Shape2d grid{16, 20};  ///< of cells; in a window with fewer bins than cells a cell is a bin
  std::size_t steps = 20;
  std::optional<std::size_t> step_size;  ///< units a step; without it those that make `steps`
  std::size_t random_orders = 19;
  std::uint64_t seed = 0;  ///< of the random orders; order r depends on (seed, r) alone
  /// What stands where a unit was flipped. `rise` has its own: zero, and a blur of 5 bins; with
  /// `quantus` it is min or mean, of the window as it is before each step.
  Fill fill;
  std::uint64_t fill_seed = 0;  ///< of a fill of noise: MaskOptions::effective_seed of the masks
  ScoreSpec score;
  std::optional<ModelOutputs> reference;  ///< what the score compares with, as in ExplainOptions

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// The score as more and more of the input is replaced.
struct FlipCurve {
  std::string name;        ///< morf, lerf, random, amplitude; deletion, insertion; quantus
  Array2d<double> scores;  ///< [order, step]; several orders only of `random`
  /// Of each order: the trapezoidal area under its curve over the fraction flipped, in units of the
  /// score; with `quantus` over the number of the step.
  std::vector<double> auc;

  [[nodiscard]] double mean_auc() const;
};

/// How much better than its controls a map orders the input. Differences of areas, in units of the
/// score; above 0 is better.
struct FlipGains {
  double morf_lerf_gap = 0.0;     ///< LeRF less MoRF
  double over_random = 0.0;       ///< mean of the random orders less MoRF
  double random_sd = 0.0;         ///< of the random orders' areas
  std::size_t random_orders = 0;  ///< that there were
  std::size_t better_than = 0;    ///< random orders with a larger area than MoRF's
  double over_amplitude = 0.0;    ///< loudest first less MoRF
  double rounding = 0.0;          ///< differences up to this are none

  [[nodiscard]] bool beats_loudness() const { return over_amplitude > rounding; }
  /// What "beats chance" means everywhere: better than every random order. A map that knows
  /// nothing does so one time in random_orders + 1. (A gain over chance, over_random, is over the
  /// mean of the random orders.)
  [[nodiscard]] bool beats_chance() const {
    return over_random > rounding && better_than == random_orders;
  }
};

/// A map's test by flipping: means over the recording's windows.
struct Flipping {
  std::vector<double> fraction;  ///< of the units that are flipped, for each step; from 0 to 1
  std::vector<FlipCurve> curves;
  std::optional<FlipGains> gains;  ///< of the protocol `orders`
  std::size_t step_size = 0;       ///< units a step
  EngineUse engine;

  /// @pre there is such a curve.
  [[nodiscard]] const FlipCurve& curve(std::string_view name) const;
};

/// Told of windows evaluated and to be evaluated.
using FlipProgress = std::function<void(std::size_t done, std::size_t all)>;

/// Replaces units of each window of a recording step by step, in the orders of the protocol, and
/// records the score. Units are ordered by the mean of the map over their bins, NaN last; of equal
/// ones the first (lowest band, then earliest) goes first in MoRF, and LeRF is MoRF read backwards.
/// @param map  [frequency, time], over the whole recording.
/// @throws ConfigError  the map has another shape; options out of range, or at odds with the model.
/// @throws ModelError, MemoryError
[[nodiscard]] Flipping flip(Engine& engine, const RecordingWindows& recording,
                            const Array2d<double>& map, const FlipOptions& options,
                            const FlipProgress& progress = {});

}  // namespace relax_spectro
