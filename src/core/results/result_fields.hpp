#pragma once

#include <string>

#include "files/field_table.hpp"
#include "files/json_text.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/verdict.hpp"

// The JSON fields of a result: see Note [One table of fields].

namespace relax_spectro::core {

inline void parse_text(FieldText text, MaskFamily& v) { v = parse_mask_family(text.text); }
inline void parse_text(FieldText text, DesignKind& v) { v = parse_design(text.text); }
inline void parse_text(FieldText text, SeedBy& v) { v = parse_seed_by(text.text); }
inline void parse_text(FieldText text, CellEdges& v) { v = parse_cell_edges(text.text); }
inline void parse_text(FieldText text, Size2d& v) { v = parse_size(text.text, "it"); }
inline void parse_text(FieldText text, MaskGrid& v) { v = parse_mask_grid(text.text); }
inline void parse_text(FieldText text, Fill& v) { v = parse_fill(text.text); }
inline void parse_text(FieldText text, ScoreSpec& v) { v = parse_score(text.text); }
inline void parse_text(FieldText text, Estimator& v) { v = parse_estimator(text.text); }
inline void parse_text(FieldText text, UncertaintyScale& v) {
  v = parse_uncertainty_scale(text.text);
}
inline void parse_text(FieldText text, ThresholdKind& v) { v = parse_threshold(text.text); }
inline void parse_text(FieldText text, Precision& v) { v = parse_precision(text.text); }

inline void parse_text(FieldText text, BatchForm& v) { v = parse_batch_form(text.text); }

template <typename Fields>
void describe(Fields& fields, Value<Fields, SourceFile>& file) {
  fields("path", file.path);
  fields("sha256", file.sha256);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, AudioOptions>& audio) {
  fields("channel", audio.channel);
  fields("begin_s", audio.begin_s);
  fields("end_s", audio.end_s);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, Shape2d>& shape) {
  fields("frequency", shape.rows);
  fields("time", shape.columns);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, TimeFrequencyBox>& box) {
  fields("begin_s", box.begin_s);
  fields("end_s", box.end_s);
  fields("low_hz", box.low_hz);
  fields("high_hz", box.high_hz);
}

// --- what was asked ---

template <typename Fields>
void describe(Fields& fields, Value<Fields, SweptWindow>& window) {
  fields("size", window.size);
  fields("stride", window.stride);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, MaskOptions>& masks) {
  fields("family", masks.family);
  fields("design", masks.design);
  fields("count", masks.count);
  fields("tolerance", masks.automatic.tolerance);
  fields("most_masks", masks.automatic.most_masks);
  fields("seed", masks.seed);
  fields("seed_by", masks.seed_by);
  fields("grid", masks.grid);
  fields("edges", masks.edges);
  fields("keep_probability", masks.keep_probability);
  fields("windows", masks.windows);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, RepeatOptions>& repeat) {
  fields("replicates", repeat.replicates);
  fields("threshold", repeat.threshold);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, ExplainOptions>& options) {
  fields("masks", options.masks);
  fields("fill", options.fill);
  fields("score", options.score);
  fields.unless_empty("more_scores", options.more_scores);
  fields("estimator", options.estimator);
  fields("uncertainty", options.uncertainty);
  fields("repeat", options.repeat);
  fields("hop_s", options.hop_s);
}

// --- what came out ---

template <typename Fields>
void describe(Fields& fields, Value<Fields, HeardClass>& heard) {
  fields("class", heard.index);
  fields("label", heard.label);
  fields("probability", heard.probability);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, AdaptiveCell>& cell) {
  fields("first_band", cell.first_band);
  fields("bands", cell.bands);
  fields("first_frame", cell.first_frame);
  fields("frames", cell.frames);
  fields("effect", cell.effect);
  fields("standard_error", cell.standard_error);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, WindowSummary>& window) {
  fields("begin_frame", window.frames.begin);
  fields("frames", window.frames.count);
  fields("first_frame_s", window.first_frame_s);
  fields("last_frame_s", window.last_frame_s);
  fields("masks", window.masks);
  fields("blocks", window.blocks);
  fields("unmasked_score", window.unmasked_score);
  fields("score_mean", window.score_mean);
  fields("score_sd", window.score_sd);
  fields("noise_to_contrast", window.noise_to_contrast);
  fields("silent_frames", window.silent_frames);
  fields("class_index", window.class_index);
  fields.unless_empty("minus_class", window.minus_class);
  fields("heard", window.heard);
  fields.unless_empty("cells", window.cells);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, SizeSummary>& size) {
  fields("window", size.window);
  fields("stride", size.stride);
  fields("most_bins", size.most_bins);
  fields("fewest_bins", size.fewest_bins);
  fields("positions", size.positions);
  fields("masks", size.masks);
  fields("mean_drop", size.mean_drop);
  fields("largest_drop", size.largest_drop);
  fields("largest_drop_at", size.largest_drop_at);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, ResolvedMethod>& method) {
  fields("estimator", method.estimator);
  fields("hop_s", method.hop_s);
  fields("design", method.design);
  fields("effective_seed", method.effective_seed);
  fields("grid", method.grid);
  fields("edges", method.layout.edges);
  fields("even_in_hertz", method.layout.even_in_hertz);
}

/// How windows were run.
template <typename Fields>
void describe_engine(Fields& fields, Value<Fields, ModelOptions>& model,
                     Value<Fields, EngineUse>& use) {
  fields.object("engine", [&](auto& engine) {
    engine("device", model.device);
    engine("optimise", model.optimise);
    engine("precision", model.precision);
    engine("batch_size", use.batch);
    engine("workers", use.workers);
    engine("threads", use.threads);
    engine("windows", use.windows);
    engine("seconds", use.seconds);
    engine("forward_seconds", use.forward_seconds);
    engine.derived("forward_share", use.forward_share());
    engine("precision_deviation", use.precision_deviation);
  });
}

/// The recording, the model and the program of a result.
template <typename Fields>
void describe_origin(Fields& fields, Value<Fields, Provenance>& provenance,
                     Value<Fields, ModelCard>& card) {
  fields("tool_version", provenance.tool_version);
  fields("command_line", provenance.command_line);
  fields("runtime", provenance.runtime);
  fields.object("input", [&](auto& input) {
    describe(input, provenance.input);
    input("sample_rate_hz", provenance.input_sample_rate_hz);
    input("duration_s", provenance.input_duration_s);
    describe(input, provenance.audio);
  });
  fields.object("model", [&](auto& model) {
    describe(model, provenance.model);
    model.unless_empty("probe", provenance.probe);
    if constexpr (Fields::kWrites) {
      model("card", nlohmann::ordered_json::parse(to_json(card)));
    } else {
      card = parse_model_card(model.fields().required("card").dump(), "model.card");
    }
  });
}

/// Fields that results and sanity checks have in common: how something was made.
template <typename Fields>
void describe_making(Fields& fields, Value<Fields, Provenance>& provenance,
                     Value<Fields, ModelCard>& card, Value<Fields, ExplainOptions>& options,
                     Value<Fields, ResolvedMethod>& method) {
  describe_origin(fields, provenance, card);
  fields("reference", provenance.reference);
  fields("masks_file", provenance.masks_file);
  fields("options", options);
  fields("method", method);
  describe_engine(fields, provenance.model_options, method.engine);
  fields("seconds", provenance.seconds);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, Result>& result) {
  auto& explanation = result.explanation;
  describe_making(fields, result.provenance, result.card, result.options, explanation.method);
  fields.derived("masks_evaluated", masks_evaluated(explanation));
  fields("noise_to_contrast", explanation.saliency.noise_to_contrast);
  fields.derived("unresolved_windows", unresolved_windows(explanation));
  fields.derived("heard", heard_in_recording(explanation));
  fields.derived("verdict", verdict_of(result));
  fields("windows", explanation.windows);
  fields("sizes", explanation.sizes);
  fields("steepest_size", explanation.steepest_size);
  fields("warnings", explanation.warnings);
}

}  // namespace relax_spectro::core
