#include "page_head.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "html.hpp"

namespace relax_spectro::render {
namespace {

void add_once(std::vector<std::string>& texts, const std::string& text) {
  if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// A term with what it stands for, one below the other. Many are cut.
std::string term(const char* name, const std::vector<std::string>& texts) {
  constexpr std::size_t kMost = 12;
  std::string html = fmt::format("<dt>{}</dt>\n", name);
  for (std::size_t i = 0; i < std::min(kMost, texts.size()); ++i) {
    html += fmt::format("<dd>{}</dd>\n", escape_html(texts[i]));
  }
  if (texts.size() > kMost) {
    html += fmt::format("<dd>and {} more, see the overview</dd>\n", texts.size() - kMost);
  }
  return html;
}

std::string duration_text(double seconds) {
  if (seconds < 120.0) return fmt::format("{:.1f} s", seconds);
  return fmt::format("{:.1f} minutes", seconds / 60.0);
}

}  // namespace

void PageHead::add_recording(double duration_s) {
  ++recordings_;
  duration_s_ += duration_s;
}

void PageHead::add(const ShownResult& shown) {
  const Result& result = shown.result;
  ++results_;
  add_once(models_,
           fmt::format("{} ({})", result.card.name, result.provenance.model.path.string()));
  add_once(scores_, shown.score);
  add_once(fills_, to_string(result.options.fill));
  versions_.insert(result.provenance.tool_version);
  const ResolvedMethod& method = result.explanation.method;
  const std::string kind = result.options.masks.text("", method.grid, method.layout.edges);
  const auto [fewest, most] =
      std::ranges::minmax(result.explanation.windows, {}, &WindowSummary::masks);
  Masks& masks =
      masks_.try_emplace(kind, Masks{result.options.masks, method, fewest.masks, most.masks})
          .first->second;
  masks.fewest = std::min(masks.fewest, fewest.masks);
  masks.most = std::max(masks.most, most.masks);
}

std::vector<std::string> PageHead::mask_texts() const {
  std::vector<std::string> texts;
  for (const auto& [_, masks] : masks_) {
    const std::string count = masks.fewest == masks.most
                                  ? fmt::format("{}", masks.fewest)
                                  : fmt::format("{} to {}", masks.fewest, masks.most);
    texts.push_back(masks.options.text(count, masks.method.grid, masks.method.layout.edges) +
                    " in a window");
  }
  texts.push_back(fmt::format("masked bins become: {}", fmt::join(fills_, ", ")));
  return texts;
}

std::string PageHead::html() const {
  if (results_ == 0) return "";
  return "<dl class=\"head\">\n" + term(models_.size() == 1 ? "Model" : "Models", models_) +
         term("Measured", scores_) + term("Masks", mask_texts()) +
         term("Recordings", {fmt::format("{}, {}", counted(recordings_, "recording"),
                                         duration_text(duration_s_))}) +
         term("Maps", {fmt::format("{}, made by relax-spectro {}", counted(results_, "map"),
                                   fmt::join(versions_, ", "))}) +
         "</dl>\n";
}

}  // namespace relax_spectro::render
