#include <fmt/format.h>

#include <string>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "relax_spectro/mask.hpp"
#include "relax_spectro/mask_design.hpp"
#include "relax_spectro/mask_file.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "masks",
    "Writes masks to a file that explain takes with --masks-file, and numpy.load opens: cell_bits\n"
    "(N, rows, columns), shift (N, 2: along rows, along columns). Rows are frequency.",
    "relax-spectro masks --shape 128x501 --grid 7x7 --masks 3000 -o masks.npz"};

struct Request {
  std::string shape;
  std::string grid = "7x7";
  std::size_t masks = 3000;
  std::uint64_t seed = 0;
  double keep_probability = 0.5;
  bool expanded = false;
  cli::OutputOptions output{"masks.npz"};
};

int run(const Request& request) {
  const MaskLaw law = random_mask_law(cli::parse_shape(request.shape, "--shape"),
                                      cli::parse_shape(request.grid, "--grid"));
  const IndependentDesign design(law, request.seed, request.keep_probability);
  write_mask_file(request.output.path, law, design, {0, request.masks}, request.expanded,
                  request.output.overwrite());
  fmt::print("{}\n", request.output.path.string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  return cli::run_stage(argc, argv, kText, [&request](CLI::App& app) {
    app.add_option("--shape", request.shape, "Bins of the masks, frequency x time")->required();
    app.add_option("--grid", request.grid, "Cells of a mask, frequency x time")
        ->capture_default_str();
    app.add_option("-n,--masks", request.masks, "How many masks")
        ->capture_default_str()
        ->transform(cli::whole_number(1, 100'000'000));
    app.add_option("--seed", request.seed, "Seed of the masks")
        ->capture_default_str()
        ->transform(cli::whole_number());
    app.add_option("--keep", request.keep_probability, "Probability that a cell is kept")
        ->capture_default_str();
    app.add_flag("--expanded", request.expanded, "Also write masks (N, frequency, time), float32");
    request.output.declare(app, "The file to write");
    return [&request] { return run(request); };
  });
}
