#include "network_cut.hpp"

#include <ATen/ops/cat.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/csrc/jit/ir/alias_analysis.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "graph_nodes.hpp"
#include "relax_spectro/base/error.hpp"
#include "top_level.hpp"

namespace relax_spectro::torch_backend {
namespace {

using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;
using namespace std::string_view_literals;

bool is_one_of(const Node& node, std::span<const std::string_view> kinds) {
  return std::ranges::find(kinds, std::string_view(node.kind().toQualString())) != kinds.end();
}

/// Tell a tensor's size or type, and nothing of its values.
bool tells_shape(const Node& node) {
  static constexpr std::array kKinds{
      "aten::size"sv,  "aten::dim"sv,    "aten::len"sv,    "aten::numel"sv,
      "prim::dtype"sv, "prim::device"sv, "prim::layout"sv, "aten::is_floating_point"sv};
  return is_one_of(node, kKinds);
}

/// Return tensors whose size depends on values.
bool has_data_in_shape(const Node& node) {
  static constexpr std::array kKinds{"aten::nonzero"sv,
                                     "aten::masked_select"sv,
                                     "aten::argwhere"sv,
                                     "aten::unique_dim"sv,
                                     "aten::unique_consecutive"sv,
                                     "aten::_unique"sv,
                                     "aten::_unique2"sv,
                                     "aten::index"sv};
  return is_one_of(node, kKinds);
}

/// Whether a layer behind the spectrogram must begin here: a convolution over two axes or over
/// several channels, a recurrent layer, or attention. A filter bank convolves one channel, and a
/// mel product may be a convolution of width 1.
bool begins_network(const Node& node) {
  static constexpr std::array kConvolutions{"aten::conv1d"sv, "aten::conv2d"sv, "aten::conv3d"sv,
                                            "aten::_convolution"sv, "aten::convolution"sv};
  static constexpr std::array kLayers{"aten::lstm"sv,
                                      "aten::gru"sv,
                                      "aten::rnn_tanh"sv,
                                      "aten::rnn_relu"sv,
                                      "aten::scaled_dot_product_attention"sv,
                                      "aten::_native_multi_head_attention"sv};
  if (is_one_of(node, kLayers)) return true;
  if (!is_one_of(node, kConvolutions)) return false;
  const auto weight = torch::jit::toIValue(node.input(1));
  if (!weight || !weight->isTensor()) return true;
  const at::Tensor& kernel = weight->toTensor();
  return kernel.dim() != 3 || (kernel.size(1) > 1 && kernel.size(2) > 1);
}

/// Makes a program return a tuple of values.
void return_all(Graph& graph, const std::vector<Value*>& values) {
  while (!graph.outputs().empty()) graph.eraseOutput(0);
  graph.registerOutput(graph.appendNode(graph.createTuple(values))->output());
}

/// Runs a program that returns a tuple.
std::vector<c10::IValue> run(const torch::jit::Module& network, const std::shared_ptr<Graph>& graph,
                             const at::Tensor& waveform) {
  const c10::InferenceMode inference;
  return Program(network, graph)(waveform).toTupleRef().elements().vec();
}

/// Requires that a number depends on the sizes of tensors only.
void require_shape_only(const TopLevel& top, Value* number) {
  std::set<Node*> seen;
  const auto fail = [number](const Node& node) {
    throw ConfigError(fmt::format("the number {} behind it depends on the sound itself ({})",
                                  number->debugName(), node.kind().toQualString()));
  };
  const std::function<void(Node*)> visit = [&](Node* node) {
    if (node->kind() == torch::jit::prim::Param || !seen.insert(node).second) return;
    const auto check = [&](Node& checked) {
      const bool takes_tensor = std::ranges::any_of(checked.inputs(), is_tensor);
      const bool gives_number = std::ranges::any_of(checked.outputs(), [](const Value* value) {
        return value->type()->isSubtypeOf(*c10::NumberType::get()) ||
               value->type()->kind() == c10::TypeKind::BoolType;
      });
      if (has_data_in_shape(checked)) fail(checked);
      if (takes_tensor && gives_number && checked.blocks().empty() && !tells_shape(checked)) {
        fail(checked);
      }
      for (Value* input : checked.inputs()) {
        if (top.is_dependent(input)) visit(input->node());
      }
    };
    check(*node);
    for (torch::jit::Block* block : node->blocks()) for_each_node(block, check);
  };
  visit(number->node());
}

}  // namespace

Program::Program(torch::jit::Module network, std::shared_ptr<Graph> graph)
    : network_(std::move(network)),
      function_(std::make_shared<torch::jit::GraphFunction>(
          "part", std::move(graph), nullptr, torch::jit::ExecutorExecutionMode::SIMPLE)) {}

Program::Program(const torch::jit::Module& network, const std::string& method)
    : Program(network, network.get_method(method).graph()->copy()) {}

c10::IValue Program::operator()(const at::Tensor& input) const {
  torch::jit::Stack stack{network_._ivalue(), input};
  function_->run(stack);
  return stack.front();
}

/// A number that passes from one part to the other.
struct NetworkCut::Crossing {
  Value* value = nullptr;
  c10::IValue alone;                  ///< for a batch of one
  std::optional<c10::IValue> of_two;  ///< for a batch of two; nothing: it runs only alone
};

NetworkCut::NetworkCut(torch::jit::Module frozen, std::string method, at::Tensor probe)
    : frozen_(std::move(frozen)), method_(std::move(method)), probe_(std::move(probe)) {
  const std::shared_ptr<Graph> graph = frozen_.get_method(method_).graph();
  if (graph->inputs().size() != kWaveform + 1 || !is_tensor(graph->inputs()[kWaveform])) {
    throw ConfigError(fmt::format("{}() takes {} inputs; expected one tensor, the waveform",
                                  method_, graph->inputs().size() - 1));
  }
  torch::jit::EliminateDeadCode(graph);
  const TopLevel top(*graph);
  std::size_t end = 0;
  while (end < top.nodes().size() &&
         !(begins_network(*top.nodes()[end]) && top.uses_dependent(*top.nodes()[end]))) {
    ++end;
  }
  places_ = places_before(end);
}

std::vector<CutPlace> NetworkCut::places_before(std::size_t end) const {
  const std::shared_ptr<Graph> graph = frozen_.get_method(method_).graph()->copy();
  const TopLevel top(*graph);
  std::vector<CutPlace> places;
  std::vector<Value*> values;
  for (std::size_t i = 0; i < end; ++i) {
    for (std::size_t k = 0; k < top.nodes()[i]->outputs().size(); ++k) {
      Value* value = top.nodes()[i]->output(k);
      if (!is_tensor(value) || !top.is_dependent(value)) continue;
      places.push_back({value->debugName(), i, k, {}});
      values.push_back(value);
    }
  }
  return_all(*graph, values);
  torch::jit::EliminateDeadCode(graph);
  const std::vector<c10::IValue> tensors = run(frozen_, graph, probe_);
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i].shape = tensors[i].toTensor().sizes().vec();
  }
  return places;
}

CutPlace NetworkCut::named(const std::string& name) const {
  const std::vector<CutPlace> all =
      places_before(top_nodes(*frozen_.get_method(method_).graph()).size());
  const auto found = std::ranges::find(all, name, &CutPlace::name);
  if (found != all.end()) return *found;
  throw ConfigError(
      fmt::format("{}() has no tensor '{}', which its card names as "
                  "input.spectrogram",
                  method_, name));
}

Program NetworkCut::front(const CutPlace& place) const {
  const std::shared_ptr<Graph> graph = frozen_.get_method(method_).graph()->copy();
  const std::vector<Node*> nodes = top_nodes(*graph);
  graph->eraseOutput(0);
  graph->registerOutput(nodes[place.node]->output(place.output));
  // What follows might change the tensor in place.
  for (std::size_t i = nodes.size(); i > place.node + 1; --i) nodes[i - 1]->destroy();
  torch::jit::EliminateDeadCode(graph);
  return {frozen_, graph};
}

std::vector<NetworkCut::Crossing> NetworkCut::crossings(Graph& graph, const CutPlace& place) const {
  const TopLevel top(graph);
  const torch::jit::AliasDb aliases(graph.shared_from_this());
  const Value* cut = top.nodes()[place.node]->output(place.output);
  std::vector<Crossing> found;
  const auto take = [&](Value* value) {
    if (value == cut || !top.is_used_behind(place.node, value)) return;
    const bool is_buffer = !top.is_dependent(value) && is_tensor(value) &&
                           value->node()->kind() != torch::jit::prim::Constant;
    if (is_buffer && aliases.hasWriters(value)) {
      throw ConfigError(
          fmt::format("{} is changed in place and used behind it", value->debugName()));
    }
    if (!top.is_dependent(value)) return;
    const bool only_shape = std::ranges::all_of(value->uses(), [&](const torch::jit::Use& use) {
      return top.index_of(use.user) <= place.node ||
             (tells_shape(*use.user) && use.user->owningBlock() == graph.block());
    });
    if (is_tensor(value) && only_shape) return;
    if (holds_tensor(*value->type())) {
      throw ConfigError(fmt::format("{} passes it by", value->debugName()));
    }
    require_shape_only(top, value);
    found.push_back({value, {}, {}});
  };
  for (Value* input : graph.inputs().slice(kWaveform)) take(input);
  for (std::size_t i = 0; i <= place.node; ++i) {
    for (Value* value : top.nodes()[i]->outputs()) take(value);
  }
  // Numbers that are read from earlier tensors behind the cut.
  for (std::size_t i = place.node + 1; i < top.nodes().size(); ++i) {
    Node& node = *top.nodes()[i];
    if (!tells_shape(node) || !top.is_dependent(node.input(0)) || node.input(0) == cut) continue;
    if (top.index_of(node.input(0)->node()) > place.node &&
        node.input(0)->node()->kind() != torch::jit::prim::Param) {
      continue;
    }
    for (Value* value : node.outputs()) {
      if (!value->hasUses()) continue;
      require_shape_only(top, value);
      found.push_back({value, {}, {}});
    }
  }
  return found;
}

namespace {

/// A number for any batch: the same, or so many for each window.
Value* number_for(Graph& graph, Value* batch, const std::string& name, const c10::IValue& alone,
                  const std::optional<c10::IValue>& of_two) {
  if (!of_two || alone == *of_two) {
    if (const auto constant = torch::jit::tryInsertConstant(graph, alone)) return *constant;
  } else if (alone.isInt() && of_two->toInt() == 2 * alone.toInt()) {
    Value* each = graph.insertConstant(alone);
    return graph.insert(at::aten::mul, {batch, each});
  } else if (alone.isIntList() && alone.toIntVector().size() == of_two->toIntVector().size()) {
    std::vector<Value*> members;
    for (std::size_t i = 0; i < alone.toIntVector().size(); ++i) {
      members.push_back(number_for(graph, batch, name, c10::IValue(alone.toIntVector()[i]),
                                   c10::IValue(of_two->toIntVector()[i])));
    }
    return graph.insertNode(graph.createList(c10::IntType::get(), members))->output();
  }
  throw ConfigError(fmt::format("the number {} behind it depends on the batch", name));
}

}  // namespace

torch::jit::Module NetworkCut::rest(const CutPlace& place) const {
  // The numbers are found in a copy, and by their order in the network itself.
  const std::shared_ptr<Graph> trial = frozen_.get_method(method_).graph()->copy();
  std::vector<Crossing> crossing = crossings(*trial, place);
  std::vector<Value*> values;
  for (const Crossing& one : crossing) values.push_back(one.value);
  return_all(*trial, values);
  torch::jit::EliminateDeadCode(trial);
  const std::vector<c10::IValue> alone = run(frozen_, trial, probe_);
  std::vector<c10::IValue> of_two;
  try {
    of_two = run(frozen_, trial, at::cat({probe_, probe_}));
  } catch (const std::exception&) {
    of_two.clear();  // traced for a batch of one
  }

  torch::jit::Module rest = frozen_.clone();
  const std::shared_ptr<Graph> graph = rest.get_method(method_).graph();
  const std::vector<Crossing> crossed = crossings(*graph, place);
  const TopLevel top(*graph);
  Value* spectrogram = graph->addInput("spectrogram");
  spectrogram->setType(c10::TensorType::get());
  top.replace_behind(place.node, top.nodes()[place.node]->output(place.output), spectrogram);
  {
    const torch::jit::WithInsertPoint here(graph->block()->nodes().front());
    Value* zero = graph->insertConstant(0);
    Value* batch = graph->insert(at::aten::size, {spectrogram, zero});
    for (std::size_t i = 0; i < crossed.size(); ++i) {
      Value* number = number_for(*graph, batch, crossed[i].value->debugName(), alone[i],
                                 of_two.empty() ? std::nullopt : std::optional(of_two[i]));
      top.replace_behind(place.node, crossed[i].value, number);
    }
  }
  for (std::size_t i = top.nodes().size(); i > 0; --i) {
    Node* node = top.nodes()[i - 1];
    const bool is_front = i - 1 <= place.node && top.uses_dependent(*node);
    const bool is_read = std::ranges::any_of(
        crossed, [node](const Crossing& one) { return one.value->node() == node; });
    if (is_front || is_read) node->destroy();
  }
  graph->eraseInput(kWaveform);
  torch::jit::EliminateDeadCode(graph);
  return rest;
}

}  // namespace relax_spectro::torch_backend
