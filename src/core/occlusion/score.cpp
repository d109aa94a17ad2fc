#include "relax_spectro/occlusion/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "base/enum_names.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/occlusion/prediction.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kScores{
    "score",
    std::array{std::pair{ScoreKind::cosine, "cosine"sv}, std::pair{ScoreKind::dot, "dot"sv},
               std::pair{ScoreKind::l2, "l2"sv}, std::pair{ScoreKind::logit, "logit"sv},
               std::pair{ScoreKind::probability, "prob"sv}}};

// As in common libraries, a zero vector has cosine 0 with every vector.
constexpr double kCosineEpsilon = 1e-8;

bool needs_class(ScoreKind kind) {
  return kind == ScoreKind::logit || kind == ScoreKind::probability;
}

std::vector<std::string> nearest_labels(const std::string& name,
                                        const std::vector<std::string>& labels) {
  constexpr std::size_t kShown = 5;
  const auto distance = [wanted = core::lower_case(name)](const std::string& label) {
    const std::string lower = core::lower_case(label);
    // A label that contains the whole name is nearer than any misspelling.
    return lower.find(wanted) != std::string::npos ? 0 : edit_distance(wanted, label);
  };
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& label : labels) ranked.emplace_back(distance(label), label);
  std::ranges::stable_sort(ranked, {}, [](const auto& item) { return item.first; });
  std::vector<std::string> nearest;
  for (const auto& [_, label] : ranked) {
    if (nearest.size() < kShown) nearest.push_back(label);
  }
  return nearest;
}

/// The class with a label as it is written, or else the first that has it in another case.
std::optional<std::size_t> index_of(std::string_view label, const ModelCard& card) {
  const auto exact = std::ranges::find(card.labels, label);
  if (exact != card.labels.end()) return static_cast<std::size_t>(exact - card.labels.begin());
  const auto found =
      std::ranges::find(card.labels, core::lower_case(std::string(label)),
                        [](const std::string& one) { return core::lower_case(one); });
  if (found == card.labels.end()) return std::nullopt;
  return static_cast<std::size_t>(found - card.labels.begin());
}

/// The only class with a name among those of its label: AudioSet's "Chicken, rooster" has two.
std::optional<std::size_t> index_of_part(std::string_view name, const ModelCard& card) {
  std::optional<std::size_t> only;
  const std::string part = ", " + core::lower_case(std::string(name)) + ", ";
  for (std::size_t i = 0; i < card.labels.size(); ++i) {
    const std::string parts = ", " + core::lower_case(card.labels[i]) + ", ";
    if (parts.find(part) == std::string::npos) continue;
    if (only) return std::nullopt;
    only = i;
  }
  return only;
}

/// A class by its label, or by one of the names in it.
std::optional<std::size_t> class_labelled(std::string_view name, const ModelCard& card) {
  if (const auto index = index_of(name, card)) return index;
  return index_of_part(name, card);
}

/// A class by its label, one of the names in it, its index, or `top`. Nothing if there is no such
/// class.
std::optional<std::size_t> class_named(std::string_view name, const ModelCard& card,
                                       std::span<const float> scores) {
  name = core::trimmed(name);
  if (name == "top") {
    return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
  }
  if (const auto index = class_labelled(name, card)) return index;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error == std::errc() && end == name.data() + name.size() && index < scores.size()) {
    return index;
  }
  return std::nullopt;
}

std::string nearest_text(const std::string& name, const ModelCard& card) {
  return fmt::format("the nearest are: {}", fmt::join(nearest_labels(name, card.labels), "; "));
}

/// The classes that a name stands for: one, or two with a minus between them. Labels may contain a
/// minus themselves.
/// @param scores  of the unmasked input.
/// @throws ConfigError  unknown class; the message lists the nearest labels.
MeasuredClasses find_classes(const std::string& name, const ModelCard& card,
                             std::span<const float> scores) {
  if (const auto index = class_named(name, card, scores)) return {*index, {}};
  for (std::size_t i = name.find('-'); i != std::string::npos; i = name.find('-', i + 1)) {
    const auto first = class_named(std::string_view(name).substr(0, i), card, scores);
    const auto second = class_named(std::string_view(name).substr(i + 1), card, scores);
    if (first && second) return {*first, second};
  }
  constexpr std::array kOtherScores{"cosine"sv, "top"sv, "all"sv};
  throw ConfigError(
      fmt::format("class '{}' is not one of the model's {}: expected an index from 0 to {}{}{}",
                  name, scores.size(), scores.size() - 1,
                  card.labels.empty() ? " (its card has no labels)"
                                      : ", or a label; " + nearest_text(name, card),
                  name.find(", ") == std::string::npos
                      ? did_you_mean(name, kOtherScores)
                      : ". Between several scores, write commas without a space"));
}

std::string no_such_output(const ScoreSpec& spec) {
  const bool embeddings = spec.compares_embeddings();
  return fmt::format(
      "the score {} measures {}, but the model's card names none; use --score {}, or add outputs.{} "
      "to the card",
      to_string(spec), embeddings ? "embeddings" : "class scores", embeddings ? "top" : "cosine",
      embeddings ? "embedding" : "class_scores");
}

double norm(std::span<const double> vector) {
  return std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0));
}

}  // namespace

ScoreSpec parse_score(std::string_view text) {
  const std::size_t colon = text.find(':');
  const bool is_class =
      colon == std::string_view::npos &&
      std::ranges::none_of(kScores.names, [text](const auto& name) { return name.second == text; });
  if (is_class) return {ScoreKind::logit, std::string(text)};
  ScoreSpec spec{kScores.parse(text.substr(0, colon)), {}};
  if (colon != std::string_view::npos) spec.class_name = text.substr(colon + 1);
  if (needs_class(spec.kind) && spec.class_name.empty()) {
    throw ConfigError(
        fmt::format("score '{}': expected a class behind a colon, such as {}:0 or {}:rain", text,
                    text.substr(0, colon), text.substr(0, colon)));
  }
  if (!needs_class(spec.kind) && colon != std::string_view::npos) {
    throw ConfigError(fmt::format("score '{}': {} takes no class", text, text.substr(0, colon)));
  }
  return spec;
}

std::string to_string(const ScoreSpec& spec) {
  const bool is_short =
      spec.kind == ScoreKind::logit &&
      (spec.is_of_top_class() || spec.is_of_all_classes() || spec.is_of_own_label());
  if (is_short) return spec.class_name;
  const std::string_view name = kScores.name_of(spec.kind);
  return needs_class(spec.kind) ? fmt::format("{}:{}", name, spec.class_name) : std::string(name);
}

std::string short_name(const ScoreSpec& spec) {
  return spec.kind == ScoreKind::logit ? spec.class_name : to_string(spec);
}

std::vector<ScoreSpec> parse_scores(std::string_view text) {
  std::vector<ScoreSpec> scores;
  const auto add = [&](std::string_view part) {
    if (part.empty()) {
      throw ConfigError(fmt::format(
          "--score '{}' has an empty place; expected scores between commas, such as cosine,top",
          text));
    }
    scores.push_back(parse_score(part));
    const auto lower = [](const ScoreSpec& score) { return core::lower_case(to_string(score)); };
    if (std::ranges::count(scores, lower(scores.back()), lower) > 1) {
      throw ConfigError(fmt::format("--score '{}' lists {} twice; expected each score once", text,
                                    to_string(scores.back())));
    }
  };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_separator = text[i] == ',' && (i + 1 == text.size() || text[i + 1] != ' ');
    if (!is_separator) continue;
    add(text.substr(begin, i - begin));
    begin = i + 1;
  }
  add(text.substr(begin));
  return scores;
}

std::vector<ScoreSpec> scores_of_label(std::span<const ScoreSpec> scores,
                                       const std::string& label) {
  std::vector<ScoreSpec> own;
  for (ScoreSpec score : scores) {
    if (score.is_of_own_label() && !label.empty()) score.class_name = label;
    if (std::ranges::count(own, score) == 0) own.push_back(score);
  }
  return own;
}

void require_label(std::span<const ScoreSpec> scores, const std::string& label,
                   const ModelCard& card) {
  if (label.empty() || std::ranges::none_of(scores, &ScoreSpec::is_of_own_label)) return;
  if (class_labelled(label, card)) return;
  throw ConfigError(
      fmt::format("the recording's label '{}' is not one of the model's classes; {}", label,
                  card.labels.empty() ? "its card has no labels" : nearest_text(label, card)));
}

std::vector<ScoreSpec> expanded_scores(std::span<const ScoreSpec> scores, const ModelCard& card) {
  std::vector<ScoreSpec> expanded;
  const auto add = [&expanded](const ScoreSpec& score) {
    if (std::ranges::count(expanded, score) == 0) expanded.push_back(score);
  };
  for (const ScoreSpec& score : scores) {
    if (!score.is_of_all_classes()) {
      const std::vector<float> any(card.labels.size());
      if (needs_class(score.kind) && !any.empty() && !score.is_of_own_label()) {
        static_cast<void>(find_classes(score.class_name, card, any));
      }
      add(score);
      continue;
    }
    if (card.labels.empty()) {
      throw ConfigError(fmt::format(
          "the score {} needs the model's labels, but its card has none; add labels to the card, or "
          "list classes by their index, such as --score 0,1,2",
          to_string(score)));
    }
    std::set<std::string> known;
    for (std::size_t i = 0; i < card.labels.size(); ++i) {
      // A label that several classes share would name only the first of them.
      const bool is_first = known.insert(core::lower_case(card.labels[i])).second;
      add({score.kind, is_first ? card.labels[i] : fmt::format("{}", i)});
    }
  }
  return expanded;
}

Score::Score(const ScoreSpec& spec, const ModelCard& card, const ModelOutputs& reference)
    : kind_(spec.kind), activation_(card.activation), temperature_(card.temperature) {
  const Array2d<float>& outputs =
      spec.compares_embeddings() ? reference.embedding : reference.class_scores;
  if (outputs.rows == 0 || outputs.columns == 0) throw ConfigError(no_such_output(spec));
  const std::span<const float> row = outputs.row(0);
  reference_.assign(row.begin(), row.end());
  reference_norm_ = norm(reference_);
  if (!needs_class(kind_)) return;
  if (spec.class_index && *spec.class_index >= row.size()) {
    throw ConfigError(
        fmt::format("class {} is asked for; the model has {}", *spec.class_index, row.size()));
  }
  if (spec.is_of_own_label()) {
    throw ConfigError(
        "the score is the recording's own label, but its label is not known; run batch with a list "
        "(.csv) that has the columns file and label");
  }
  if (!spec.class_index || !spec.class_name.empty()) {
    classes_ = find_classes(spec.class_name, card, row);
  }
  if (spec.class_index) classes_ = {*spec.class_index, classes_ ? classes_->minus : std::nullopt};
}

double Score::compare(std::span<const float> row) const {
  const std::vector<double> embedding(row.begin(), row.end());
  if (kind_ == ScoreKind::l2) {
    double squares = 0.0;
    for (std::size_t i = 0; i < embedding.size(); ++i) {
      squares += std::pow(embedding[i] - reference_[i], 2);
    }
    return -std::sqrt(squares);
  }
  const double dot =
      std::inner_product(embedding.begin(), embedding.end(), reference_.begin(), 0.0);
  if (kind_ == ScoreKind::dot) return dot;
  return dot / std::max(norm(embedding) * reference_norm_, kCosineEpsilon);
}

double Score::class_value(std::span<const float> class_scores) const {
  const auto value = [&](std::size_t index) {
    return class_probability(kind_ == ScoreKind::probability ? activation_ : Activation::none,
                             temperature_, class_scores, index);
  };
  return value(classes_->index) - (classes_->minus ? value(*classes_->minus) : 0.0);
}

std::vector<double> Score::operator()(const ModelOutputs& outputs) const {
  const Array2d<float>& rows = classes_ ? outputs.class_scores : outputs.embedding;
  if (rows.columns != reference_.size()) {
    throw ModelError(
        fmt::format("the model gives {} numbers for a masked window, {} for the reference; "
                    "expected the same number",
                    rows.columns, reference_.size()));
  }
  std::vector<double> scores(rows.rows);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = classes_ ? class_value(rows.row(i)) : compare(rows.row(i));
  }
  return scores;
}

}  // namespace relax_spectro
