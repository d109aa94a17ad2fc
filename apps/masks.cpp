#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "cli/axes_choice.hpp"
#include "cli/mask_choice.hpp"
#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "masks/mask_family.hpp"
#include "masks/mask_file.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/render/figure.hpp"
#include "render/contact_sheet.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "masks",
    "Writes masks to a file (.npz), for explain --masks-file and numpy.load. Or draws a contact\n"
    "sheet of them (.png, .svg or .pdf).",
    "relax-spectro masks --shape 128x501 --grid 7x7 --masks 3000 -o masks.npz\n"
    "  relax-spectro masks --shape 128x501 --family time -o sheet.png"};

// With --masks auto.
constexpr std::size_t kDefaultCount = 3000;

struct Request {
  cli::AxesChoice axes;
  cli::MaskChoice masks;
  bool expanded = false;
  cli::OutputOptions output{"masks.npz"};
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    axes.declare(line);
    masks.declare(line);
    // Only a map can say how many masks are enough.
    line.at("--masks").help("How many masks").default_text(std::to_string(kDefaultCount));
    // There is no recording that masks could depend on.
    for (const char* option : {"--tolerance", "--max-masks", "--seed-by"}) line.remove(option);
    line.at("--seed").help("Seed of the masks; for those of a result, its method.effective_seed");
    output.declare(line, "File to write: masks (.npz) or a contact sheet (.png, .svg, .pdf)");
    line.flag("--expanded", &expanded, "Also write the masks' weights: masks (N, frequency, time)");
    talk.declare_quiet(line);
  }
};

/// Whether the output is a contact sheet. The ending of its name decides.
bool is_contact_sheet(const std::filesystem::path& path) {
  const std::string ending = path.extension().string();
  if (is_figure_path(path)) return true;
  if (ending == ".npz") return false;
  throw ConfigError(
      fmt::format("{}: {}; expected .npz for masks, or .png, .svg or .pdf for a contact sheet",
                  path.string(), ending.empty() ? "has no ending" : "ends in " + ending));
}

int write_masks(const Request& request) {
  const std::filesystem::path& path = request.output.path;
  const Overwrite overwrite = request.output.overwrite();
  const bool is_sheet = is_contact_sheet(path);
  if (is_sheet && request.expanded) {
    throw ConfigError(
        fmt::format("--expanded needs an .npz, but {} is a contact sheet", path.string()));
  }
  MaskOptions options = request.masks.read();
  if (!options.count) options.count = kDefaultCount;
  if (options.grid.adaptive) {
    throw ConfigError("--grid adaptive: these masks depend on the recording; expected a size");
  }
  const MaskSet set = make_masks(options, request.axes.read());
  const Array2d<double> weights = mean_weights(set);
  if (is_sheet) {
    OutputFile file(path, overwrite);
    draw_contact_sheet(file.temporary_path(), contact_sheet(set, options, weights));
    file.commit();
  } else {
    write_mask_file(path, set.law, *set.design, {0, set.count}, request.expanded, overwrite,
                    set.layout);
  }
  const Coverage coverage = coverage_of(weights);
  cli::print("{}\n", path.string());
  cli::print("{} masks; weight of a bin: mean {:.4f}, standard deviation over bins {:.4f}\n",
             set.count, coverage.mean, coverage.spread);
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, write_masks); }
