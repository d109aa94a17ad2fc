#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "files/differing_fields.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/result_fields.hpp"

namespace relax_spectro {
namespace {

/// The fields of a card that affect a result: all except its prose.
nlohmann::json what_counts(const ModelCard& card) {
  nlohmann::json fields = nlohmann::json::parse(to_json(card));
  for (const char* prose : {"description", "licence", "source", "notes"}) fields.erase(prose);
  return fields;
}

std::optional<std::string> hash_of(const std::optional<SourceFile>& file) {
  return file ? std::optional(file->sha256) : std::nullopt;
}

nlohmann::json windows_of(const Explanation& explanation) {
  std::string text;
  for (const WindowSummary& window : explanation.windows) {
    const auto& [begin, count] = window.frames;
    text += fmt::format("{}{}-{}", text.empty() ? "" : " ", begin, begin + count);
  }
  return text;
}

/// The fields that describe what was asked, by their names in a result's JSON.
nlohmann::json question_of(const Result& result, const std::set<Ignored>& ignored) {
  const auto counts = [&ignored](Ignored what) { return !ignored.contains(what); };
  nlohmann::json asked = core::FieldWriter::json_of(result.options);
  if (!counts(Ignored::seed)) {
    asked["masks"].erase("seed");
    asked["masks"].erase("seed_by");
  }
  if (!counts(Ignored::beside)) {
    asked.erase("repeat");
    asked.erase("hop_s");
  }
  const Provenance& provenance = result.provenance;
  nlohmann::json question{
      {"options", asked},
      {"input", core::FieldWriter::json_of(provenance.audio)},
      {"reference", core::FieldWriter::json_of(hash_of(provenance.reference))},
      {"masks_file", core::FieldWriter::json_of(hash_of(provenance.masks_file))},
      {"precision", to_string(provenance.model_options.precision)}};
  question["input"]["sha256"] = provenance.input.sha256;
  if (counts(Ignored::model)) question["model"]["sha256"] = provenance.model.sha256;
  if (counts(Ignored::outcome)) question["windows"] = windows_of(result.explanation);
  return question;
}

/// The best class of each window, in order.
std::vector<HeardClass> best_classes(const Explanation& explanation) {
  std::vector<HeardClass> classes;
  for (const WindowSummary& window : explanation.windows) {
    if (window.heard.empty()) continue;
    const HeardClass& best = window.heard.front();
    const auto found = std::ranges::find_if(
        classes, [&best](const HeardClass& one) { return one.is_class(best); });
    if (found == classes.end()) {
      classes.push_back(best);
    } else {
      found->probability = std::max(found->probability, best.probability);
    }
  }
  return classes;
}

bool same_classes(const std::vector<HeardClass>& a, const std::vector<HeardClass>& b) {
  return std::ranges::equal(
      a, b, [](const HeardClass& one, const HeardClass& other) { return one.is_class(other); });
}

}  // namespace

std::vector<std::string> differences(const Result& before, const Result& now,
                                     std::initializer_list<Ignored> ignored) {
  const std::set<Ignored> passed_over(ignored);
  nlohmann::json was = question_of(before, passed_over);
  nlohmann::json is = question_of(now, passed_over);
  // If the model differs, differences of its card are not interesting.
  if (was.contains("model") && was["model"] == is["model"]) {
    was["model"]["card"] = what_counts(before.card);
    is["model"]["card"] = what_counts(now.card);
  }
  return core::differing_fields(was, is);
}

std::vector<std::string> differing_classes(std::span<const Result> results) {
  std::vector<std::string> texts;
  bool differ = false;
  for (const Result& result : results) {
    if (!result.options.score.is_of_top_class()) return {};
    const std::vector<HeardClass> classes = best_classes(result.explanation);
    differ = differ || !same_classes(classes, best_classes(results.front().explanation));
    std::vector<std::string> names;
    for (const HeardClass& one : classes) names.push_back(to_string(one));
    texts.push_back(fmt::format("{}", fmt::join(names, ", ")));
  }
  return differ ? texts : std::vector<std::string>();
}

}  // namespace relax_spectro
