#include <fmt/format.h>

#include <random>
#include <string>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Draws random options, with every value of each member possible.
class RandomOptions {
 public:
  explicit RandomOptions(std::uint64_t seed) : draws_(seed) {}

  ExplainOptions next() {
    ExplainOptions options;
    options.masks = masks();
    options.fill = parse_fill(one_of({"zero", "silence", "min", "mean", "band-mean", "noise",
                                      fmt::format("constant:{}", number()),
                                      fmt::format("blur:{}", 1.0 + number() * number())}));
    options.score =
        parse_score(one_of({"cosine", "dot", "l2", "top", "prob:top", "logit:dog bark", "prob:3"}));
    if (coin()) options.more_scores = parse_scores(one_of({"all", "rain-wind,cosine", "0"}));
    if (coin()) options.estimator = one_of<Estimator>({Estimator::regression, Estimator::mask_sum});
    if (coin()) options.uncertainty = UncertaintyScale::unnormalised;
    if (coin())
      options.repeat = RepeatOptions{
          2 + below(30), one_of<ThresholdKind>(
                             {ThresholdKind::mean, ThresholdKind::otsu, ThresholdKind::triangle})};
    if (coin()) options.hop_s = 0.01 + number() * number();
    return options;
  }

 private:
  MaskOptions masks() {
    MaskOptions masks;
    masks.family = parse_mask_family(
        one_of({"random", "rise", "time", "frequency", "time-frequency", "window"}));
    if (coin())
      masks.design =
          one_of<DesignKind>({DesignKind::independent, DesignKind::sobol, DesignKind::code});
    if (coin()) masks.count = 2 + below(100000);
    masks.automatic = {number() * number(), 2 + below(100000)};
    masks.seed = draws_();  // 64 bits
    masks.seed_by = one_of<SeedBy>({SeedBy::recording, SeedBy::run});
    masks.grid = coin() ? MaskGrid(size()) : MaskGrid::adaptive_cells();
    masks.edges = one_of<CellEdges>({CellEdges::smooth, CellEdges::hard});
    masks.keep_probability = number() * number();
    masks.windows.clear();
    for (std::size_t i = 0; i <= below(3); ++i) {
      masks.windows.push_back({size(), coin() ? std::optional(size()) : std::nullopt});
    }
    return masks;
  }

  Size2d size() {
    const std::string rows = one_of({fmt::format("{}", 1 + below(40)),
                                     fmt::format("{}Hz", 1.0 + 1000.0 * number() * number())});
    const std::string columns =
        one_of({fmt::format("{}", 1 + below(40)), fmt::format("{}s", 0.01 + number() * number())});
    return parse_size(rows + "x" + columns, "size");
  }

  bool coin() { return draws_() % 2 == 0; }
  std::size_t below(std::size_t end) { return draws_() % end; }
  /// In (0, 1), with all digits of a double.
  double number() { return std::uniform_real_distribution(1e-6, 1.0)(draws_); }
  template <typename T = std::string>
  T one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  std::mt19937_64 draws_;
};

}  // namespace

TEST_CASE("options that are written are read as they were, whatever they are") {
  RandomOptions random(7);
  for (int i = 0; i < 2000; ++i) {
    const ExplainOptions options = random.next();
    const std::string json = to_json(options);
    const ExplainOptions read = parse_explain_options(json, "options");
    REQUIRE(to_json(read) == json);
    REQUIRE(read.masks.seed == options.masks.seed);
    REQUIRE(read.masks.keep_probability == options.masks.keep_probability);
    REQUIRE(read.masks.grid == options.masks.grid);
    REQUIRE(read.hop_s == options.hop_s);
    REQUIRE(read.fill.value == options.fill.value);
    REQUIRE(read.fill.sigma_bins == options.fill.sigma_bins);
  }
}

TEST_CASE("options that cannot be are refused with the field") {
  std::string json = to_json(ExplainOptions());
  json.replace(json.find("\"zero\""), 6, "\"loud\"");
  CHECK_THROWS_AS(parse_explain_options(json, "here"), ConfigError);
  CHECK_THROWS_WITH(parse_explain_options(json, "here"),
                    Catch::Contains("here: fill cannot be used: ") && Catch::Contains("loud"));
  CHECK_THROWS_WITH(parse_explain_options("{}", "here"), Catch::Contains("masks is missing"));
}
