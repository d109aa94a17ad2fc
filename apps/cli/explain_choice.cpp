#include "cli/explain_choice.hpp"

#include "masks/mask_file.hpp"

namespace relax_spectro::cli {

void ExplainChoice::declare_masks(CommandLine& line) {
  masks_.declare(line);
  line.option("--masks-file", &masks_file_,
              "Read the masks from this .npz, instead of drawing them")
      .type_name("FILE")
      .rare();
  typed_
      .text(line, "--fill", &ExplainOptions::fill, parse_fill,
            "What replaces masked bins: zero, silence, min, mean, noise, blur ...")
      .type_name("FILL");
}

void ExplainChoice::declare_map(CommandLine& line) {
  line.group(HelpGroup::measured);
  line.option("--score", &scores_,
              "cosine, dot, l2 (of embeddings), top, CLASS, prob:CLASS, A-B or all")
      .type_name("SCORE,...")
      .default_text(to_string(ExplainOptions{}.score));
  line.option("--reference", &reference_, "Compare embeddings with that of this recording")
      .type_name("FILE");
  typed_
      .number(line, "--hop", &ExplainOptions::hop_s, "Time from one window to the next, in seconds")
      .type_name("S")
      .default_text("the model's");
  typed_
      .text(line, "--estimator", &ExplainOptions::estimator, parse_estimator,
            "Estimator: regression, mask-sum or expected")
      .type_name("NAME")
      .default_text("regression where possible")
      .rare();
  typed_
      .text(line, "--uncertainty", &ExplainOptions::uncertainty, parse_uncertainty_scale,
            "Scale of the uncertainty: variance or unnormalised")
      .type_name("SCALE")
      .rare();
  line.option("--repeat", &repeat_, "Also compute REPEAT's maps, from this many replicates")
      .default_text("none")
      .whole_number()
      .rare();
  line.option("--repeat-threshold", &repeat_threshold_, "With --repeat: mean, otsu or triangle")
      .type_name("T")
      .default_text(std::string(to_string(RepeatOptions{}.threshold)))
      .rare();
}

void ExplainChoice::lay_over(Result& asked) const {
  ExplainOptions& options = asked.options;
  options = typed_.over(std::move(options));
  options.masks = masks_.read(options.masks);
  if (scores_) {
    options.more_scores = parse_scores(*scores_);
    options.score = options.more_scores.front();
    options.more_scores.erase(options.more_scores.begin());
  }
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
  } else if (!options.compares_embeddings()) {
    provenance.reference.reset();  // of a result with another score
  } else if (provenance.reference) {
    provenance.reference = source_file(provenance.reference->path);
  }
  options.validate();
}

}  // namespace relax_spectro::cli
