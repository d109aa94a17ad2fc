#include "cli/explain_choice.hpp"

#include "cli/recorded_options.hpp"
#include "relax_spectro/masks/mask_file.hpp"

namespace relax_spectro::cli {

void ExplainChoice::declare_masks(CommandLine& line) {
  masks_.declare(line);
  line.option("--masks-file", &masks_file_,
              "Take the masks from this .npz (cell_bits, shift) instead of drawing them")
      .type_name("FILE");
  line.option("--fill", &fill_,
              "What stands where a mask hides the input: zero (as the RELAX package; not silence "
              "in a log-mel), silence, min, mean, band-mean, constant:VALUE, noise, blur[:BINS]");
}

void ExplainChoice::declare_map(CommandLine& line) {
  line.option("--score", &score_,
              "What is measured: cosine (of the embeddings, RELAX), dot, l2, logit:CLASS, "
              "prob:CLASS, or top (the logit of the class that the whole input scores highest)");
  line.option("--reference", &reference_,
              "Compare with this recording's mean embedding: why is one like the other")
      .type_name("FILE");
  line.option(
      "--estimator", &estimator_,
      "regression (least noise), mask-sum (as the RELAX package) or expected (as the paper) "
      "[regression up to 1024 cells, else mask-sum]");
  line.option("--uncertainty", &uncertainty_,
              "variance, or unnormalised (the RELAX package: variance times sum of masks)");
  line.option("--repeat", &repeat_,
              "Also write REPEAT's maps, how likely each bin is salient, from so many replicates "
              "of the masks (AAAI 2025: 10) [none]")
      .type_name("K")
      .whole_number();
  line.option("--repeat-threshold", &repeat_threshold_,
              "With --repeat: salient is above the map's mean, otsu or triangle threshold");
  line.option("--hop", &options_.hop_s, "Seconds from window to window [the card's]");
}

ExplainOptions ExplainChoice::read() const {
  ExplainOptions chosen = options_;
  chosen.masks = masks_.read();
  if (masks_file_) chosen.masks.listed = read_mask_file(*masks_file_);
  chosen.fill = parse_fill(fill_);
  chosen.score = parse_score(score_);
  if (estimator_) chosen.estimator = parse_estimator(*estimator_);
  chosen.uncertainty = parse_uncertainty_scale(uncertainty_);
  if (repeat_) chosen.repeat = RepeatOptions{*repeat_, parse_threshold(repeat_threshold_)};
  chosen.validate();
  return chosen;
}

std::optional<SourceFile> ExplainChoice::masks_file() const {
  return masks_file_ ? std::optional(source_file(*masks_file_)) : std::nullopt;
}

ExplainOptions recorded_explain_options(const RecordedRun& run) {
  CommandLine line;
  ExplainChoice choice;
  choice.declare_masks(line);
  choice.declare_map(line);
  fill_in(line, recorded_options(run.options_json));
  return choice.read();
}

}  // namespace relax_spectro::cli
