#include "fuzz/readers.hpp"

#include <array>

namespace relax_spectro::fuzz {

std::span<const Reader> readers() {
  static constexpr std::array kReaders{Reader{"audio", read_as_audio},
                                       Reader{"boxes", read_as_boxes},
                                       Reader{"flipping", read_as_flipping},
                                       Reader{"mask_file", read_as_mask_file},
                                       Reader{"model_card", read_as_model_card},
                                       Reader{"npz", read_as_npz},
                                       Reader{"recording_list", read_as_recording_list},
                                       Reader{"result", read_as_result},
                                       Reader{"result_json", read_as_result_json},
                                       Reader{"state_dict", read_as_state_dict}};
  return kReaders;
}

}  // namespace relax_spectro::fuzz
