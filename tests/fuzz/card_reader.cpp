#include "fuzz/fuzz_input.hpp"
#include "fuzz/readers.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro::fuzz {
namespace {

void read_card(const std::filesystem::path& path) {
  const ModelCard card = read_model_card(path);
  card.validate();
  const std::string text = to_json(card);
  const ModelCard again = parse_model_card(text, path.string());
  expect(to_json(again) == text, "a card that is written and read again stays as it is");
}

}  // namespace

void read_as_model_card(std::span<const std::uint8_t> bytes) {
  const bool is_zip = bytes.size() > 1 && bytes[0] == 'P' && bytes[1] == 'K';
  attempt(write_input(is_zip ? "input.pt" : "input-card.json", bytes), read_card);
}

}  // namespace relax_spectro::fuzz
