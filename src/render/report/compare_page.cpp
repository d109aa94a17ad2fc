#include "compare_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compare/comparison_text.hpp"
#include "compare_pictures.hpp"
#include "html.hpp"
#include "page_frame.hpp"
#include "report/templates.hpp"
#include "sound.hpp"

namespace relax_spectro {
namespace {

using namespace fmt::literals;
using namespace render;

/// Makes the parts of the page about one comparison after the other.
class CompareParts {
 public:
  CompareParts(const ReportOptions& options, std::filesystem::path page_folder)
      : options_(&options), page_folder_(std::move(page_folder)), recordings_(options.recordings) {}

  [[nodiscard]] std::string section(const ModelComparison& comparison, std::size_t number) {
    const PairedResults& results = comparison.results;
    std::string shown;
    for (const Way& way : kWays) {
      std::string rows;
      for (const ClusterDifference& cluster : comparison.clusters) {
        if (cluster.tested && way_of(*cluster.tested) == way)
          rows += row(comparison, cluster, true);
      }
      if (rows.empty()) continue;
      shown += fmt::format("<h4><strong class=\"{}\">{}</strong></h4>\n{}",
                           way.more_b ? "raises" : "lowers", escape_html(way_text(comparison, way)),
                           table(comparison, rows));
    }
    std::string hidden;
    std::size_t hidden_count = 0;
    for (const ClusterDifference& cluster : comparison.clusters) {
      if (cluster.tested && way_of(*cluster.tested)) continue;
      hidden += row(comparison, cluster, false);
      ++hidden_count;
    }
    const FrequencyRange range = compared_range(comparison);
    const std::string count = fmt::format("{} recordings", comparison.recordings.size());
    return fmt::format(
        kComparedHtml, "id"_a = fmt::format("c{}", number),
        "a"_a = escape_html(results.a.folder.string()),
        "b"_a = escape_html(results.b.folder.string()), "model_a"_a = escape_html(results.a.model),
        "model_b"_a = escape_html(results.b.model), "score"_a = escape_html(results.score),
        "verdict"_a = escape_html(verdict_of(comparison)),
        "recordings"_a = comparison.units == comparison.recordings.size()
                             ? count
                             : fmt::format("{} of {} groups", count, comparison.units),
        "low"_a = fmt::format("{:.0f}", range.low_hz),
        "high"_a = fmt::format("{:.0f}", range.high_hz),
        "notes"_a = list("Beside the models", results.notes), "profile"_a = profile_svg(comparison),
        "by_label"_a = list("By label", label_texts(comparison)),
        "shown"_a = shown.empty() ? "<p>None is shown to differ.</p>" : shown,
        "hidden_count"_a = hidden_count,
        "hidden"_a = hidden.empty() ? "" : table(comparison, hidden));
  }

  [[nodiscard]] bool links_recordings() const { return links_recordings_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  static std::string list(const std::string& title, const std::vector<std::string>& texts) {
    std::string items;
    for (const std::string& text : texts) items += fmt::format("<li>{}</li>\n", escape_html(text));
    return items.empty() ? "" : fmt::format("<h3>{}</h3>\n<ul>\n{}</ul>\n", title, items);
  }

  static std::vector<std::string> label_texts(const ModelComparison& comparison) {
    std::set<std::string> labels;
    for (const BandDifference& band : comparison.profile) labels.insert(band.label);
    labels.erase("");
    std::vector<std::string> texts;
    for (const std::string& label : labels) {
      for (const Way& way : kWays) {
        const auto ranges = shown_ranges(comparison, label, way);
        if (ranges.empty()) continue;
        texts.push_back(
            fmt::format("{}: {} {}", label, way_text(comparison, way), to_string(ranges)));
      }
    }
    return texts;
  }

  static std::string table(const ModelComparison& comparison, const std::string& rows) {
    return fmt::format(
        "<div class=\"wide\"><table class=\"kinds\"><thead><tr><th scope=\"col\">Kind of "
        "sound</th><th scope=\"col\">Typical regions</th><th scope=\"col\">Mean contrast there, "
        "in scales, from {:.2g} to {:.2g}</th><th scope=\"col\">p</th><th "
        "scope=\"col\">Recordings</th></tr></thead><tbody>\n{}</tbody></table></div>",
        -bars_end(comparison), bars_end(comparison), rows);
  }

  /// The regions nearest to the centre, of different recordings.
  static Rows typical(const ModelComparison& comparison, const RegionCluster& cluster) {
    constexpr std::size_t kTypical = 3;
    Rows chosen;
    std::set<std::size_t> recordings;
    for (const std::size_t r : cluster.regions) {
      if (chosen.size() == kTypical) break;
      if (recordings.insert(comparison.regions[r].recording).second) chosen.push_back(r);
    }
    return chosen;
  }

  /// A row of the table. Only rows of what differs have sound, which is large.
  std::string row(const ModelComparison& comparison, const ClusterDifference& difference,
                  bool has_sound) {
    const auto& [cluster, tested] = difference;
    std::string pictures;
    for (const std::size_t r : typical(comparison, cluster)) {
      const DifferenceRegion& region = comparison.regions[r];
      pictures += fmt::format("<div class=\"heard\">{}{}</div>", cut_out_html(comparison, region),
                              has_sound ? sound(comparison, region) : "");
    }
    return fmt::format(
        "<tr><th scope=\"row\">{}</th><td><div "
        "class=\"cuts\">{}</div></td><td>{}</td><td class=\"number\">{}</td><td>{} "
        "regions in {} recordings{}</td></tr>\n",
        kind_text(cluster), pictures,
        tested ? bars_svg(comparison, *tested, bars_end(comparison)) : "too few recordings",
        tested ? fmt::format("{:.2g}", tested->p) : "", cluster.regions.size(),
        cluster.recordings.size(), labels_html(comparison, cluster));
  }

  static std::string labels_html(const ModelComparison& comparison, const RegionCluster& cluster) {
    const std::string labels = labels_text(comparison, cluster, 3);
    return labels.empty() ? "" : "<br>" + escape_html(labels);
  }

  std::string sound(const ModelComparison& comparison, const DifferenceRegion& region) {
    const SourceFile& recording = comparison.recordings[region.recording].recording;
    const std::string name = recording.path.filename().string();
    const Sound played = sound_of({recording, name, comparison.results.pairs[region.recording].a},
                                  recordings_, *options_, page_folder_);
    links_recordings_ = links_recordings_ || played.linked;
    const bool is_new = std::ranges::find(warnings_, played.warning) == warnings_.end();
    if (!played.warning.empty() && is_new) warnings_.push_back(played.warning);
    return played.html;
  }

  const ReportOptions* options_;
  std::filesystem::path page_folder_;
  RecordingSearch recordings_;
  bool links_recordings_ = false;
  std::vector<std::string> warnings_;
};

}  // namespace

ComparePage compare_page(std::span<const ModelComparison> comparisons, const ReportOptions& options,
                         const std::filesystem::path& page_folder,
                         const std::string& command_line) {
  CompareParts parts(options, page_folder);
  std::string sections;
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    sections += parts.section(comparisons[i], i);
  }
  const bool links = parts.links_recordings();
  return {fmt::format(kCompareHtml, "start"_a = page_start("What models listen to", "", links),
                      "comparisons"_a = sections, "footer"_a = page_footer(command_line, links)),
          parts.warnings()};
}

}  // namespace relax_spectro
