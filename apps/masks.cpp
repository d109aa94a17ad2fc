#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>

#include "cli/mask_plan_text.hpp"
#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "relax_spectro/error.hpp"
#include "relax_spectro/mask_family.hpp"
#include "relax_spectro/mask_file.hpp"
#include "relax_spectro/mask_plan.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "masks",
    "Writes masks to a file that explain takes with --masks-file, and numpy.load opens: cell_bits\n"
    "(N, rows, columns), shift (N, 2: along rows, along columns). Rows are frequency.",
    "relax-spectro masks --shape 128x501 --grid 7x7 --masks 3000 -o masks.npz"};

// Without a map to look at, there is no telling how many are enough.
constexpr std::size_t kDefaultCount = 3000;

struct Request {
  std::string shape;
  cli::MaskChoice masks;
  bool expanded = false;
  cli::OutputOptions output{"masks.npz"};
  bool plan = false;
  std::optional<std::filesystem::path> pilot;

  void declare(CLI::App& app) {
    app.add_option("--shape", shape, "Bins of the masks, frequency x time")->required();
    masks.declare(app);
    app.add_flag("--expanded", expanded, "Also write masks (N, frequency, time), float32");
    output.declare(app, "The file to write");
    CLI::Option* plans = app.add_flag(
        "--plan", plan, "Only print how many masks which error takes, for --shape and --keep");
    for (const char* option : {"--output", "--overwrite", "--expanded"}) {
      plans->excludes(app.get_option(option));
    }
    app.add_option("--pilot", pilot,
                   "With --plan: also forecast from this result of explain, a .json")
        ->needs(plans)
        ->type_name("FILE");
  }
};

int print_plan(const Request& request) {
  const MaskOptions masks = request.masks.read();
  const Shape2d bins = cli::parse_shape(request.shape, "--shape");
  if (masks.family == MaskFamily::window) {
    throw ConfigError(
        fmt::format("--plan: --family window draws nothing at random: it always has {} masks here; "
                    "expected another family",
                    make_masks(masks, bins).count));
  }
  std::string text = cli::error_plan_text(bins, masks.keep_probability);
  if (request.pilot) {
    text += "\n" + cli::pilot_plan_text(read_pilot(*request.pilot), *request.pilot);
  }
  fmt::print("{}", text);
  return cli::kSuccess;
}

int run(const Request& request) {
  const MaskSet set = make_masks(request.masks.read(), cli::parse_shape(request.shape, "--shape"));
  write_mask_file(request.output.path, set.law, *set.design, {0, set.count}, request.expanded,
                  request.output.overwrite());
  const Coverage coverage = coverage_of(set);
  fmt::print("{}\n", request.output.path.string());
  fmt::print("{} masks; weight of a bin, mean over the masks: {:.4f} +- {:.4f} (over bins)\n",
             set.count, coverage.mean, coverage.spread);
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  return cli::run_stage(argc, argv, kText, [&request](CLI::App& app) {
    request.declare(app);
    return [&request] { return request.plan ? print_plan(request) : run(request); };
  });
}
