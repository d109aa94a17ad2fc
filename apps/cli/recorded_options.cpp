#include "cli/recorded_options.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/stage.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::cli {
namespace {

using nlohmann::json;

std::string typed(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Fields whose values are typed as they stand; null: was not asked for.
void add_fields(const json& object,
                std::initializer_list<std::pair<const char*, const char*>> fields,
                std::vector<OptionValue>& values) {
  for (const auto& [field, option] : fields) {
    if (object.contains(field) && !object.at(field).is_null()) {
      values.push_back({option, typed(object.at(field))});
    }
  }
}

void add_windows(const json& windows, std::vector<OptionValue>& values) {
  std::string sizes;
  std::string strides;
  for (const json& window : windows) {
    sizes += (sizes.empty() ? "" : ",") + typed(window.at("window"));
    if (window.at("stride").is_null()) continue;  // then none has one
    strides += (strides.empty() ? "" : ",") + typed(window.at("stride"));
  }
  values.push_back({"--window", sizes});
  if (!strides.empty()) values.push_back({"--stride", strides});
}

void add_masks(const json& masks, std::vector<OptionValue>& values) {
  add_fields(masks,
             {{"family", "--family"},
              {"count", "--masks"},
              {"tolerance", "--tolerance"},
              {"most_masks", "--max-masks"},
              {"seed", "--seed"},
              {"file", "--masks-file"}},
             values);
  values.push_back(
      {"--seed-by", masks.value("seed_by", "run")});  // as all were, before it was told
  if (masks.contains("windows")) add_windows(masks.at("windows"), values);
  if (!masks.contains("grid_asked")) return;  // masks of a file, or a sweep
  add_fields(masks,
             {{"design", "--design"},
              {"grid_asked", "--grid"},
              {"edges", "--edges"},
              {"keep_probability", "--keep"}},
             values);
}

}  // namespace

std::vector<OptionValue> recorded_options(const std::string& options_json) {
  std::vector<OptionValue> values;
  try {
    const json options = json::parse(options_json);
    add_masks(options.at("masks"), values);
    add_fields(options,
               {{"fill", "--fill"},
                {"score", "--score"},
                {"estimator", "--estimator"},
                {"uncertainty", "--uncertainty"},
                {"hop_s", "--hop"},
                {"device", "--device"},
                {"batch_size", "--batch-size"},
                {"workers", "--workers"},
                {"threads", "--threads"}},
               values);
    if (!options.at("reference").is_null()) {
      values.push_back({"--reference", typed(options.at("reference").at("path"))});
    }
    if (const json& repeat = options.at("repeat"); !repeat.is_null()) {
      values.push_back({"--repeat", typed(repeat.at("replicates"))});
      values.push_back({"--repeat-threshold", typed(repeat.at("threshold"))});
    }
    values.push_back({"--optimise", options.at("optimise").get<bool>() ? "on" : "off"});
    values.push_back({"--precision", options.value("precision", "single")});
  } catch (const json::exception& error) {
    throw IoError(fmt::format("the options of a result cannot be read: {}", error.what()));
  }
  return values;
}

void fill_in(CommandLine& line, const std::vector<OptionValue>& values) {
  for (const auto& [name, value] : values) line.fill_in(name, value);
  keep_named_inputs(line);
}

}  // namespace relax_spectro::cli
