#include "cli/flip_choice.hpp"

#include "cli/options.hpp"

namespace relax_spectro::cli {

void FlipChoice::declare(CommandLine& line) {
  line.option("--unit", &unit_, "What is replaced as one: cells, bands, frames or bins [cells]");
  line.option("--cells", &cells_, "Cells of a window, frequency x time");
  line.option("--steps", &options_.steps, "Steps from the whole input to nothing of it")
      .whole_number(1);
  line.option("--step-size", &options_.step_size,
              "Units a step, instead of --steps [1 with --protocol quantus]")
      .type_name("N")
      .whole_number(1);
  line.option("--random", &options_.random_orders, "Random orders to compare with").whole_number(1);
  line.option("--seed", &options_.seed, "Seed of the random orders").whole_number();
  line.option("--fill", &fill_,
              "What stands where a unit is replaced, as in explain [the result's own; min with "
              "--protocol quantus]");
  line.option("--score", &score_, "What is measured, as in explain [the result's own]");
  line.option("--protocol", &protocol_,
              "orders (MoRF and LeRF against random orders and loudest first), rise (deletion "
              "and insertion), or quantus (PixelFlipping of Quantus 0.6, of prob:CLASS)");
}

FlipOptions FlipChoice::read(const FlipOptions& fitting) const {
  FlipOptions chosen = options_;
  chosen.protocol = parse_flip_protocol(protocol_);
  const bool as_quantus = chosen.protocol == FlipProtocol::quantus;
  chosen.unit = unit_ ? parse_flip_unit(*unit_) : as_quantus ? FlipUnit::bins : FlipUnit::cells;
  if (as_quantus && !chosen.step_size) chosen.step_size = 1;
  chosen.grid = parse_shape(cells_, "--cells");
  chosen.fill = fill_ ? parse_fill(*fill_) : as_quantus ? Fill{FillKind::min} : fitting.fill;
  chosen.fill_seed = fitting.fill_seed;
  chosen.score = score_ ? parse_score(*score_) : fitting.score;
  // Another recording's embedding is nothing to a class's score.
  if (chosen.score.compares_embeddings()) chosen.reference = fitting.reference;
  chosen.validate();
  return chosen;
}

}  // namespace relax_spectro::cli
