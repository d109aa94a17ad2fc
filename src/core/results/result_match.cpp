#include "relax_spectro/results/result_match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "files/flat_fields.hpp"
#include "files/json_fields.hpp"
#include "relax_spectro/occlusion/recording_windows.hpp"
#include "results/result_format.hpp"
#include "results/result_json.hpp"
#include "results/result_reading.hpp"
#include "saliency/window_study.hpp"

namespace relax_spectro {
namespace {

using nlohmann::json;

/// The fields of two objects that differ, in words. Fields whose names begin as one of
/// `passed_over` do not count.
std::vector<std::string> differences(const json& found, const json& asked,
                                     const std::vector<std::string>& passed_over) {
  std::vector<std::string> texts;
  for (const auto& [name, was, is] :
       core::differing_fields(core::flat_fields(found), core::flat_fields(asked), "not there")) {
    const auto begins = [&name = name](const std::string& begin) {
      return name.starts_with(begin);
    };
    if (std::ranges::any_of(passed_over, begins)) continue;
    texts.push_back(fmt::format("{} is {}, now {}", name, was, is));
  }
  return texts;
}

/// How the options would be resolved. The number of cells follows from the grid asked for and the
/// recording, which are compared by themselves, so that it is the result's own.
ResolvedMethod method_of(const ExplainOptions& options, const ModelCard& card, const json& found) {
  ResolvedMethod method;
  const json cells = found.at("masks").value("grid", json::object());
  method.law.frequency.cells = cells.value("frequency", std::size_t{0});
  method.law.time.cells = cells.value("time", std::size_t{0});
  if (options.masks.listed) {
    method.layout = options.masks.listed->layout;
    if (options.masks.edges == CellEdges::hard) method.layout.edges = CellEdges::hard;
  }
  // As of the masks, which are not made here.
  const bool independent_cells =
      !options.masks.listed && options.masks.family != MaskFamily::time_frequency;
  method.estimator = core::resolved_estimator(options, independent_cells, method.law.grid());
  method.hop_s = resolved_hop_s({options.hop_s, Tail::cover}, card);
  return method;
}

/// What of the JSON's sources counts, under the names that it has there.
json sources_json(const Provenance& provenance) {
  return {
      {"input",
       {{"sha256", provenance.input.sha256},
        {"channel", provenance.input_channel ? json(*provenance.input_channel) : json("mean")}}},
      {"model", {{"sha256", provenance.model.sha256}}}};
}

/// What of a card changes a result: all but its prose.
json what_counts(json card) {
  for (const char* prose : {"description", "licence", "source", "notes"}) card.erase(prose);
  return card;
}

}  // namespace

std::vector<std::string> result_differences(const std::filesystem::path& path,
                                            const ExplainOptions& options, const ModelCard& card,
                                            const Provenance& asked) {
  return core::reading_a_result(path, [&] {
    const json result = core::read_result_json(path);
    core::JsonFields fields(result, core::result_origin(path));
    core::require_format(fields, core::kResultFormat);
    json found = sources_json(core::read_provenance(fields));
    found["options"] = core::options_of(result);
    json now = sources_json(asked);
    // Of another model nothing else is worth telling.
    if (found["model"] == now["model"]) {
      found["model"]["card"] = what_counts(fields.object("model").required("card"));
      now["model"]["card"] = what_counts(json::parse(to_json(card)));
    }
    now["options"] = core::options_json(options, method_of(options, card, found["options"]), asked);
    std::vector<std::string> passed_over{"options.masks.file", "options.masks.effective_seed",
                                         "options.reference.path"};
    for (const char* option : core::kSpeedOptions) {
      passed_over.push_back(fmt::format("options.{}", option));
    }
    return differences(found, now, passed_over);
  });
}

std::vector<std::string> flipping_differences(const std::filesystem::path& path,
                                              const FlipOptions& options, const FlipSource& asked) {
  return core::reading_a_result(path, [&] {
    const json flipping = core::read_result_json(path);
    core::JsonFields fields(flipping, core::result_origin(path));
    core::require_format(fields, core::kFlipFormat);
    const auto hash_of = [&fields](const std::string& source) {
      return fields.object(source).get<std::string>("sha256");
    };
    core::JsonFields found_options = fields.object("options");
    const json found{{"result", hash_of("result")},
                     {"input", hash_of("input")},
                     {"model", hash_of("model")},
                     {"options", fields.required("options")}};
    const auto step_size = options.step_size.value_or(found_options.get<std::size_t>("step_size"));
    const json now{{"result", asked.result.sha256},
                   {"input", asked.input.sha256},
                   {"model", asked.model.sha256},
                   {"options", core::flip_options_json(options, step_size, asked.map)}};
    return differences(found, now, {});
  });
}

}  // namespace relax_spectro
