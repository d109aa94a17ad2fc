#include "cli/explain_choice.hpp"

#include "masks/mask_file.hpp"

namespace relax_spectro::cli {

void ExplainChoice::declare_masks(CommandLine& line) {
  masks_.declare(line);
  line.option("--masks-file", &masks_file_,
              "Take the masks from this .npz (cell_bits, shift) instead of drawing them")
      .type_name("FILE");
  typed_.text(line, "--fill", &ExplainOptions::fill, parse_fill,
              "What stands where a mask hides the input: zero (as the RELAX package; not silence "
              "in a log-mel), silence, min, mean, band-mean, constant:VALUE, noise, blur[:BINS]");
}

void ExplainChoice::declare_map(CommandLine& line) {
  typed_.text(line, "--score", &ExplainOptions::score, parse_score,
              "What is measured: cosine (of the embeddings, RELAX), dot, l2, logit:CLASS, "
              "prob:CLASS, or top (the logit of the class that the whole input scores highest)");
  line.option("--reference", &reference_,
              "Compare with the mean embedding of all of this recording: why is one like the other")
      .type_name("FILE");
  typed_.text(
      line, "--estimator", &ExplainOptions::estimator, parse_estimator,
      "regression (least noise), mask-sum (as the RELAX package) or expected (as the paper) "
      "[regression up to 1024 cells, else mask-sum]");
  typed_.text(line, "--uncertainty", &ExplainOptions::uncertainty, parse_uncertainty_scale,
              "variance, or unnormalised (the RELAX package: variance times sum of masks)");
  line.option("--repeat", &repeat_,
              "Also write REPEAT's maps, how likely each bin is salient, from so many replicates "
              "of the masks (AAAI 2025: 10) [none]")
      .type_name("K")
      .whole_number();
  line.option("--repeat-threshold", &repeat_threshold_,
              "With --repeat: salient is above the map's mean, otsu or triangle threshold")
      .default_text(std::string(to_string(RepeatOptions{}.threshold)));
  typed_.number(line, "--hop", &ExplainOptions::hop_s,
                "Seconds from window to window [the card's]");
}

void ExplainChoice::lay_over(Result& asked) const {
  ExplainOptions& options = asked.options;
  options = typed_.over(std::move(options));
  options.masks = masks_.read(options.masks);
  if (repeat_) {
    if (!options.repeat) options.repeat.emplace();
    options.repeat->replicates = *repeat_;
  }
  if (repeat_threshold_) {
    const ThresholdKind threshold = parse_threshold(*repeat_threshold_);
    if (options.repeat) options.repeat->threshold = threshold;
  }
  Provenance& provenance = asked.provenance;
  if (masks_file_) provenance.masks_file = {*masks_file_, ""};
  if (provenance.masks_file) {
    options.masks.listed = read_mask_file(provenance.masks_file->path);
    provenance.masks_file = source_file(provenance.masks_file->path);
  }
  if (reference_) {
    provenance.reference = source_file(*reference_);
  } else if (!options.score.compares_embeddings()) {
    provenance.reference.reset();  // a result's, whose score was another
  } else if (provenance.reference) {
    provenance.reference = source_file(provenance.reference->path);
  }
  options.validate();
}

}  // namespace relax_spectro::cli
