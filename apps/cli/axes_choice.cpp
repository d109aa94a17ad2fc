#include "cli/axes_choice.hpp"

#include <fmt/format.h>

#include "cli/model_choice.hpp"
#include "cli/options.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro::cli {

void AxesChoice::declare(CommandLine& line) {
  line.group(HelpGroup::input);
  line.option("--shape", &shape, "Bins of the masks, frequency x time, such as 128x501")
      .type_name("SHAPE")
      .default_text("a window of --model");
  line.option("-m,--model", &model, "Read bins, seconds and Hertz from this model's card")
      .type_name("MODEL");
}

MaskAxes AxesChoice::read() const {
  if (!shape && !model) {
    throw ConfigError("expected --shape FREQUENCYxTIME, such as 128x501, or --model MODEL");
  }
  MaskAxes axes;
  if (shape) axes.bins = parse_shape(*shape, "--shape");
  if (!model) return axes;
  const ModelCard card = read_card_with_axes(find_model(*model));
  if (shape && axes.bins.rows != card.front_end.bands) {
    throw ConfigError(fmt::format("--shape is {}: {} bands; expected {}, as --model {} has", *shape,
                                  axes.bins.rows, card.front_end.bands, *model));
  }
  return mask_axes(card.front_end, shape ? axes.bins.columns : card.input.window_frames);
}

}  // namespace relax_spectro::cli
