#include "evaluation/localisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/require.hpp"

namespace relax_spectro {
namespace {

/// A bin with a finite value.
struct Bin {
  double value = 0.0;
  bool inside = false;
};

/// The finite bins by descending value; ties go to the lower index.
std::vector<Bin> ranked_bins(std::span<const double> map, std::span<const std::uint8_t> inside) {
  std::vector<Bin> bins;
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (std::isfinite(map[i])) bins.push_back({map[i], inside[i] != 0});
  }
  std::ranges::stable_sort(bins, std::ranges::greater(), &Bin::value);
  return bins;
}

std::size_t count_inside(std::span<const Bin> bins) {
  return static_cast<std::size_t>(std::ranges::count(bins, true, &Bin::inside));
}

double share_inside(std::span<const Bin> bins) {
  return static_cast<double>(count_inside(bins)) / static_cast<double>(bins.size());
}

bool largest_is_inside(std::span<const Bin> ranked) {
  return std::ranges::any_of(ranked, [largest = ranked.front().value](const Bin& bin) {
    return bin.inside && bin.value == largest;
  });
}

/// The sum of `mass_of` the values inside, and over all bins.
struct Mass {
  double inside = 0.0;
  double total = 0.0;

  template <typename MassOf>
  Mass(std::span<const Bin> bins, const MassOf& mass_of) {
    for (const Bin& bin : bins) {
      const double mass = mass_of(bin.value);
      total += mass;
      if (bin.inside) inside += mass;
    }
  }
};

std::optional<double> mass_accuracy(std::span<const Bin> bins, RelevanceMass kind) {
  const Mass mass(bins, [kind](double value) {
    return kind == RelevanceMass::positive_values ? std::max(value, 0.0) : value;
  });
  if (mass.total == 0.0) return std::nullopt;
  return mass.inside / mass.total;
}

double attribution_localisation(std::span<const Bin> bins) {
  const Mass mass(bins, [](double value) { return std::abs(value); });
  double largest = 0.0;
  for (const Bin& bin : bins) largest = std::max(largest, std::abs(bin.value));
  if (largest == 0.0) return 0.0;
  // Quantus divides the map by its largest absolute value, then adds this to the total.
  constexpr double kAddedToTotal = 1e-9;
  return mass.inside / (mass.total + kAddedToTotal * largest);
}

/// Mann and Whitney's U divided by the number of pairs.
std::optional<double> roc_auc(std::span<const Bin> ranked) {
  const std::size_t inside = count_inside(ranked);
  const std::size_t outside = ranked.size() - inside;
  if (outside == 0) return std::nullopt;
  double pairs_won = 0.0;
  std::size_t outside_below = outside;
  for (auto tie = ranked.begin(); tie != ranked.end();) {
    const auto tie_end = std::find_if(
        tie, ranked.end(), [value = tie->value](const Bin& bin) { return bin.value != value; });
    const std::span<const Bin> tied(tie, tie_end);
    const std::size_t tied_inside = count_inside(tied);
    const std::size_t tied_outside = tied.size() - tied_inside;
    outside_below -= tied_outside;
    pairs_won += static_cast<double>(tied_inside) *
                 (static_cast<double>(outside_below) + 0.5 * static_cast<double>(tied_outside));
    tie = tie_end;
  }
  return pairs_won / (static_cast<double>(inside) * static_cast<double>(outside));
}

}  // namespace

std::optional<Localisation> localise(std::span<const double> map,
                                     std::span<const std::uint8_t> inside,
                                     const LocalisationOptions& options) {
  core::require(map.size() == inside.size(),
                fmt::format("a map of {} bins cannot be compared with events over {}; "
                            "expected the same number",
                            map.size(), inside.size()));
  core::require(options.top_k != 0, "top_k is 0, expected 1 or more");
  const std::vector<Bin> ranked = ranked_bins(map, inside);
  const std::span<const Bin> bins(ranked);
  const std::size_t bins_inside = count_inside(bins);
  if (bins_inside == 0) return std::nullopt;
  Localisation result;
  result.bins = bins.size();
  result.bins_inside = bins_inside;
  result.top_k = std::min(options.top_k.value_or(bins_inside), bins.size());
  result.pointing_game = largest_is_inside(bins);
  result.relevance_mass_accuracy = mass_accuracy(bins, options.mass);
  result.relevance_rank_accuracy = share_inside(bins.first(bins_inside));
  result.top_k_intersection = share_inside(bins.first(result.top_k));
  result.auc = roc_auc(bins);
  result.attribution_localisation = attribution_localisation(bins);
  return result;
}

}  // namespace relax_spectro
