#include "cli/flip_choice.hpp"

#include "cli/options.hpp"

namespace relax_spectro::cli {

void FlipChoice::declare(CommandLine& line) {
  line.group(HelpGroup::measured);
  line.option("--protocol", &protocol_, "Test to run: orders, rise or quantus").type_name("NAME");
  line.option("--score", &score_, "What is measured, as in explain")
      .type_name("SCORE")
      .default_text("the result's");
  line.option("--fill", &fill_, "What replaces the input, as in explain")
      .type_name("FILL")
      .default_text("the result's; with quantus: min");
  line.option("--unit", &unit_, "What is replaced as one: cells, bands, frames or bins")
      .type_name("UNIT")
      .default_text("cells");
  line.option("--cells", &cells_, "Cells of a window, frequency x time").type_name("SHAPE");
  line.option("--steps", &options_.steps, "Steps from the whole input to none of it")
      .whole_number(1);
  line.option("--step-size", &options_.step_size, "Units in a step, instead of --steps")
      .default_text("with quantus: 1")
      .whole_number(1)
      .rare();
  line.option("--random", &options_.random_orders, "Random orders to compare with").whole_number(1);
  line.option("--seed", &options_.seed, "Seed of the random orders").whole_number();
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
  // The score of a class does not compare embeddings.
  if (chosen.score.compares_embeddings()) chosen.reference = fitting.reference;
  chosen.validate();
  return chosen;
}

}  // namespace relax_spectro::cli
