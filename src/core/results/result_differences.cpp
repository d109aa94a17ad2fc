#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
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
  // Classes are found in any case.
  asked["score"] = core::lower_case(asked["score"].get<std::string>());
  // Other scores of the run affect a map only through an automatic number of masks.
  if (!result.options.masks.is_automatic()) asked.erase("more_scores");
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
  if (counts(Ignored::model)) {
    question["model"]["sha256"] = provenance.model.sha256;
    if (provenance.probe) question["model"]["probe"]["sha256"] = provenance.probe->sha256;
  }
  if (counts(Ignored::outcome)) question["windows"] = windows_of(result.explanation);
  return question;
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

}  // namespace relax_spectro
