#include "fused_networks.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <utility>

#include "model/probe_windows.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::torch_backend {

FusedNetworks::FusedNetworks(torch::jit::Module frozen, std::vector<std::string> methods,
                             TryNetwork try_network, double tolerance)
    : frozen_(std::move(frozen)),
      methods_(std::move(methods)),
      try_network_(std::move(try_network)),
      tolerance_(tolerance) {}

FusedNetwork FusedNetworks::get(std::size_t batch, std::size_t frames) {
  const std::tuple form{batch, frames, at::get_num_threads()};
  const std::lock_guard lock(mutex_);
  if (form != form_) {
    fused_ = fuse(batch, frames);
    form_ = form;
  }
  return fused_;
}

FusedNetwork FusedNetworks::fuse(std::size_t batch, std::size_t frames) const {
  std::string why;
  for (const ChannelOrder order : {ChannelOrder::last, ChannelOrder::as_stored}) {
    try {
      const Network fused = fusible_copy(frozen_, methods_, order);
      const ModelOutputs expected = try_network_(fused, batch, frames);  // the first run is not
                                                                         // fused yet
      const double difference =
          core::relative_difference(expected, try_network_(fused, batch, frames));
      if (difference <= tolerance_) return {fused, ""};
      why = fmt::format("gives other outputs (difference {:.2g} of their size)", difference);
    } catch (const ModelError&) {
      why = "fails";
    }
  }
  return {std::nullopt,
          fmt::format("the network that oneDNN Graph fuses for batches of {} {}; they run unfused",
                      batch, why)};
}

}  // namespace relax_spectro::torch_backend
