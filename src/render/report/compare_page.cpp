#include "compare_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compare/comparison_text.hpp"
#include "compare_pictures.hpp"
#include "html.hpp"
#include "relax_spectro/base/version.hpp"
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
    std::string hidden;
    std::size_t hidden_count = 0;
    for (const ClusterDifference& cluster : comparison.clusters) {
      const bool is_shown = cluster.tested && cluster.tested->p <= 0.05;
      (is_shown ? shown : hidden) += row(comparison, cluster, is_shown);
      hidden_count += is_shown ? 0 : 1;
    }
    return fmt::format(
        kComparedHtml, "id"_a = fmt::format("c{}", number),
        "a"_a = escape_html(results.a.folder.string()),
        "b"_a = escape_html(results.b.folder.string()), "model_a"_a = escape_html(results.a.model),
        "model_b"_a = escape_html(results.b.model),
        "verdict"_a = escape_html(verdict_of(comparison)),
        "recordings"_a = comparison.recordings.size(), "groups"_a = comparison.units,
        "notes"_a = list("Beside the models", results.notes), "profile"_a = profile_svg(comparison),
        "by_label"_a = list("By label", label_texts(comparison)),
        "shown"_a = shown.empty() ? "<p>None is shown to differ.</p>" : table(shown),
        "hidden_count"_a = hidden_count, "hidden"_a = hidden.empty() ? "" : table(hidden));
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
      for (const double sign : {1.0, -1.0}) {
        const auto ranges = shown_ranges(comparison, label, sign);
        if (ranges.empty()) continue;
        const PairedResults& results = comparison.results;
        texts.push_back(fmt::format("{}: {} listens more to {}", label,
                                    (sign > 0.0 ? results.b : results.a).folder.string(),
                                    to_string(ranges)));
      }
    }
    return texts;
  }

  static std::string table(const std::string& rows) {
    return fmt::format(
        "<div class=\"wide\"><table class=\"kinds\"><thead><tr><th scope=\"col\">Kind of "
        "sound</th><th scope=\"col\">Typical regions</th><th scope=\"col\">Contrast "
        "there</th><th scope=\"col\">p</th><th scope=\"col\">Recordings</th></tr></thead>"
        "<tbody>\n{}</tbody></table></div>",
        rows);
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
        "<tr><th scope=\"row\">{:.0f}–{:.0f} Hz,<br>{:.2g} s</th><td><div "
        "class=\"cuts\">{}</div></td><td>{}</td><td class=\"number\">{}</td><td>{} "
        "regions in {} recordings{}</td></tr>\n",
        cluster.typical.low_hz, cluster.typical.high_hz, cluster.typical.end_s, pictures,
        tested ? bars_svg(comparison, *tested, bars_end(comparison)) : "too few recordings",
        tested ? fmt::format("{:.2g}", tested->p) : "", cluster.regions.size(),
        cluster.recordings.size(), labels_html(comparison, cluster));
  }

  static std::string labels_html(const ModelComparison& comparison, const RegionCluster& cluster) {
    const std::string labels = labels_text(comparison, cluster);
    return labels.empty() ? "" : "<br>" + escape_html(labels);
  }

  std::string sound(const ModelComparison& comparison, const DifferenceRegion& region) {
    const SourceFile& recording = comparison.recordings[region.recording].recording;
    const std::string name = recording.path.filename().string();
    const Sound played = sound_of({recording, name, comparison.results.pairs[region.recording].a},
                                  recordings_, *options_, page_folder_);
    links_recordings_ = links_recordings_ || played.linked;
    if (!played.warning.empty()) warnings_.push_back(played.warning);
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
  const std::string policy = fmt::format(
      "default-src 'none'; style-src {}; img-src data:; media-src data:{}; base-uri 'none'; "
      "form-action 'none'",
      policy_hash(kStyleCss), links ? " 'self' file:" : "");
  return {fmt::format(kCompareHtml, "policy"_a = policy, "version"_a = version(),
                      "style"_a = kStyleCss, "comparisons"_a = sections,
                      "except"_a = links ? ", except the recordings that it links to" : "",
                      "command_line"_a = escape_html(command_line)),
          parts.warnings()};
}

}  // namespace relax_spectro
