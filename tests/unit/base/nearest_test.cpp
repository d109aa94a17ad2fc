#include "base/nearest.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("the nearest name is told where fewer than a third of the letters differ") {
  const std::vector<std::string> names{"explain", "batch", "flip", "figure", "localise"};
  CHECK(nearest_name("explian", names) == "explain");  // two neighbours swapped
  CHECK(nearest_name("Batch", names) == "batch");
  CHECK(nearest_name("localize", names) == "localise");
  CHECK(nearest_name("figures", names) == "figure");
  CHECK(nearest_name("flop", names) == "flip");
  CHECK(nearest_name("train", names).empty());
  CHECK(nearest_name("", names).empty());
  CHECK(nearest_name("tpo", std::vector<std::string>{"dot", "top"}) == "top");
  CHECK(unknown_name("stage", "flop", names) ==
        "stage 'flop' is not known; it is one of: "
        "explain, batch, flip, figure, localise; did you mean 'flip'?");
}
