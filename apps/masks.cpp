#include <fmt/format.h>

#include <string>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "relax_spectro/mask_family.hpp"
#include "relax_spectro/mask_file.hpp"

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
};

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
    app.add_option("--shape", request.shape, "Bins of the masks, frequency x time")->required();
    request.masks.declare(app);
    app.add_flag("--expanded", request.expanded, "Also write masks (N, frequency, time), float32");
    request.output.declare(app, "The file to write");
    return [&request] { return run(request); };
  });
}
