#include "probe/refit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "base/require.hpp"
#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "probe/calibration.hpp"
#include "probe/class_counts.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {
namespace {

double sum_of(const std::vector<double>& values) {
  return std::reduce(values.begin(), values.end());
}

/// The rows that are not in `without`. @param without  sorted
Rows others(std::size_t count, const Rows& without) {
  Rows rest;
  std::ranges::set_difference(all_rows(count), without, std::back_inserter(rest));
  return rest;
}

/// The sum of the test rows' log losses, by a fit of some rows.
double test_loss(const ProbeRecipe& recipe, const KnownFold& known, const Rows& train) {
  const LogisticFit fit = fit_logistic(recipe.data.rows.at(train), recipe.options.with(known.c));
  const LabelledRows test = recipe.data.rows.at(known.fold.test);
  return sum_of(
      log_losses(probabilities_of(fit.logits(test.features), known.temperature), test.classes));
}

/// The change of the mean log loss if these rows are left out of training.
double change_without(const ProbeRecipe& recipe, const std::vector<double>& losses,
                      const Rows& left_out) {
  double change = 0.0;
  double tested = 0.0;
  for (std::size_t f = 0; f < recipe.folds.size(); ++f) {
    const Fold& fold = recipe.folds[f].fold;
    tested += static_cast<double>(fold.test.size());
    Rows train;
    std::ranges::set_difference(fold.train, left_out, std::back_inserter(train));
    if (train.size() < fold.train.size()) {
      change += test_loss(recipe, recipe.folds[f], train) - losses[f];
    }
  }
  return change / tested;
}

std::vector<double> measures_of(const ProbeRecipe& recipe, std::size_t folds, std::uint64_t seed) {
  const LabelledRows& rows = recipe.data.rows;
  ProbeOptions options = recipe.options;
  options.seed = seed;
  ClassCounts counts(rows.class_count);
  double loss = 0.0;
  for (const TestedFold& tested :
       test_folds(rows, stratified_group_folds(rows, folds, seed), options)) {
    const Rows decisions = decisions_of(tested.logits);
    std::vector<std::size_t> classes;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      classes.push_back(rows.classes[tested.fold.test[i]]);
      counts.add(classes.back(), decisions[i]);
    }
    loss += sum_of(log_losses(probabilities_of(tested.logits, tested.chosen.temperature), classes));
  }
  return {counts.accuracy(), counts.macro_f1(), loss / static_cast<double>(rows.classes.size())};
}

}  // namespace

ProbeRecipe read_recipe(const std::filesystem::path& json_path, const LabelsTable& table) {
  const nlohmann::json json = core::parse_json(read_text_file(json_path), json_path.string());
  core::JsonFields fields(json, {json_path.string(), "expected a file that probe wrote"});
  core::JsonFields options = fields.object("options");
  const bool of_windows = options.get<std::string>("unit") == "window";
  ClassMap map;
  if (!fields.required("class_map").is_null()) {
    map = ClassMap(fields.object("class_map").get<std::string>("path"));
  }
  const RecordingEmbeddings embeddings =
      read_embeddings(fields.get<std::string>("embeddings"),
                      of_windows ? EmbeddingUnit::window : EmbeddingUnit::recording);
  ProbeRecipe recipe{probe_data(embeddings, table, map), {}, {}};
  recipe.options.standardise = options.get<bool>("standardise");
  recipe.options.balanced = options.get<std::string>("class_weight") == "balanced";
  recipe.options.c = fields.object("fit").get<double>("c");
  std::map<std::string, std::size_t> row_of;
  for (std::size_t i = 0; i < recipe.data.files.size(); ++i) row_of[recipe.data.files[i]] = i;
  std::map<std::string, Rows> tests;
  for (core::JsonFields& row : fields.objects("predictions")) {
    const auto found = row_of.find(row.get<std::string>("file"));
    if (found == row_of.end()) row.fail("file", "has no embedding or no label any more");
    tests[row.get<std::string>("fold")].push_back(found->second);
  }
  core::require(fields.texts("labels") == recipe.data.labels &&
                    fields.get<std::size_t>("recordings") == recipe.data.files.size(),
                fmt::format("{}: its recordings and labels are not those of {}; run probe again",
                            json_path.string(), table.path().string()));
  for (core::JsonFields& fold : fields.objects("folds")) {
    const auto name = fold.get<std::string>("name");
    Rows& test = tests[name];
    std::ranges::sort(test);
    recipe.folds.push_back({{name, others(recipe.data.files.size(), test), test},
                            fold.get<double>("c"),
                            fold.get<double>("temperature")});
  }
  return recipe;
}

std::vector<SplitNoise> split_noise(const ProbeRecipe& recipe, std::size_t splits) {
  const std::size_t folds = recipe.folds.size() > 1 ? recipe.folds.size() : 5;
  std::vector<SplitNoise> found{{"accuracy", {}}, {"macro_f1", {}}, {"log_loss", {}}};
  for (std::size_t split = 1; split <= splits; ++split) {
    const std::vector<double> values = measures_of(recipe, folds, split);
    for (std::size_t m = 0; m < found.size(); ++m) found[m].values.push_back(values[m]);
  }
  const auto count = static_cast<double>(splits);
  for (SplitNoise& noise : found) {
    noise.mean = sum_of(noise.values) / count;
    double squares = 0.0;
    for (const double value : noise.values) squares += (value - noise.mean) * (value - noise.mean);
    noise.sd = std::sqrt(squares / (count - 1.0));
  }
  return found;
}

TrainingInfluence training_influence(const ProbeRecipe& recipe) {
  std::vector<double> losses;
  for (const KnownFold& known : recipe.folds) {
    losses.push_back(test_loss(recipe, known, known.fold.train));
  }
  TrainingInfluence found;
  std::vector<Rows> groups(recipe.data.groups.size());
  for (std::size_t i = 0; i < recipe.data.files.size(); ++i) {
    groups[recipe.data.rows.groups[i]].push_back(i);
    found.files.push_back(change_without(recipe, losses, {i}));
  }
  for (const Rows& group : groups) {
    found.groups.push_back(group.size() == 1 ? found.files[group.front()]
                                             : change_without(recipe, losses, group));
  }
  return found;
}

}  // namespace relax_spectro
