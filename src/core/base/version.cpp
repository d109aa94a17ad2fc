#include "relax_spectro/base/version.hpp"

namespace relax_spectro {

std::string_view version() { return RELAX_SPECTRO_VERSION; }

}  // namespace relax_spectro
