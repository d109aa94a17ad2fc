#include "interactions/interactions_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "files/csv_cell.hpp"
#include "files/npz.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "results/result_fields.hpp"
#include "results/result_json.hpp"

namespace relax_spectro {

namespace core {

inline void parse_text(FieldText text, PairContext& v) { v = parse_pair_context(text.text); }

template <typename Fields>
void describe(Fields& fields, Value<Fields, InteractionOptions>& options) {
  fields("grid", options.grid);
  fields("context", options.context);
  fields("masks", options.count);
  fields("score", options.score);
  fields("fill", options.fill);
  fields("hop_s", options.hop_s);
  fields("seed", options.seed);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, VarianceShares>& shares) {
  fields("main", shares.main);
  fields("pairs", shares.pairs);
  fields("rest", shares.rest);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, CellGroup>& group) {
  fields("name", group.name);
  fields("begin_s", group.box.begin_s);
  fields("end_s", group.box.end_s);
  fields("low_hz", group.box.low_hz);
  fields("high_hz", group.box.high_hz);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, InteractionResult>& result) {
  auto& found = result.found;
  describe_origin(fields, result.provenance, result.card);
  fields("boxes", result.boxes);
  fields("options", result.options);
  describe_engine(fields, result.provenance.model_options, found.engine);
  fields("seconds", result.provenance.seconds);
  fields.derived("masks", found.patterns.kept.rows);
  fields.derived("blocks", found.patterns.blocks);
  fields.derived("verdict", verdict_of(found));
  fields("heard", found.heard);
  fields("silent_share", found.silent_share);
  fields("variance", found.effects.variance);
  fields("groups", found.groups);
  fields("warnings", found.warnings);
}

}  // namespace core

namespace {

constexpr const char* kArrays = ".interactions.npz";
constexpr const char* kTableCsv = ".interactions.csv";

void write_arrays(const std::filesystem::path& path, const Interactions& found) {
  const PairEffects& effects = found.effects;
  NpzWriter writer;
  writer.add("interaction", effects.interaction);
  if (effects.standard_error) writer.add("standard_error", *effects.standard_error);
  if (effects.p_adjusted) writer.add("p_adjusted", *effects.p_adjusted);
  writer.add("main", {effects.main.size()}, std::span<const double>(effects.main));
  writer.add("unmasked_score", {found.unmasked_scores.size()},
             std::span<const double>(found.unmasked_scores));
  for (const auto& [name, member] : {std::pair{"begin_s", &TimeFrequencyBox::begin_s},
                                     {"end_s", &TimeFrequencyBox::end_s},
                                     {"low_hz", &TimeFrequencyBox::low_hz},
                                     {"high_hz", &TimeFrequencyBox::high_hz}}) {
    std::vector<double> values;
    for (const CellGroup& group : found.groups) values.push_back(group.box.*member);
    writer.add(name, {values.size()}, std::span<const double>(values));
  }
  writer.add("kept", found.patterns.kept);
  writer.add("scores", found.scores);
  writer.write(path);
}

std::string box_columns(const CellGroup& group) {
  const TimeFrequencyBox& box = group.box;
  return fmt::format("{},{:.3f},{:.3f},{:.0f},{:.0f}", core::csv_cell(group.name), box.begin_s,
                     box.end_s, box.low_hz, box.high_hz);
}

/// A cell of a matrix, or nothing without one.
std::string cell_text(const std::optional<Array2d<double>>& matrix, std::size_t i, std::size_t j) {
  return matrix ? fmt::format("{:.6g}", (*matrix)(i, j)) : std::string();
}

constexpr const char* kBoxColumns =
    "name_1,begin_s_1,end_s_1,low_hz_1,high_hz_1,name_2,begin_s_2,end_s_2,low_hz_2,high_hz_2,relax_spectro\n";

std::string table_of(const Interactions& found) {
  const PairEffects& effects = found.effects;
  std::string text =
      std::string(
          "first,second,interaction,standard_error,p_adjusted,main_of_first,main_of_second,") +
      kBoxColumns;
  for (const auto& [i, j] : pairs_by_size(effects)) {
    text += fmt::format("{},{},{:.6g},{},{},{:.6g},{:.6g},{},{},{}\n", i, j,
                        effects.interaction(i, j), cell_text(effects.standard_error, i, j),
                        cell_text(effects.p_adjusted, i, j), effects.main[i], effects.main[j],
                        box_columns(found.groups[i]), box_columns(found.groups[j]), version());
  }
  return text;
}

std::string label_table(std::span<const MeanEffects> labels, const std::vector<CellGroup>& groups) {
  std::string text =
      std::string(
          "label,recordings,groups,first,second,interaction,low,high,p,main_of_first,"
          "main_of_second,") +
      kBoxColumns;
  for (const MeanEffects& mean : labels) {
    const PairEffects& effects = mean.effects;
    for (const auto& [i, j] : pairs_by_size(effects)) {
      text += fmt::format(
          "{},{},{},{},{},{:.6g},{},{},{},{:.6g},{:.6g},{},{},{}\n", core::csv_cell(mean.label),
          mean.recordings, mean.groups, i, j, effects.interaction(i, j), cell_text(mean.low, i, j),
          cell_text(mean.high, i, j), cell_text(effects.p_adjusted, i, j), effects.main[i],
          effects.main[j], box_columns(groups[i]), box_columns(groups[j]), version());
    }
  }
  return text;
}

}  // namespace

std::string group_text(const std::vector<CellGroup>& groups, std::size_t index) {
  const CellGroup& group = groups[index];
  if (!group.name.empty()) return group.name;
  const TimeFrequencyBox& box = group.box;
  const TimeFrequencyBox& first = groups.front().box;
  const TimeFrequencyBox& last = groups.back().box;
  std::string text;
  if (first.low_hz != last.low_hz) text = fmt::format("{:.0f}–{:.0f} Hz", box.low_hz, box.high_hz);
  if (first.begin_s != last.begin_s) {
    text += fmt::format("{}{:.2f}–{:.2f} s", text.empty() ? "" : ", ", box.begin_s, box.end_s);
  }
  return text;
}

std::string model_text(const InteractionResult& result) {
  const Provenance& from = result.provenance;
  return fmt::format("{} ({}{})", result.card.name, from.model.path.filename().string(),
                     from.probe ? ", " + from.probe->path.filename().string() : "");
}

std::string p_text(double p) { return p < 1e-4 ? "p < 0.0001" : fmt::format("p {:.2g}", p); }

std::string verdict_of(const Interactions& found) {
  const PairEffects& effects = found.effects;
  const std::vector<CellPair> pairs = pairs_by_size(effects);
  const auto shown =
      std::ranges::find_if(pairs, [&](const CellPair& pair) { return is_shown(effects, pair); });
  if (found.silent_share == 1.0) return "Digital silence: the effects are those of the fill.";
  std::string text = "No pair of parts works together beyond chance.";
  if (shown != pairs.end()) {
    const double value = effects.interaction(shown->first, shown->second);
    text = fmt::format("{} and {}: {} ({:+.3g}{}).", group_text(found.groups, shown->first),
                       group_text(found.groups, shown->second),
                       value > 0.0 ? "the model needs both" : "either is enough", value,
                       effects.p_adjusted
                           ? ", " + p_text((*effects.p_adjusted)(shown->first, shown->second))
                           : "");
  }
  if (effects.variance) {
    text += fmt::format(" Single parts explain {:.0f} % of the score's variance, pairs {:.0f} %.",
                        100.0 * effects.variance->main, 100.0 * effects.variance->pairs);
  }
  return text;
}

OutputFiles interactions_files(const std::filesystem::path& stem, const std::string& figure_format,
                               Overwrite overwrite) {
  return {stem, ".interactions", {kArrays, kTableCsv}, figure_format, overwrite};
}

void write_interactions(OutputFiles& files, const InteractionResult& result) {
  write_arrays(files.temporary_path(kArrays), result.found);
  files.write(kTableCsv, table_of(result.found));
  files.commit(core::formatted_text(core::kInteractionsFormat, result));
}

InteractionResult read_interactions(const std::filesystem::path& json_path) {
  InteractionResult result;
  core::read_formatted(json_path, core::kInteractionsFormat, result);
  const std::filesystem::path path = std::filesystem::path(json_path).replace_extension(".npz");
  const auto arrays = read_npz(path, {"interaction", "main"});
  const std::size_t parts = result.found.groups.size();
  for (const auto& [name, size] : {std::pair{"interaction", parts * parts}, {"main", parts}}) {
    const auto found = arrays.find(name);
    if (found != arrays.end() && found->second.values.size() == size) continue;
    throw IoError(fmt::format("{}: '{}' does not have the {} parts of {}", path.string(), name,
                              parts, json_path.string()));
  }
  result.found.effects.interaction = Array2d<double>(parts, parts);
  result.found.effects.interaction.values = arrays.at("interaction").values;
  result.found.effects.main = arrays.at("main").values;
  return result;
}

void write_label_interactions(const std::filesystem::path& path,
                              std::span<const MeanEffects> labels,
                              const std::vector<CellGroup>& groups, Overwrite overwrite) {
  write_text_file(path, label_table(labels, groups), overwrite);
}

}  // namespace relax_spectro
