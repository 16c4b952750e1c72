#include "Core.hpp"
#include "Message.hpp"

#include <openvino/op/constant.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace {

struct Port {
  std::string names;
  std::string type;
  int rank;
  std::vector<int64_t> dimensions;
};

struct Node {
  std::string type;
  std::string name;
  std::vector<std::pair<size_t, size_t>> inputs;
  std::vector<Port> outputs;
  std::vector<double> values;
};

/// Constants of more numbers are weights, which nobody looks at.
constexpr size_t mostValues = 16;

Port describe(const ov::Output<ov::Node> &output) {
  Port port;
  for (const auto &name : output.get_names()) {
    if (!port.names.empty()) port.names += '\n';
    port.names += name;
  }
  port.type = output.get_element_type().get_type_name();
  const auto shape = output.get_partial_shape();
  port.rank = shape.rank().is_static() ? static_cast<int>(shape.rank().get_length()) : -1;
  for (int axis = 0; axis < port.rank; axis++) {
    port.dimensions.push_back(shape[axis].is_static() ? shape[axis].get_length() : -1);
  }
  return port;
}

std::vector<double> valuesOf(const ov::Node &node) {
  const auto *constant = dynamic_cast<const ov::op::v0::Constant *>(&node);
  if (!constant || ov::shape_size(constant->get_shape()) > mostValues) return {};
  const auto type = constant->get_element_type();
  if (!type.is_integral_number() && !type.is_real()) return {};
  return constant->cast_vector<double>();
}

} // namespace

struct tessera_graph {
  std::vector<Node> nodes;
};

namespace {


int writeVersion(tessera_message version, tessera_message error) {
  return tessera::guarded(error, [&] {
    tessera::core();
    tessera::write(ov::get_openvino_version().buildNumber, version);
  });
}

int graphRead(const char *path, int64_t side, int channels_last, tessera_graph **graph, tessera_message error) {
  *graph = nullptr;
  return tessera::guarded(error, [&] {
    const auto model = tessera::core().read_model(path);
    if (side > 0) {
      auto shape = tessera::inputShape(1, side, channels_last != 0);
      shape[0] = model->input().get_partial_shape()[0];
      model->reshape(shape);
    }
    auto result = std::make_unique<tessera_graph>();
    std::unordered_map<const ov::Node *, size_t> numbers;
    for (const auto &node : tessera::orderedNodes(*model)) {
      numbers[node.get()] = result->nodes.size();
      Node description;
      description.type = node->get_type_name();
      description.name = node->get_friendly_name();
      for (size_t input = 0; input < node->get_input_size(); input++) {
        const auto source = node->input_value(input);
        description.inputs.emplace_back(numbers.at(source.get_node()), source.get_index());
      }
      for (const auto &output : node->outputs()) description.outputs.push_back(describe(output));
      description.values = valuesOf(*node);
      result->nodes.push_back(std::move(description));
    }
    *graph = result.release();
  });
}

void graphFree(tessera_graph *graph) { delete graph; }

size_t graphNodeCount(const tessera_graph *graph) { return graph->nodes.size(); }

const char *graphNodeType(const tessera_graph *graph, size_t node) {
  return graph->nodes[node].type.c_str();
}

const char *graphNodeName(const tessera_graph *graph, size_t node) {
  return graph->nodes[node].name.c_str();
}

size_t graphNodeInputCount(const tessera_graph *graph, size_t node) {
  return graph->nodes[node].inputs.size();
}

void graphNodeInput(const tessera_graph *graph, size_t node, size_t input, size_t *source, size_t *port) {
  const auto &edge = graph->nodes[node].inputs[input];
  *source = edge.first;
  *port = edge.second;
}

size_t graphNodeOutputCount(const tessera_graph *graph, size_t node) {
  return graph->nodes[node].outputs.size();
}

const char *graphOutputNames(const tessera_graph *graph, size_t node, size_t port) {
  return graph->nodes[node].outputs[port].names.c_str();
}

const char *graphOutputType(const tessera_graph *graph, size_t node, size_t port) {
  return graph->nodes[node].outputs[port].type.c_str();
}

int graphOutputRank(const tessera_graph *graph, size_t node, size_t port) {
  return graph->nodes[node].outputs[port].rank;
}

int64_t graphOutputDimension(const tessera_graph *graph, size_t node, size_t port, size_t axis) {
  return graph->nodes[node].outputs[port].dimensions[axis];
}

const double *graphNodeValues(const tessera_graph *graph, size_t node, size_t *count) {
  const auto &values = graph->nodes[node].values;
  *count = values.size();
  return values.empty() ? nullptr : values.data();
}

int sidesCheck(const char *path, int64_t batch, int channels_last, const int64_t *sides, size_t count, int *takes,
               tessera_message error) {
  return tessera::guarded(error, [&] {
    const auto model = tessera::core().read_model(path);
    for (size_t index = 0; index < count; index++) {
      takes[index] = tessera::takesSide(*model, batch, sides[index], channels_last != 0) ? 1 : 0;
    }
  });
}

} // namespace

namespace tessera {

ov::PartialShape inputShape(int64_t batch, int64_t side, bool channelsLast) {
  return channelsLast ? ov::PartialShape{batch, side, side, 3} : ov::PartialShape{batch, 3, side, side};
}

bool takesSide(const ov::Model &model, int64_t batch, int64_t side, bool channelsLast) {
  const auto copy = model.clone();
  try {
    copy->reshape(inputShape(batch, side, channelsLast));
  } catch (const std::exception &) {
    return false;
  }
  // Where a reshape takes up what is too much, the tiles of a batch are mixed.
  for (const auto &output : copy->outputs()) {
    const auto shape = output.get_partial_shape();
    if (shape.rank().is_static() && shape.rank().get_length() > 0 && shape[0].is_static() && shape[0] != batch) {
      return false;
    }
  }
  return true;
}

void addGraphFunctions(tessera_engine &engine) {
  engine.version = writeVersion;
  engine.graph_read = graphRead;
  engine.graph_free = graphFree;
  engine.graph_node_count = graphNodeCount;
  engine.graph_node_type = graphNodeType;
  engine.graph_node_name = graphNodeName;
  engine.graph_node_input_count = graphNodeInputCount;
  engine.graph_node_input = graphNodeInput;
  engine.graph_node_output_count = graphNodeOutputCount;
  engine.graph_output_names = graphOutputNames;
  engine.graph_output_type = graphOutputType;
  engine.graph_output_rank = graphOutputRank;
  engine.graph_output_dimension = graphOutputDimension;
  engine.graph_node_values = graphNodeValues;
  engine.sides_check = sidesCheck;
}

} // namespace tessera
