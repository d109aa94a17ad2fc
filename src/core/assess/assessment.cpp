#include "assess/assessment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/finite_mean.hpp"
#include "base/require.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kSplits = 20;

std::string measure_text(const Measure& measure, const std::string& title) {
  return fmt::format("{} {:.3f} (95 %: {:.2f}–{:.2f})", title, measure.value, measure.interval->low,
                     measure.interval->high);
}

/// In percentage points.
double largest_change(const InfluenceTable& table, const std::string& measure) {
  const std::size_t number = table.number_of(measure);
  return 100.0 * std::abs(table.files[largest(table.files, number, 1).front()].changes[number]);
}

const DropBounds& bounds_of(const Assessment& assessment, const std::string& measure) {
  return *std::ranges::find(assessment.bounds, measure, &DropBounds::measure);
}

std::string bounds_text(const DropBounds& bounds, std::size_t files, std::size_t of) {
  return fmt::format("{} file{} ({:.2g} %) can give {:.3f} or {:.3f}", files, files == 1 ? "" : "s",
                     100.0 * static_cast<double>(files) / static_cast<double>(of),
                     bounds.least[files - 1], bounds.greatest[files - 1]);
}

std::string threshold_text(const DropBounds& bounds, const MeasureThreshold& threshold) {
  const std::string side = threshold.measure == "log_loss" ? "above" : "below";
  const std::string what = fmt::format("{} {} {:g}", threshold.measure, side, threshold.value);
  if (!bounds.to_threshold) return fmt::format("No half of the files brings {}.", what);
  if (*bounds.to_threshold == 0) return fmt::format("{} already.", what);
  return fmt::format("Without {} file{} it is {}.", *bounds.to_threshold,
                     *bounds.to_threshold == 1 ? "" : "s", what);
}

std::string ensemble_sentence(const EnsembleStudy& study, const std::vector<System>& systems) {
  const Comparison& mean = *std::ranges::find(study.comparisons, "mean", &Comparison::system);
  const auto text = [&mean](std::size_t measure) {
    const Difference& difference = mean.differences[measure];
    return fmt::format("{:+.3f} ({:+.3f} to {:+.3f})", difference.value, difference.interval.low,
                       difference.interval.high);
  };
  return fmt::format("Against the best member, {}: accuracy {}, log loss {}.\n",
                     systems[study.best].name, text(0), text(2));
}

ProbeRecipe recipe_of(const AssessData& data) {
  const std::filesystem::path path =
      std::filesystem::path(data.members.front().path).replace_extension(".json");
  core::require(data.members.size() == 1 && path.stem().extension() == ".probe",
                "--refit needs the predictions of one probe; give a single NAME.probe.npz");
  return read_recipe(path, LabelsTable(data.table));
}

std::vector<double> picked(const std::vector<double>& values, const std::vector<std::string>& names,
                           const std::vector<std::string>& wanted) {
  std::map<std::string, double> by_name;
  for (std::size_t i = 0; i < names.size(); ++i) by_name[names[i]] = values[i];
  std::vector<double> found;
  for (const std::string& name : wanted) found.push_back(by_name.at(name));
  return found;
}

TrainingInfluence aligned(const TrainingInfluence& influence, const ProbeData& from,
                          const AssessData& to) {
  return {picked(influence.files, from.files, to.files),
          picked(influence.groups, from.groups, to.groups)};
}

std::string refit_text(const std::vector<SplitNoise>& splits, const TrainingInfluence& training) {
  std::string text = fmt::format("On {} other splits:", splits.front().values.size());
  for (const SplitNoise& noise : splits) {
    text += fmt::format("{} {} {:.3f} (SD {:.3f})", &noise == &splits.front() ? "" : ",",
                        noise.measure, noise.mean, noise.sd);
  }
  std::vector<double> sizes;
  for (const double change : training.files) sizes.push_back(std::abs(change));
  text += fmt::format(
      ".\nWithout one training file, the log loss changes by up to {:.2g}, {:.2g} in the median.\n",
      std::ranges::max(sizes), core::lower_median(sizes).value());
  return text;
}

}  // namespace

std::string subject_text(const Assessment& assessment) {
  if (!assessment.ensemble) return assessment.systems[assessment.subject].name;
  return fmt::format("Mean of {} members", assessment.subject);
}

Assessment assess(const AssessData& data, const AssessOptions& options) {
  core::require(
      data.groups.size() >= 2,
      fmt::format("the recordings are in {} group; expected 2 or more", data.groups.size()));
  Assessment found;
  found.systems = systems_of(data.members, options.seed);
  found.subject = data.members.size() == 1 ? 0 : data.members.size();
  if (data.members.size() > 1) {
    found.ensemble = study_ensemble(data.members, found.systems, options.seed);
  }
  const System& subject = found.systems[found.subject];
  found.influence = influence_of(subject.predictions);
  found.bounds = drop_bounds(subject.predictions, subject.report, options.threshold);
  found.slices = study_slices(subject.predictions, slice_columns(data.rows), options.seed);
  found.perturbations = perturbation_effects(data.members, options.seed);
  found.suspects = suspects_of(subject.predictions);
  if (options.refit) {
    const ProbeRecipe recipe = recipe_of(data);
    found.splits = split_noise(recipe, kSplits);
    found.training = aligned(training_influence(recipe), recipe.data, data);
  }
  return found;
}

std::string verdict_of(const Assessment& assessment,
                       const std::optional<MeasureThreshold>& threshold) {
  const System& subject = assessment.systems[assessment.subject];
  const std::size_t files = subject.predictions.truth.size();
  const InfluenceTable& influence = assessment.influence;
  const auto f1 = std::ranges::max_element(
      influence.files, {}, [](const Influence& one) { return std::abs(one.f1_change); });
  const DropBounds& bounds = bounds_of(assessment, "macro_f1");
  std::string text = fmt::format("{}: {} files, {}, {}.\n", subject_text(assessment), files,
                                 measure_text(subject.report.at("accuracy"), "accuracy"),
                                 measure_text(subject.report.at("macro_f1"), "macro F1"));
  text += fmt::format(
      "One file moves accuracy by up to {:.2g}, macro F1 by up to {:.2g}, and F1 of {} by up to "
      "{:.2g} points.\n",
      largest_change(influence, "accuracy"), largest_change(influence, "macro_f1"),
      subject.predictions.labels[f1->f1_class], 100.0 * std::abs(f1->f1_change));
  const std::size_t twentieth = std::max<std::size_t>(1, files / 20);
  text += "For macro F1, the loss of ";
  if (twentieth > 5) text += bounds_text(bounds, 5, files) + "; of ";
  text += bounds_text(bounds, twentieth, files) + ".\n";
  text += bounds.to_leave_interval
              ? fmt::format("Without {} file{} it can leave its interval.\n",
                            *bounds.to_leave_interval, *bounds.to_leave_interval == 1 ? "" : "s")
              : "Without any half of the files it stays in its interval.\n";
  if (assessment.ensemble) text += ensemble_sentence(*assessment.ensemble, assessment.systems);
  if (assessment.training) text += refit_text(assessment.splits, *assessment.training);
  if (threshold)
    text += threshold_text(bounds_of(assessment, threshold->measure), *threshold) + "\n";
  text += slices_text(assessment.slices);
  text += perturbations_text(assessment.perturbations);
  return text;
}

}  // namespace relax_spectro
