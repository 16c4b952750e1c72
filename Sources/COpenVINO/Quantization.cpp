#include "Quantization.hpp"

#include <openvino/op/ops.hpp>
#include <openvino/op/util/max_pool_base.hpp>
#include <openvino/op/util/pad_base.hpp>
#include <openvino/pass/constant_folding.hpp>
#include <openvino/pass/manager.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>

namespace {

using Output = ov::Output<ov::Node>;
using NodePointer = std::shared_ptr<ov::Node>;

/// A constant, also one that the file keeps in half precision; null where a tensor is none.
std::shared_ptr<ov::op::v0::Constant> constantAt(const Output &value) {
  const auto node = value.get_node_shared_ptr();
  if (const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node)) return constant;
  if (!ov::is_type<ov::op::v0::Convert>(node)) return nullptr;
  const auto source = ov::as_type_ptr<ov::op::v0::Constant>(node->get_input_node_shared_ptr(0));
  return source && source->get_element_type().is_real() ? source : nullptr;
}

Output constant(ov::element::Type type, const ov::Shape &shape, const std::vector<float> &values) {
  return ov::op::v0::Constant::create(type, shape, values);
}

Output integers(const std::vector<int64_t> &values) {
  return ov::op::v0::Constant::create(ov::element::i64, ov::Shape{values.size()}, values);
}

bool isConvolution(const NodePointer &node) {
  return ov::is_type<ov::op::v1::Convolution>(node) || ov::is_type<ov::op::v1::GroupConvolution>(node);
}

/// The constant weights of a layer: those of an output channel lie at `output * outputStride + input * inputStride + place`.
struct Weights {
  std::shared_ptr<ov::op::v0::Constant> constant;
  size_t outputCount = 0, inputCount = 0, placeCount = 1;
  size_t outputStride = 0, inputStride = 0;
  size_t outputsOfGroup = 0;
  /// That of one number for each output channel beside the weights.
  ov::Shape channelShape;

  /// The channel of what the layer reads.
  size_t channel(size_t output, size_t input) const { return output / outputsOfGroup * inputCount + input; }

  /// Calls the body with output, input and the index of each weight.
  template <typename Body> void forEach(Body body) const {
    for (size_t output = 0; output < outputCount; output++) {
      for (size_t input = 0; input < inputCount; input++) {
        const size_t first = output * outputStride + input * inputStride;
        for (size_t index = first; index < first + placeCount; index++) body(output, input, index);
      }
    }
  }
};

/// Without output channels where the weights are no constant of a form that is known.
Weights weightsOf(const NodePointer &node) {
  Weights weights;
  weights.constant = constantAt(node->input_value(1));
  if (!weights.constant) return weights;
  const auto shape = weights.constant->get_shape();
  weights.channelShape = ov::Shape(shape.size(), 1);
  if (const auto product = ov::as_type_ptr<ov::op::v0::MatMul>(node)) {
    if (shape.size() != 2 || product->get_transpose_a()) return weights;
    const size_t axis = product->get_transpose_b() ? 0 : 1;
    weights.outputCount = weights.outputsOfGroup = shape[axis];
    weights.inputCount = shape[1 - axis];
    weights.outputStride = axis == 0 ? shape[1] : 1;
    weights.inputStride = axis == 0 ? 1 : shape[1];
    weights.channelShape[axis] = weights.outputCount;
    return weights;
  }
  const bool isGrouped = ov::is_type<ov::op::v1::GroupConvolution>(node);
  const size_t first = isGrouped ? 1 : 0;
  if (shape.size() != first + 4) return weights;
  weights.outputsOfGroup = shape[first];
  weights.outputCount = (isGrouped ? shape[0] : 1) * shape[first];
  weights.inputCount = shape[first + 1];
  weights.placeCount = shape[first + 2] * shape[first + 3];
  weights.inputStride = weights.placeCount;
  weights.outputStride = weights.inputCount * weights.placeCount;
  for (size_t axis = 0; axis <= first; axis++) weights.channelShape[axis] = shape[axis];
  return weights;
}

/// Puts the scale of a batch normalisation into the weights of the convolution before it, and leaves an addition.
void foldNormalization(const std::shared_ptr<ov::op::v5::BatchNormInference> &norm) {
  const auto convolution = norm->get_input_node_shared_ptr(0);
  if (!isConvolution(convolution) || convolution->output(0).get_target_inputs().size() != 1) return;
  const auto weights = weightsOf(convolution);
  std::vector<float> numbers[4];
  for (size_t index = 0; index < 4; index++) {
    const auto parameter = constantAt(norm->input_value(index + 1));
    if (!parameter) return;
    numbers[index] = parameter->cast_vector<float>();
    if (numbers[index].size() != weights.outputCount) return;
  }
  const auto &[scale, shift, mean, variance] = numbers;
  std::vector<float> factor(weights.outputCount), bias(weights.outputCount);
  for (size_t channel = 0; channel < weights.outputCount; channel++) {
    factor[channel] =
        static_cast<float>(scale[channel] / std::sqrt(static_cast<double>(variance[channel]) + norm->get_eps_value()));
    bias[channel] = shift[channel] - mean[channel] * factor[channel];
  }
  auto values = weights.constant->cast_vector<float>();
  weights.forEach([&](size_t output, size_t, size_t index) { values[index] *= factor[output]; });
  const auto type = convolution->get_input_element_type(1);
  convolution->input(1).replace_source_output(constant(type, weights.constant->get_shape(), values));
  const auto sum = std::make_shared<ov::op::v1::Add>(
      convolution, constant(norm->get_output_element_type(0), {1, weights.outputCount, 1, 1}, bias));
  sum->set_friendly_name(norm->get_friendly_name());
  ov::replace_node(norm, sum);
}

/// True for what gives nothing but values that it reads, and zeros: rounding before it is rounding after it.
bool passesValuesOn(const Output &value) {
  const auto node = value.get_node_shared_ptr();
  if (value.get_index() == 0 && ov::as_type_ptr<ov::op::util::MaxPoolBase>(node)) return true;
  const auto pad = ov::as_type_ptr<ov::op::util::PadBase>(node);
  if (!pad) return false;
  if (pad->get_pad_mode() != ov::op::PadMode::CONSTANT || pad->get_input_size() < 4) return true;
  const auto filling = constantAt(pad->input_value(3));
  return filling && filling->cast_vector<float>() == std::vector<float>{0};
}

/// The largest part of a range that has zero on one of its 256 levels.
std::pair<float, float> withZero(float low, float high) {
  low = std::min(low, 0.0f);
  high = std::max(high, 0.0f);
  if (low == 0 || high == 0) return {low, high};
  const float step = (high - low) / 255;
  const float below = std::round(-low / step);
  return {-below * step, (255 - below) * step};
}

/// Adds numbers to the output channels of a layer, to the bias that follows it where there is one.
void addBias(const NodePointer &node, const std::vector<float> &numbers) {
  auto readers = node->output(0).get_target_inputs();
  const auto type = node->get_output_element_type(0);
  if (readers.size() == 1) {
    const auto reader = readers.begin()->get_node()->shared_from_this();
    const auto sum = ov::as_type_ptr<ov::op::v1::Add>(reader);
    const size_t other = 1 - readers.begin()->get_index();
    const auto bias = sum ? constantAt(sum->input_value(other)) : nullptr;
    if (bias && ov::shape_size(bias->get_shape()) == numbers.size() &&
        sum->get_output_partial_shape(0) == node->get_output_partial_shape(0)) {
      auto values = bias->cast_vector<float>();
      for (size_t channel = 0; channel < values.size(); channel++) values[channel] += numbers[channel];
      sum->input(other).replace_source_output(constant(type, bias->get_shape(), values));
      return;
    }
  }
  const ov::Shape shape = isConvolution(node) ? ov::Shape{1, numbers.size(), 1, 1} : ov::Shape{numbers.size()};
  const auto sum = std::make_shared<ov::op::v1::Add>(node, constant(type, shape, numbers));
  for (auto reader : readers) reader.replace_source_output(sum);
}

/// A row for each tile: reduced over all axes but the batch, and but `kept` where that is one.
template <typename Reduction> Output row(Output value, int64_t batch, size_t width, int64_t kept = -1) {
  const auto shape = value.get_shape();
  if (batch > 1 && (shape.empty() || shape[0] != static_cast<size_t>(batch))) {
    throw std::runtime_error("it mixes the tiles of a batch, so that no ranges can be found");
  }
  if (value.get_element_type() != ov::element::f32) {
    value = std::make_shared<ov::op::v0::Convert>(value, ov::element::f32);
  }
  std::vector<int64_t> axes;
  for (int64_t axis = batch > 1 ? 1 : 0; axis < static_cast<int64_t>(shape.size()); axis++) {
    if (axis != kept) axes.push_back(axis);
  }
  if (!axes.empty()) value = std::make_shared<Reduction>(value, integers(axes), false);
  return std::make_shared<ov::op::v1::Reshape>(value, integers({batch, static_cast<int64_t>(width)}), false);
}

} // namespace

namespace tessera {

Quantization::Quantization(std::shared_ptr<ov::Model> given) : model(std::move(given)) {
  ov::pass::Manager manager;
  manager.register_pass<ov::pass::ConstantFolding>();
  manager.run_passes(model);
  for (const auto &node : model->get_ordered_ops()) {
    if (const auto norm = ov::as_type_ptr<ov::op::v5::BatchNormInference>(node)) foldNormalization(norm);
  }
  for (const auto &node : model->get_ordered_ops()) {
    if (isConvolution(node) || ov::is_type<ov::op::v0::MatMul>(node)) addLayer(node);
    if (ov::is_type<ov::op::v1::Add>(node) && node->get_output_partial_shape(0).size() == 4 &&
        node->get_input_partial_shape(0) == node->get_input_partial_shape(1) && !constantAt(node->input_value(0)) &&
        !constantAt(node->input_value(1))) {
      addPoint(node->input(0));
      addPoint(node->input(1));
    }
  }
  if (layers.empty()) throw std::runtime_error("it has no layer that could be computed in eight bits");
}

void Quantization::addLayer(const NodePointer &node) {
  const auto shape = node->get_input_partial_shape(0);
  if (!node->get_input_element_type(0).is_real() || shape.is_dynamic() || shape.size() < 2) return;
  if (constantAt(node->input_value(0)) || weightsOf(node).outputCount == 0) return;
  const size_t axis = isConvolution(node) ? 1 : shape.size() - 1;
  layers.push_back({node, axis, static_cast<size_t>(shape[axis].get_length())});
  addPoint(node->input(0));
}

void Quantization::addPoint(const ov::Input<ov::Node> &reader) {
  const auto source = reader.get_source_output();
  if (passesValuesOn(source)) return addPoint(source.get_node()->input(0));
  auto point = std::find_if(points.begin(), points.end(), [&](const Point &other) { return other.source == source; });
  if (point == points.end()) point = points.insert(points.end(), {source, {}});
  if (std::find(point->readers.begin(), point->readers.end(), reader) == point->readers.end()) {
    point->readers.push_back(reader);
  }
}

std::shared_ptr<ov::Model> Quantization::calibrating() const {
  const auto batch = model->input().get_partial_shape()[0].get_length();
  ov::OutputVector lows, highs, means;
  for (const auto &point : points) {
    lows.push_back(row<ov::op::v1::ReduceMin>(point.source, batch, 1));
    highs.push_back(row<ov::op::v1::ReduceMax>(point.source, batch, 1));
  }
  for (const auto &layer : layers) {
    means.push_back(row<ov::op::v1::ReduceMean>(layer.node->input_value(0), batch, layer.channelCount,
                                                static_cast<int64_t>(layer.channelAxis)));
  }
  ov::ResultVector results;
  for (const auto &values : {lows, highs, means}) {
    results.push_back(std::make_shared<ov::op::v0::Result>(std::make_shared<ov::op::v0::Concat>(values, 1)));
  }
  return std::make_shared<ov::Model>(results, model->get_parameters());
}

std::shared_ptr<ov::Model> Quantization::quantized(const tessera_ranges &ranges) {
  size_t channelCount = 0;
  for (const auto &layer : layers) channelCount += layer.channelCount;
  if (ranges.point_count != points.size() || ranges.mean_count != channelCount) {
    throw std::runtime_error("the ranges are those of another network");
  }
  const float *mean = ranges.means;
  for (const auto &layer : layers) {
    const auto weights = weightsOf(layer.node);
    const auto values = weights.constant->cast_vector<float>();
    std::vector<float> largest(weights.outputCount, 0), least(weights.outputCount), shift(weights.outputCount, 0);
    weights.forEach([&](size_t output, size_t, size_t index) {
      largest[output] = std::max(largest[output], std::fabs(values[index]));
    });
    for (size_t channel = 0; channel < weights.outputCount; channel++) {
      if (!(largest[channel] > 0)) largest[channel] = 1;
      least[channel] = -largest[channel];
    }
    weights.forEach([&](size_t output, size_t input, size_t index) {
      const float step = largest[output] / 127;
      const float rounded = std::nearbyint(values[index] / step) * step;
      shift[output] += (values[index] - rounded) * mean[weights.channel(output, input)];
    });
    const auto source = layer.node->input_value(1);
    const auto type = source.get_element_type();
    const auto low = constant(type, weights.channelShape, least), high = constant(type, weights.channelShape, largest);
    layer.node->input(1).replace_source_output(
        std::make_shared<ov::op::v0::FakeQuantize>(source, low, high, low, high, 255));
    addBias(layer.node, shift);
    mean += layer.channelCount;
  }
  for (size_t index = 0; index < points.size(); index++) {
    if (!std::isfinite(ranges.lows[index]) || !std::isfinite(ranges.highs[index])) {
      throw std::runtime_error("it gives numbers without bounds on the tiles that it was calibrated on");
    }
    const auto bounds = withZero(ranges.lows[index], ranges.highs[index]);
    if (!(bounds.second > bounds.first)) continue;
    const auto &source = points[index].source;
    const auto low = constant(source.get_element_type(), {}, {bounds.first});
    const auto high = constant(source.get_element_type(), {}, {bounds.second});
    const auto rounded = std::make_shared<ov::op::v0::FakeQuantize>(source, low, high, low, high, 256);
    for (auto reader : points[index].readers) reader.replace_source_output(rounded);
  }
  model->validate_nodes_and_infer_types();
  return model;
}

size_t eightBitLayerCount(const ov::CompiledModel &compiled) {
  static const std::set<std::string> products = {"Convolution", "FullyConnected", "MatMul"};
  size_t count = 0;
  for (const auto &node : compiled.get_runtime_model()->get_ordered_ops()) {
    const auto &notes = node->get_rt_info();
    const auto kind = notes.find("layerType"), precision = notes.find("runtimePrecision");
    if (kind == notes.end() || precision == notes.end() || !products.count(kind->second.as<std::string>())) continue;
    auto type = precision->second.as<std::string>();
    std::transform(type.begin(), type.end(), type.begin(), [](unsigned char letter) { return std::tolower(letter); });
    if (type == "u8" || type == "i8") count++;
  }
  return count;
}

} // namespace tessera
