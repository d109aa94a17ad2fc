#include "relax_spectro/fill.hpp"

#include "enum_names.hpp"

namespace relax_spectro {
namespace {

constexpr core::EnumNames kFills{"fill",
                                 std::array{std::pair{Fill::zero, std::string_view("zero")},
                                            std::pair{Fill::silence, std::string_view("silence")}}};

}  // namespace

Fill parse_fill(std::string_view name) { return kFills.parse(name); }
std::string_view to_string(Fill fill) { return kFills.name_of(fill); }

Array2d<float> make_fill(Fill fill, const Array2d<float>& window, float silence) {
  return {window.rows, window.columns, fill == Fill::silence ? silence : 0.0F};
}

}  // namespace relax_spectro
