#include "results/localisation_table.hpp"

#include <string_view>
#include <vector>

#include "files/csv_row.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

using core::CsvRow;

constexpr std::string_view kHeader =
    "file,map,boxes,share_inside,"
    "pointing_game,relevance_mass_accuracy,relevance_rank_accuracy,top_k,top_k_intersection,auc,"
    "attribution_localisation,sparseness,entropy,effective_complexity,"
    "loudness_pointing_game,loudness_relevance_mass_accuracy,loudness_relevance_rank_accuracy,"
    "loudness_top_k_intersection,loudness_auc,loudness_attribution_localisation,relax_spectro\n";

/// A member of an optional struct, as an optional.
template <typename Whole, typename Part>
auto part_of(const std::optional<Whole>& whole, Part Whole::*part) {
  return whole ? std::optional(*whole.*part) : std::nullopt;
}

template <typename Whole>
std::optional<double> part_of(const std::optional<Whole>& whole,
                              std::optional<double> Whole::*part) {
  return whole ? *whole.*part : std::nullopt;
}

std::optional<double> share_inside(const std::optional<Localisation>& localisation) {
  if (!localisation) return std::nullopt;
  return static_cast<double>(localisation->bins_inside) / static_cast<double>(localisation->bins);
}

void add_localisation(CsvRow& row, const std::optional<Localisation>& localisation,
                      bool with_top_k) {
  row.number(part_of(localisation, &Localisation::pointing_game));
  row.number(part_of(localisation, &Localisation::relevance_mass_accuracy));
  row.number(part_of(localisation, &Localisation::relevance_rank_accuracy));
  if (with_top_k) row.count(part_of(localisation, &Localisation::top_k));
  row.number(part_of(localisation, &Localisation::top_k_intersection));
  row.number(part_of(localisation, &Localisation::auc));
  row.number(part_of(localisation, &Localisation::attribution_localisation));
}

std::string row_line(const LocalisationRow& row) {
  CsvRow text;
  text.text(row.file.string());
  text.text(row.map);
  text.count(row.boxes);
  text.number(share_inside(row.localisation));
  add_localisation(text, row.localisation, true);
  text.number(part_of(row.complexity, &Complexity::sparseness));
  text.number(part_of(row.complexity, &Complexity::entropy));
  text.count(part_of(row.complexity, &Complexity::effective_complexity));
  add_localisation(text, row.loudness, false);
  text.text(std::string(version()));
  return text.line();
}

}  // namespace

std::optional<bool> beats_loudness(const LocalisationRow& row) {
  const auto map = part_of(row.localisation, &Localisation::relevance_mass_accuracy);
  const auto loudness = part_of(row.loudness, &Localisation::relevance_mass_accuracy);
  if (!map || !loudness) return std::nullopt;
  return *map > *loudness;
}

std::string localisation_csv(std::span<const LocalisationRow> rows) {
  std::string text(kHeader);
  for (const LocalisationRow& row : rows) text += row_line(row);
  return text;
}

}  // namespace relax_spectro
