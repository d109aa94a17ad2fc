#include "model/architectures/network_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

// A size that is unknown, because a layer leaves it open or an earlier tensor is missing.
constexpr std::size_t kAny = 0;

/// Attributes of a TorchScript module cannot have dots in their names.
std::string layer_name(std::string key) {
  std::ranges::replace(key, '.', '_');
  return key;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::vector<std::string> sizes;
  for (const std::size_t size : shape)
    sizes.push_back(size == kAny ? "any" : fmt::format("{}", size));
  return fmt::format("({})", fmt::join(sizes, ", "));
}

bool fits(const std::vector<std::size_t>& shape, const std::vector<std::size_t>& wanted) {
  return std::ranges::equal(shape, wanted, [](std::size_t size, std::size_t wanted_size) {
    return wanted_size == kAny ? size > 0 : size == wanted_size;
  });
}

std::string list_of(std::string_view what, const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 12;
  if (names.empty()) return {};
  const std::vector<std::string> shown(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMost)));
  return fmt::format("\n  {} {}: {}{}", names.size(), what, fmt::join(shown, ", "),
                     names.size() > kMost ? ", …" : "");
}

/// Multiplies each row of a tensor, i.e. all weights of one output, by a number.
void scale_rows(StateTensor& tensor, const std::vector<double>& scale) {
  const std::size_t rows = scale.size();
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    const std::size_t row = i * rows / tensor.values.size();
    tensor.values[i] = static_cast<float>(tensor.values[i] * scale[row]);
  }
}

/// The number of outputs of a layer; 0 if its weights are missing.
std::size_t outputs_of(const StateTensor& weight) {
  return weight.shape.empty() ? 0 : weight.shape[0];
}

}  // namespace

std::string WeightMisfit::text() const {
  return list_of("missing", missing) + list_of("of another shape", misshapen) +
         list_of("unexpected", unexpected);
}

WeightMisfitError::WeightMisfitError(const std::string& file, WeightMisfit misfit)
    : ModelError(fmt::format("{}: these are not the weights of this architecture:{}", file,
                             misfit.text())),
      misfit_(std::move(misfit)) {}

NetworkWriter::NetworkWriter(const StateDict& weights, std::string file)
    : weights_(&weights), file_(std::move(file)) {
  source_.code = "def forward(self, x):\n";
}

void NetworkWriter::line(std::string_view text) { source_.code += fmt::format("    {}\n", text); }

std::size_t NetworkWriter::convolve(const ConvLayer& layer, std::size_t channels) {
  StateTensor weight =
      find(layer.key + ".weight", {layer.depthwise ? channels : kAny,
                                   layer.depthwise ? 1 : channels, layer.kernel, layer.kernel});
  const std::size_t outputs = outputs_of(weight);
  StateTensor bias;
  if (layer.norm_key.empty()) {
    bias = find(layer.key + ".bias", {outputs});
  } else {
    const Affine norm = batch_norm(layer.norm_key, outputs, layer.norm_epsilon);
    if (!norm.scale.empty()) scale_rows(weight, norm.scale);
    bias = {{norm.shift.size()}, {norm.shift.begin(), norm.shift.end()}};
  }
  const std::string weight_name = add(layer.key, "weight", std::move(weight));
  const std::string bias_name = add(layer.key, "bias", std::move(bias));
  const std::size_t padding = layer.kernel / 2;
  line(fmt::format("x = torch.conv2d(x, {}, {}, [{}, {}], [{}, {}], [1, 1], {})", weight_name,
                   bias_name, layer.stride, layer.stride, padding, padding,
                   layer.depthwise ? channels : 1));
  return outputs;
}

void NetworkWriter::normalise_last_axis(const std::string& key, std::size_t size, double epsilon) {
  const Affine norm = batch_norm(key, size, epsilon);
  const auto tensor = [size](const std::vector<double>& values) {
    return StateTensor{{size}, std::vector<float>(values.begin(), values.end())};
  };
  const std::string weight = add(key, "weight", tensor(norm.scale));
  const std::string bias = add(key, "bias", tensor(norm.shift));
  line(fmt::format("x = x * {} + {}", weight, bias));
}

std::size_t NetworkWriter::apply_linear(const std::string& key, std::size_t size,
                                        std::string_view variable) {
  StateTensor weight = find(key + ".weight", {kAny, size});
  const std::size_t outputs = outputs_of(weight);
  const std::string weight_name = add(key, "weight", std::move(weight));
  const std::string bias_name = add(key, "bias", find(key + ".bias", {outputs}));
  line(fmt::format("{0} = torch.linear({0}, {1}, {2})", variable, weight_name, bias_name));
  return outputs;
}

std::string NetworkWriter::hold(const std::string& layer, const std::string& name,
                                const std::string& key, const std::vector<std::size_t>& shape) {
  return add(layer, name, find(key, shape));
}

void NetworkWriter::ignore(std::string_view prefix) { ignored_.emplace_back(prefix); }

NetworkSource NetworkWriter::finish(std::string_view returned) {
  require_fit();
  line(fmt::format("return {}", returned));
  return std::move(source_);
}

/// The tensor if it is present and has the right shape. Otherwise an empty one, and the misfit is
/// recorded.
StateTensor NetworkWriter::find(const std::string& key, const std::vector<std::size_t>& shape) {
  const auto found = weights_->find(key);
  if (found == weights_->end()) {
    misfit_.missing.push_back(key);
    return {};
  }
  used_.insert(key);
  StateTensor tensor = found->second;
  // A vector may be stored as a matrix with one column, as the means of VGGish are.
  while (tensor.shape.size() > shape.size() && tensor.shape.back() == 1) tensor.shape.pop_back();
  if (fits(tensor.shape, shape)) return tensor;
  misfit_.misshapen.push_back(fmt::format("{} is {}, expected {}", key,
                                          shape_text(found->second.shape), shape_text(shape)));
  return {};
}

/// y = scale·x + shift from running statistics (Ioffe and Szegedy 2015, algorithm 2, line 11).
/// Empty if one of them is missing.
NetworkWriter::Affine NetworkWriter::batch_norm(const std::string& key, std::size_t channels,
                                                double epsilon) {
  const StateTensor gamma = find(key + ".weight", {channels});
  const StateTensor beta = find(key + ".bias", {channels});
  const StateTensor mean = find(key + ".running_mean", {channels});
  const StateTensor variance = find(key + ".running_var", {channels});
  const std::size_t count = gamma.values.size();
  if (beta.values.size() != count || mean.values.size() != count ||
      variance.values.size() != count) {
    return {};
  }
  Affine affine{std::vector<double>(count), std::vector<double>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    affine.scale[i] = gamma.values[i] / std::sqrt(variance.values[i] + epsilon);
    affine.shift[i] = beta.values[i] - mean.values[i] * affine.scale[i];
  }
  return affine;
}

/// @returns  its name in TorchScript.
std::string NetworkWriter::add(const std::string& key, const std::string& name,
                               StateTensor tensor) {
  const std::string layer = layer_name(key);
  source_.tensors.push_back({layer, name, std::move(tensor)});
  return fmt::format("self.{}.{}", layer, name);
}

void NetworkWriter::require_fit() {
  for (const auto& weight : *weights_) {
    const std::string& key = weight.first;
    const bool ignored = std::ranges::any_of(ignored_, [&key](const std::string& text) {
      return key.starts_with(text) || key.ends_with(text);
    });
    if (!ignored && !used_.contains(key)) misfit_.unexpected.push_back(key);
  }
  if (!misfit_.empty()) throw WeightMisfitError(file_, std::move(misfit_));
}

}  // namespace relax_spectro::core
