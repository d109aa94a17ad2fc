#include "model/network_prefix.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "model/architectures/network_writer.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

/// How well the tensors with a prefix match an architecture.
struct Fit {
  std::string prefix;
  WeightMisfit misfit;
  std::vector<std::string> beside;  ///< full names of tensors outside the network's own parts

  [[nodiscard]] bool is_full() const { return misfit.empty(); }
  [[nodiscard]] std::size_t lacks() const {
    return misfit.missing.size() + misfit.misshapen.size();
  }
};

std::string_view first_part(std::string_view name) { return name.substr(0, name.find('.')); }

/// The tensors with a prefix, without that prefix: only their shapes.
StateDict shapes_behind(const StateDict& tensors, const std::string& prefix) {
  StateDict shapes;
  for (auto at = tensors.lower_bound(prefix); at != tensors.end() && at->first.starts_with(prefix);
       ++at) {
    shapes[at->first.substr(prefix.size())].shape = at->second.shape;
  }
  return shapes;
}

Fit fit_of(const Architecture& architecture, const StateDict& tensors, const std::string& prefix) {
  Fit fit{prefix, {}, {}};
  const StateDict shapes = shapes_behind(tensors, prefix);
  try {
    static_cast<void>(architecture.network(shapes, {}));
    return fit;
  } catch (const WeightMisfitError& error) {
    fit.misfit = error.misfit();
  }
  // A criterion or a copy of the network has a name of its own, so it is ignored. An unexpected
  // tensor inside one of the network's parts means that this is another network.
  const std::vector<std::string> unexpected = std::exchange(fit.misfit.unexpected, {});
  std::set<std::string_view> parts;
  for (const auto& tensor : shapes) {
    if (!std::ranges::binary_search(unexpected, tensor.first)) {
      parts.insert(first_part(tensor.first));
    }
  }
  for (const std::string& name : unexpected) {
    if (parts.contains(first_part(name))) {
      fit.misfit.unexpected.push_back(name);
    } else {
      fit.beside.push_back(prefix + name);
    }
  }
  return fit;
}

/// "", "net.", "net.conv1.", ...
std::set<std::string> prefixes_of(const StateDict& tensors) {
  std::set<std::string> prefixes{""};
  for (const auto& tensor : tensors) {
    const std::string& name = tensor.first;
    for (std::size_t dot = name.find('.'); dot != std::string::npos;
         dot = name.find('.', dot + 1)) {
      prefixes.insert(name.substr(0, dot + 1));
    }
  }
  return prefixes;
}

/// Whether a prefix consists of common wrappers. These are PyTorch's wrappers for several devices,
/// for compiled and for averaged networks, and the usual attributes of training loops.
bool is_of_wrappers(std::string_view prefix) {
  constexpr std::array<std::string_view, 4> kWrappers{"module.", "_orig_mod.", "model.", "net."};
  while (!prefix.empty()) {
    const std::string_view rest = prefix.substr(prefix.find('.') + 1);
    const std::string_view part = prefix.substr(0, prefix.size() - rest.size());
    if (std::ranges::find(kWrappers, part) == kWrappers.end()) return false;
    prefix = rest;
  }
  return true;
}

[[noreturn]] void refuse(const Fit& closest, const Architecture& architecture, bool was_asked,
                         const std::string& file) {
  const std::string where =
      closest.prefix.empty() ? ""
      : was_asked            ? fmt::format(" under the prefix '{}'", closest.prefix)
                             : fmt::format(" under any prefix; '{}' comes closest", closest.prefix);
  WeightMisfit misfit = closest.misfit;
  misfit.unexpected.insert(misfit.unexpected.end(), closest.beside.begin(), closest.beside.end());
  throw ModelError(fmt::format("{}: these are not the weights of {}{}:{}", file, architecture.name,
                               where, misfit.text()));
}

Fit asked_for(const Architecture& architecture, const StateDict& tensors, std::string prefix,
              const std::string& file) {
  if (!prefix.empty() && !prefix.ends_with('.')) prefix += '.';
  const auto first = tensors.lower_bound(prefix);
  if (first == tensors.end() || !first->first.starts_with(prefix)) {
    std::set<std::string_view> parts;
    for (const auto& tensor : tensors) parts.insert(first_part(tensor.first));
    throw ModelError(
        fmt::format("{}: has no tensor whose name begins with the --prefix '{}'; "
                    "names begin with {}",
                    file, prefix, fmt::join(parts, ", ")));
  }
  Fit fit = fit_of(architecture, tensors, prefix);
  if (!fit.is_full()) refuse(fit, architecture, true, file);
  return fit;
}

Fit only_fit(const Architecture& architecture, const StateDict& tensors, const std::string& file) {
  std::vector<Fit> full;
  std::vector<Fit> others;
  for (const std::string& prefix : prefixes_of(tensors)) {
    Fit fit = fit_of(architecture, tensors, prefix);
    (fit.is_full() ? full : others).push_back(std::move(fit));
  }
  if (full.empty()) {
    // The first minimum is the shortest such prefix, because they are sorted.
    refuse(*std::ranges::min_element(others, {}, &Fit::lacks), architecture, false, file);
  }
  const auto wrapped = [](const Fit& fit) { return is_of_wrappers(fit.prefix); };
  if (full.size() > 1 && std::ranges::count_if(full, wrapped) == 1) {
    return *std::ranges::find_if(full, wrapped);
  }
  if (full.size() == 1) return full.front();
  std::vector<std::string> prefixes;
  for (const Fit& fit : full) prefixes.push_back(fmt::format("'{}'", fit.prefix));
  throw ConfigError(fmt::format(
      "{}: contains the network several times, with the prefixes {}. Choose one with --prefix",
      file, fmt::join(prefixes, ", ")));
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): its tensors are moved out of it
FoundNetwork find_network(const Architecture& architecture, StateDict tensors,
                          const std::optional<std::string>& prefix, const std::string& file) {
  const Fit fit = prefix ? asked_for(architecture, tensors, *prefix, file)
                         : only_fit(architecture, tensors, file);
  FoundNetwork found{{}, {}, fit.prefix, fit.beside};
  for (auto& [name, tensor] : tensors) {
    if (!name.starts_with(fit.prefix)) {
      found.left_out.push_back(name);
    } else if (std::ranges::find(fit.beside, name) == fit.beside.end()) {
      found.weights[name.substr(fit.prefix.size())] = std::move(tensor);
    }
  }
  std::ranges::sort(found.left_out);
  found.network = architecture.network(found.weights, file);
  return found;
}

}  // namespace relax_spectro::core
