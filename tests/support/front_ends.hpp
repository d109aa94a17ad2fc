#pragma once

#include "model/architecture.hpp"
#include "relax_spectro/audio/front_end.hpp"

namespace relax_spectro::test {

// Published front ends, as in imported models.

inline FrontEndConfig aisfx_front_end() { return find_architecture("aisfx").card.front_end; }
inline FrontEndConfig efficientat_front_end() {
  return find_architecture("efficientat-mn").card.front_end;
}
inline FrontEndConfig panns_front_end() { return find_architecture("panns-cnn14").card.front_end; }
inline FrontEndConfig vggish_front_end() { return find_architecture("vggish").card.front_end; }

}  // namespace relax_spectro::test
