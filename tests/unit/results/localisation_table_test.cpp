#include "results/localisation_table.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "relax_spectro/base/version.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

LocalisationRow row_of(const std::vector<double>& map, const std::vector<double>& loudness) {
  const std::vector<std::uint8_t> inside{1, 0, 0, 0};
  return {"a,b.json",        "contrast", 2, localise(map, inside), localise(loudness, inside),
          complexity_of(map)};
}

const std::string kHeader =
    "file,map,boxes,share_inside,pointing_game,relevance_mass_accuracy,relevance_rank_accuracy,"
    "top_k,top_k_intersection,auc,attribution_localisation,sparseness,entropy,"
    "effective_complexity,loudness_pointing_game,loudness_relevance_mass_accuracy,"
    "loudness_relevance_rank_accuracy,loudness_top_k_intersection,loudness_auc,"
    "loudness_attribution_localisation,relax_spectro\n";

const std::string kVersion(version());

}  // namespace

TEST_CASE("a row has every number of the map and of loudness") {
  const std::vector rows{row_of({1, 0, 0, 0}, {1, 3, 0, 0})};
  CHECK(localisation_csv(rows) == kHeader +
                                      "\"a,b.json\",contrast,2,0.25,1,1,1,1,1,1,1,0.75,"
                                      "0,1,0,0.25,0,0,0.666667,0.25," +
                                      kVersion + "\n");
}

TEST_CASE("what cannot be said stays empty") {
  const std::vector<LocalisationRow> rows{{"a.json", "u_relax", 0, {}, {}, {}}};
  CHECK(localisation_csv(rows) == kHeader + "a.json,u_relax,0,,,,,,,,,,,,,,,,,," + kVersion + "\n");
}

TEST_CASE("a map beats loudness where it has more of its mass in the boxes") {
  CHECK(beats_loudness(row_of({2, 1, 0, 0}, {1, 1, 0, 0})) == true);
  CHECK(beats_loudness(row_of({1, 1, 0, 0}, {1, 1, 0, 0})) == false);
  CHECK(beats_loudness(row_of({1, 2, 0, 0}, {1, 1, 0, 0})) == false);
  CHECK_FALSE(beats_loudness(row_of({0, 0, 0, 0}, {1, 1, 0, 0})).has_value());
}
