#include "evaluation/flipping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>
#include <utility>

#include "base/enum_names.hpp"
#include "base/require.hpp"
#include "evaluation/flip_units.hpp"
#include "occlusion/occlusion.hpp"

namespace relax_spectro {
namespace {

using core::FlipUnits;
using core::require;

constexpr core::EnumNames kUnits{"flip unit",
                                 std::array{std::pair{FlipUnit::cells, std::string_view("cells")},
                                            std::pair{FlipUnit::bands, std::string_view("bands")},
                                            std::pair{FlipUnit::frames, std::string_view("frames")},
                                            std::pair{FlipUnit::bins, std::string_view("bins")}}};

constexpr core::EnumNames kProtocols{
    "flip protocol", std::array{std::pair{FlipProtocol::orders, std::string_view("orders")},
                                std::pair{FlipProtocol::rise, std::string_view("rise")},
                                std::pair{FlipProtocol::quantus, std::string_view("quantus")}}};

/// An order of units, and their replacement values.
struct FlipPlan {
  std::string curve;
  std::vector<std::uint32_t> step_of_unit;  ///< from 1 on
  Array2d<float> fill;
};

/// A window with all its plans.
struct FlipWindow {
  Array2d<float> window;
  FlipUnits units;
  std::size_t step_size = 0;
  std::vector<FlipPlan> plans;

  [[nodiscard]] std::size_t steps() const { return (units.count + step_size - 1) / step_size; }
};

std::size_t step_size_of(const FlipOptions& options, std::size_t units) {
  if (options.step_size) return std::min(*options.step_size, units);
  return (units + options.steps - 1) / options.steps;
}

std::vector<std::uint32_t> reversed(std::vector<std::uint32_t> order) {
  std::ranges::reverse(order);
  return order;
}

void plan_orders(FlipWindow& flipped, std::span<const std::uint32_t> morf,
                 const Array2d<float>& fill, const FlipOptions& options) {
  const auto add = [&](const char* curve, std::span<const std::uint32_t> order) {
    flipped.plans.push_back({curve, core::steps_of(order, flipped.step_size), fill});
  };
  add("morf", morf);
  add("lerf", reversed({morf.begin(), morf.end()}));
  add("amplitude", core::descending(core::means_over(flipped.units, flipped.window)));
  for (std::size_t r = 0; r < options.random_orders; ++r) {
    add("random", core::shuffled(flipped.units.count, options.seed, r));
  }
}

/// Note [Insertion is LeRF read backwards]
/// Insertion starts from a blurred input and restores the k most relevant units. Equivalently, all
/// other units have been flipped, least relevant first.
void plan_rise(FlipWindow& flipped, std::span<const std::uint32_t> morf) {
  const auto filled = [&flipped](FillKind kind) {
    return make_fill({kind}, flipped.window, 0.0F, 0);
  };
  flipped.plans.push_back(
      {"deletion", core::steps_of(morf, flipped.step_size), filled(FillKind::zero)});
  flipped.plans.push_back({"insertion",
                           core::steps_of(reversed({morf.begin(), morf.end()}), flipped.step_size),
                           filled(FillKind::blur)});
}

/// Quantus' replacement for the bins of each step: the minimum or mean of the window after the
/// steps before. Each bin is replaced only once, so one array stores all steps.
Array2d<float> quantus_fill(const FlipWindow& flipped, std::span<const std::uint32_t> order,
                            FillKind kind) {
  Array2d<float> current = flipped.window;
  const auto level = [&] {
    if (kind == FillKind::min) return *std::ranges::min_element(current.values);
    const double sum = std::accumulate(current.values.begin(), current.values.end(), 0.0);
    return static_cast<float>(sum / static_cast<double>(current.values.size()));
  };
  for (std::size_t begin = 0; begin < order.size(); begin += flipped.step_size) {
    const float value = level();
    const std::size_t count = std::min(flipped.step_size, order.size() - begin);
    for (const std::uint32_t bin : order.subspan(begin, count)) current.values[bin] = value;
  }
  return current;
}

FlipWindow plan_window(const RecordingWindows& recording, FrameRange range,
                       const Array2d<double>& map, const FlipOptions& options) {
  NetworkWindow window = network_window(recording.spectrogram, range);
  const float silence = window.silence;
  FlipWindow flipped{std::move(window.values), {}, 0, {}};
  Array2d<double> part(map.rows, range.count);
  for (std::size_t row = 0; row < map.rows; ++row) {
    std::ranges::copy(map.row(row).subspan(range.begin, range.count), part.row(row).begin());
  }
  flipped.units = core::units_of({map.rows, range.count}, options.unit, options.grid);
  flipped.step_size = step_size_of(options, flipped.units.count);
  const std::vector<std::uint32_t> morf = core::descending(core::means_over(flipped.units, part));
  switch (options.protocol) {
    case FlipProtocol::orders:
      plan_orders(flipped, morf,
                  make_fill(options.fill, flipped.window, silence, options.fill_seed), options);
      break;
    case FlipProtocol::rise:
      plan_rise(flipped, morf);
      break;
    case FlipProtocol::quantus:
      flipped.plans.push_back({"quantus", core::steps_of(morf, flipped.step_size),
                               quantus_fill(flipped, morf, options.fill.kind)});
  }
  return flipped;
}

/// The scores of all plans after every step from 1 on, [plan, step], in one run of the engine.
Array2d<double> step_scores(Engine& engine, const FlipWindow& flipped, const Score& score,
                            const EngineProgress& progress) {
  const std::size_t steps = flipped.steps();
  Array2d<double> scores(flipped.plans.size(), steps);
  const auto write = [&](std::size_t index, std::span<float> copy) {
    const FlipPlan& plan = flipped.plans[index / steps];
    const std::size_t step = index % steps + 1;
    for (std::size_t bin = 0; bin < copy.size(); ++bin) {
      const bool is_flipped = plan.step_of_unit[flipped.units.unit_of_bin[bin]] <= step;
      copy[bin] = is_flipped ? plan.fill.values[bin] : flipped.window.values[bin];
    }
  };
  const auto take = [&](std::size_t begin, const ModelOutputs& outputs) {
    std::ranges::copy(score(outputs), scores.values.begin() + static_cast<std::ptrdiff_t>(begin));
  };
  engine.run({scores.values.size(), flipped.window.columns, write}, take, progress);
  return scores;
}

/// Adds a window's curves to the sums over windows.
void add_curves(std::vector<FlipCurve>& curves, const FlipWindow& flipped,
                const Array2d<double>& scores, double unflipped) {
  std::vector<FlipCurve> found;
  for (std::size_t p = 0; p < flipped.plans.size(); ++p) {
    if (found.empty() || found.back().name != flipped.plans[p].curve) {
      found.push_back({flipped.plans[p].curve, Array2d<double>(0, scores.columns + 1), {}});
    }
    Array2d<double>& rows = found.back().scores;
    ++rows.rows;
    rows.values.push_back(unflipped);
    rows.values.insert(rows.values.end(), scores.row(p).begin(), scores.row(p).end());
  }
  if (curves.empty()) {
    curves = std::move(found);
    return;
  }
  for (std::size_t c = 0; c < curves.size(); ++c) {
    std::ranges::transform(curves[c].scores.values, found[c].scores.values,
                           curves[c].scores.values.begin(), std::plus<>());
  }
}

double trapezoid(std::span<const double> x, std::span<const double> y) {
  double area = 0.0;
  for (std::size_t i = 1; i < y.size(); ++i) area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2.0;
  return area;
}

/// Converts sums over windows to means, in the protocol's form, and computes the areas.
void finish_curves(Flipping& flipping, std::size_t windows, FlipProtocol protocol) {
  std::vector<double> x = flipping.fraction;
  if (protocol == FlipProtocol::quantus) {
    // Quantus has no step 0.
    flipping.fraction.erase(flipping.fraction.begin());
    x.resize(flipping.fraction.size());
    std::iota(x.begin(), x.end(), 0.0);
  }
  for (FlipCurve& curve : flipping.curves) {
    for (double& score : curve.scores.values) score /= static_cast<double>(windows);
    if (protocol == FlipProtocol::quantus) {
      curve.scores.values.erase(curve.scores.values.begin());
      --curve.scores.columns;
    }
    for (std::size_t order = 0; order < curve.scores.rows; ++order) {
      curve.auc.push_back(trapezoid(x, curve.scores.row(order)));
    }
    // See Note [Insertion is LeRF read backwards]: reversing does not change the area.
    if (curve.name == "insertion") std::ranges::reverse(curve.scores.values);
  }
}

double sd_of(std::span<const double> values, double mean) {
  if (values.size() < 2) return 0.0;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

FlipGains gains_of(const Flipping& flipping) {
  constexpr double kRounding = 1e-6;  // rounding error of float outputs
  const double morf = flipping.curve("morf").auc[0];
  const FlipCurve& random = flipping.curve("random");
  FlipGains gains;
  gains.rounding = kRounding * std::max(std::abs(morf), 1e-3);
  gains.morf_lerf_gap = flipping.curve("lerf").auc[0] - morf;
  gains.over_amplitude = flipping.curve("amplitude").auc[0] - morf;
  gains.over_random = random.mean_auc() - morf;
  gains.random_sd = sd_of(random.auc, random.mean_auc());
  gains.random_orders = random.auc.size();
  gains.better_than = static_cast<std::size_t>(
      std::ranges::count_if(random.auc, [&](double auc) { return auc - morf > gains.rounding; }));
  return gains;
}

std::vector<double> fractions(const FlipWindow& flipped) {
  std::vector<double> fraction;
  for (std::size_t step = 0; step <= flipped.steps(); ++step) {
    const std::size_t units = std::min(step * flipped.step_size, flipped.units.count);
    fraction.push_back(static_cast<double>(units) / static_cast<double>(flipped.units.count));
  }
  return fraction;
}

}  // namespace

FlipUnit parse_flip_unit(std::string_view name) { return kUnits.parse(name); }
FlipProtocol parse_flip_protocol(std::string_view name) { return kProtocols.parse(name); }
std::string_view to_string(FlipUnit unit) { return kUnits.name_of(unit); }
std::string_view to_string(FlipProtocol protocol) { return kProtocols.name_of(protocol); }

void FlipOptions::validate() const {
  require(grid.rows > 0 && grid.columns > 0, "--cells: expected 1 or more cells along each axis");
  require(steps > 0, "--steps is 0; expected 1 or more");
  require(!step_size || *step_size > 0, "--step-size is 0; expected 1 or more units");
  require(protocol != FlipProtocol::orders || random_orders > 0,
          "--random is 0; expected 1 or more orders to compare with");
  require(protocol != FlipProtocol::quantus ||
              ((fill.kind == FillKind::min || fill.kind == FillKind::mean) &&
               unit == FlipUnit::bins && score.kind == ScoreKind::probability),
          "--protocol quantus flips bins (--unit bins), fills with min or mean (--fill) and scores "
          "a probability (--score prob:CLASS)");
  require(!reference || score.compares_embeddings(),
          "--reference is for scores that compare embeddings: cosine, dot, l2");
}

double FlipCurve::mean_auc() const {
  return std::accumulate(auc.begin(), auc.end(), 0.0) / static_cast<double>(auc.size());
}

const FlipCurve& Flipping::curve(std::string_view name) const {
  const auto found = std::ranges::find(curves, name, &FlipCurve::name);
  require(found != curves.end(), fmt::format("there is no flipping curve '{}'", name));
  return *found;
}

Flipping flip(Engine& engine, const RecordingWindows& recording, const Array2d<double>& map,
              const FlipOptions& options, const FlipProgress& progress) {
  options.validate();
  const Array2d<float>& values = recording.spectrogram.values;
  require(map.rows == values.rows && map.columns == values.columns,
          fmt::format("the map has {} bands and {} frames, the recording as this model sees it {} "
                      "and {}; expected a map of this recording and model",
                      map.rows, map.columns, values.rows, values.columns));
  Flipping flipping;
  std::size_t done = 0;
  for (const FrameRange range : recording.windows) {
    const FlipWindow flipped = plan_window(recording, range, map, options);
    const ModelOutputs unflipped = engine.forward_alone(flipped.window);
    const Score score(options.score, engine.card(), options.reference.value_or(unflipped));
    const std::size_t copies = flipped.plans.size() * flipped.steps();
    if (done == 0) engine.begin(copies * recording.windows.size());
    const Array2d<double> scores = step_scores(engine, flipped, score, [&](std::size_t n) {
      if (progress) progress(done + n, copies * recording.windows.size());
    });
    done += copies;
    add_curves(flipping.curves, flipped, scores, score(unflipped)[0]);
    flipping.fraction = fractions(flipped);
    flipping.step_size = flipped.step_size;
  }
  finish_curves(flipping, recording.windows.size(), options.protocol);
  if (options.protocol == FlipProtocol::orders) flipping.gains = gains_of(flipping);
  flipping.engine = engine.take_use();
  return flipping;
}

}  // namespace relax_spectro
