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

/// What one unit of pixel flipping is.
enum class FlipUnit {
  cells,   ///< rectangles of a grid
  bands,   ///< a band over all frames
  frames,  ///< a frame over all bands
  bins,    ///< a single bin
};

/// Which definition of pixel flipping is used.
enum class FlipProtocol {
  orders,   ///< Samek et al. (IEEE TNNLS 28(11), 2017), with controls: MoRF, LeRF, random orders,
            ///< loudest first
  rise,     ///< deletion and insertion from Petsiuk et al. (RISE, BMVC 2018, section 4.2)
  quantus,  ///< PixelFlipping of the package Quantus 0.6
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] FlipUnit parse_flip_unit(std::string_view name);
[[nodiscard]] FlipProtocol parse_flip_protocol(std::string_view name);
[[nodiscard]] std::string_view to_string(FlipUnit unit);
[[nodiscard]] std::string_view to_string(FlipProtocol protocol);

/// How a map is tested. The defaults are those of the command line.
struct FlipOptions {
  FlipProtocol protocol = FlipProtocol::orders;
  FlipUnit unit = FlipUnit::cells;
  Shape2d grid{16, 20};  ///< number of cells; along an axis with fewer bins, each bin is a cell
  std::size_t steps = 20;
  std::optional<std::size_t> step_size;  ///< units per step; without it, it follows from `steps`
  std::size_t random_orders = 19;
  std::uint64_t seed = 0;  ///< of the random orders; order r depends only on (seed, r)
  /// The replacement for flipped units. `rise` uses its own: zero, and a blur of 5 bins. `quantus`
  /// takes min or mean, of the window as it is before each step.
  Fill fill;
  std::uint64_t fill_seed = 0;  ///< for a fill of noise: MaskOptions::effective_seed of the masks
  ScoreSpec score;
  std::optional<ModelOutputs> reference;  ///< with which the score compares, as in ExplainOptions

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// The score as a function of how much of the input is replaced.
struct FlipCurve {
  std::string name;        ///< morf, lerf, random, amplitude; deletion, insertion; quantus
  Array2d<double> scores;  ///< [order, step]; only `random` has several orders
  /// For each order, the trapezoidal area under its curve over the fraction flipped, in units of
  /// the score. For `quantus`, over the number of the step.
  std::vector<double> auc;

  [[nodiscard]] double mean_auc() const;
};

/// How much better a map orders the input than its controls. These are differences of areas, in
/// units of the score; above 0 is better.
struct FlipGains {
  double morf_lerf_gap = 0.0;     ///< LeRF minus MoRF
  double over_random = 0.0;       ///< mean of the random orders minus MoRF
  double random_sd = 0.0;         ///< standard deviation of the random orders' areas
  std::size_t random_orders = 0;  ///< number of random orders
  std::size_t better_than = 0;    ///< number of random orders with a larger area than MoRF's
  double over_amplitude = 0.0;    ///< loudest first minus MoRF
  double rounding = 0.0;          ///< smaller differences count as none

  [[nodiscard]] bool beats_loudness() const { return over_amplitude > rounding; }
  /// Whether the map beats chance, here and everywhere: it is better than every random order. A
  /// random map achieves this with probability 1 / (random_orders + 1). In contrast, the gain
  /// over_random compares with the mean of the random orders.
  [[nodiscard]] bool beats_chance() const {
    return over_random > rounding && better_than == random_orders;
  }
};

/// The flip test of a map, as means over the recording's windows.
struct Flipping {
  std::vector<double> fraction;  ///< fraction of units flipped after each step, 0 to 1
  std::vector<FlipCurve> curves;
  std::optional<FlipGains> gains;  ///< for the protocol `orders`
  std::size_t step_size = 0;       ///< units per step
  EngineUse engine;

  /// @pre the curve exists.
  [[nodiscard]] const FlipCurve& curve(std::string_view name) const;
};

/// Receives the number of windows done and the total.
using FlipProgress = std::function<void(std::size_t done, std::size_t all)>;

/// Replaces units of each window step by step, in the orders of the protocol, and records the
/// score. Units are sorted by the mean of the map over their bins, NaN last. Among equal units,
/// MoRF takes the first (lowest band, then earliest); LeRF is the reverse of MoRF.
/// @param map  [frequency, time], over the whole recording.
/// @throws ConfigError  the map has another shape, or options are out of range or in conflict with
///                      the model.
/// @throws ModelError, MemoryError
[[nodiscard]] Flipping flip(Engine& engine, const RecordingWindows& recording,
                            const Array2d<double>& map, const FlipOptions& options,
                            const FlipProgress& progress = {});

}  // namespace relax_spectro
