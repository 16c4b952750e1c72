#include "Core.hpp"
#include "Message.hpp"
#include "Quantization.hpp"

#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/frontend/manager.hpp>
#include <openvino/op/ops.hpp>

#include <chrono>
#include <climits>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct tessera_network {
  ov::CompiledModel compiled;
  std::vector<size_t> widths;
  size_t eightBitLayers = 0;
};

struct tessera_request {
  ov::InferRequest request;
  uint8_t *input;
  std::vector<ov::Tensor> outputs;
};

namespace {

using ov::Output;
using NodeOutput = Output<ov::Node>;

NodeOutput constant(const std::vector<float> &values, const ov::Shape &shape) {
  return ov::op::v0::Constant::create(ov::element::f32, shape, values);
}

template <typename Reduction>
NodeOutput reduced(const NodeOutput &value, const std::vector<int64_t> &axes, bool keeps) {
  const auto list = ov::op::v0::Constant::create(ov::element::i64, ov::Shape{axes.size()}, axes);
  return std::make_shared<Reduction>(value, list, keeps);
}

NodeOutput meanOver(const NodeOutput &value, const std::vector<int64_t> &axes, bool keeps) {
  return reduced<ov::op::v1::ReduceMean>(value, axes, keeps);
}

/// (x - mean) / max(standard deviation, 1 / sqrt(number of values)), over all values of an image.
NodeOutput standardizedPerImage(const NodeOutput &image, int64_t side) {
  const auto centred = std::make_shared<ov::op::v1::Subtract>(image, meanOver(image, {1, 2, 3}, true));
  const auto squares = std::make_shared<ov::op::v1::Multiply>(centred, centred);
  const auto deviation = std::make_shared<ov::op::v0::Sqrt>(meanOver(squares, {1, 2, 3}, true));
  const float least = 1 / std::sqrt(static_cast<float>(side * side * 3));
  const auto divisor = std::make_shared<ov::op::v1::Maximum>(deviation, constant({least}, {}));
  return std::make_shared<ov::op::v1::Divide>(centred, divisor);
}

NodeOutput asBytes(const NodeOutput &image) {
  const auto rounded =
      std::make_shared<ov::op::v5::Round>(image, ov::op::v5::Round::RoundMode::HALF_AWAY_FROM_ZERO);
  return std::make_shared<ov::op::v0::Clamp>(rounded, 0, 255);
}

std::shared_ptr<ov::Node> find(const ov::NodeVector &nodes, const tessera_output &output) {
  for (const auto &node : nodes) {
    if (node->get_friendly_name() == output.node) return node;
  }
  if (output.number >= nodes.size() || nodes[output.number]->get_type_name() != std::string(output.type)) return nullptr;
  return nodes[output.number];
}

NodeOutput sliced(const NodeOutput &value, int64_t start, int64_t stop) {
  const auto list = [](int64_t number) {
    return ov::op::v0::Constant::create(ov::element::i64, ov::Shape{1}, {number});
  };
  return std::make_shared<ov::op::v8::Slice>(value, list(start), list(stop), list(1), list(1));
}

/// N x width of what an output asks for of a tensor.
NodeOutput pooled(const NodeOutput &value, const tessera_output &output) {
  std::vector<int64_t> axes;
  for (int64_t axis = 0; axis < 32; axis++) {
    if (output.pooled_axes >> axis & 1) axes.push_back(axis);
  }
  ov::OutputVector parts;
  if (output.takes_first_token) parts.push_back(meanOver(sliced(value, 0, 1), {1}, false));
  if (!axes.empty()) {
    const auto rest = output.skipped_tokens > 0
                          ? sliced(value, output.skipped_tokens, std::numeric_limits<int64_t>::max())
                          : value;
    parts.push_back(output.pools_by_maximum ? reduced<ov::op::v1::ReduceMax>(rest, axes, false)
                                            : meanOver(rest, axes, false));
  }
  if (parts.empty()) return value;
  return parts.size() == 1 ? parts[0] : std::make_shared<ov::op::v0::Concat>(parts, 1)->output(0);
}

/// The model cut at the outputs asked for, each as N x width in single precision.
std::shared_ptr<ov::Model> cut(const std::shared_ptr<ov::Model> &model, const tessera_output *outputs, size_t count) {
  ov::OutputVector results;
  for (size_t index = 0; index < count; index++) {
    const auto found = find(tessera::orderedNodes(*model), outputs[index]);
    if (!found || outputs[index].port >= found->get_output_size()) {
      throw std::runtime_error(std::string("the model has no node ") + outputs[index].node);
    }
    NodeOutput value = found->output(outputs[index].port);
    if (value.get_element_type() != ov::element::f32) {
      value = std::make_shared<ov::op::v0::Convert>(value, ov::element::f32);
    }
    value = pooled(value, outputs[index]);
    results.push_back(std::make_shared<ov::op::v0::Result>(value));
  }
  return std::make_shared<ov::Model>(results, model->get_parameters());
}

void addStandardization(std::shared_ptr<ov::Model> &model, const tessera_compile_options &options) {
  ov::preprocess::PrePostProcessor processor(model);
  auto &input = processor.input();
  input.tensor().set_element_type(ov::element::u8).set_layout("NHWC");
  input.model().set_layout(options.channels_last ? "NHWC" : "NCHW");
  auto &steps = input.preprocess();
  steps.convert_element_type(ov::element::f32);
  const bool takesBytes = model->input().get_element_type().is_integral_number();
  if (options.side != options.model_side || options.resized_side != options.model_side) {
    input.tensor().set_spatial_static_shape(options.side, options.side);
  }
  if (options.side != options.resized_side) {
    steps.resize(options.is_bicubic ? ov::preprocess::ResizeAlgorithm::RESIZE_BICUBIC_PILLOW
                                    : ov::preprocess::ResizeAlgorithm::RESIZE_BILINEAR_PILLOW,
                 options.resized_side, options.resized_side);
    // The bicubic filter goes beyond black and white, and a cast to whole numbers cuts off.
    if (options.is_bicubic || takesBytes) steps.custom(asBytes);
  }
  if (options.resized_side != options.model_side) {
    const auto start = static_cast<int>((options.resized_side - options.model_side) / 2);
    const auto stop = start + static_cast<int>(options.model_side);
    steps.crop({0, start, start, 0}, {INT_MAX, stop, stop, INT_MAX});
  }
  const auto &how = options.standardization;
  if (how.reverse_channels) steps.reverse_channels();
  if (how.per_image) {
    const int64_t side = options.model_side;
    steps.custom([side](const NodeOutput &image) { return standardizedPerImage(image, side); });
  } else {
    steps.mean({how.mean[0], how.mean[1], how.mean[2]});
    steps.scale({how.scale[0], how.scale[1], how.scale[2]});
  }
  model = processor.build();
}

size_t widthOf(const ov::Output<const ov::Node> &output, int64_t batch) {
  const auto shape = output.get_partial_shape();
  if (shape.is_dynamic()) throw std::runtime_error("an output's size is not fixed by the size of the input");
  const auto sizes = shape.to_shape();
  if (sizes.empty() || sizes[0] != static_cast<size_t>(batch)) {
    throw std::runtime_error("an output does not keep the tiles of a batch apart");
  }
  return ov::shape_size(sizes) / sizes[0];
}

/// One thread a stream: a sum's order then depends neither on the number of cores nor on the load.
ov::AnyMap settings(int streams, const std::string &precision) {
  return {{ov::hint::performance_mode.name(), ov::hint::PerformanceMode::THROUGHPUT},
          {ov::hint::inference_precision.name(), precision},
          {ov::hint::enable_cpu_pinning.name(), false},
          {ov::num_streams.name(), ov::streams::Num(streams)},
          {ov::inference_num_threads.name(), streams}};
}

/// The front ends of all kinds of models. Never destroyed: a front end's library is let go with the last that holds it.
const std::vector<ov::frontend::FrontEnd::Ptr> &readers() {
  static const auto *const all = [] {
    auto &manager = *new ov::frontend::FrontEndManager();
    auto found = std::make_unique<std::vector<ov::frontend::FrontEnd::Ptr>>();
    for (const char *kind : {"onnx", "tf", "tflite", "ir"}) {
      auto reader = manager.load_by_framework(kind);
      if (!reader) throw std::runtime_error(std::string("the reader is missing: ") + kind);
      found->push_back(std::move(reader));
    }
    return found.release();
  }();
  return *all;
}

int loadAll(tessera_message error) {
  return tessera::guarded(error, [] {
    readers();
    const auto input = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::Shape{1, 4});
    const auto sum = std::make_shared<ov::op::v0::Relu>(input);
    const auto model = std::make_shared<ov::Model>(ov::OutputVector{sum->output(0)}, ov::ParameterVector{input});
    tessera::core().compile_model(model, "CPU", settings(2, "f32")).create_infer_request().infer();
  });
}

/// Cut, of a fixed shape, and from bytes on.
std::shared_ptr<ov::Model> prepared(const char *path, const tessera_output *outputs, size_t count,
                                    const tessera_compile_options &options) {
  auto model = cut(tessera::core().read_model(path), outputs, count);
  model->reshape(tessera::inputShape(options.batch, options.model_side, options.channels_last != 0));
  addStandardization(model, options);
  return model;
}

tessera_network *compiled(const std::shared_ptr<ov::Model> &model, const tessera_compile_options &options,
                          const std::string &precision) {
  auto result = std::make_unique<tessera_network>();
  result->compiled = tessera::core().compile_model(model, "CPU", settings(options.streams, precision));
  for (const auto &output : result->compiled.outputs()) result->widths.push_back(widthOf(output, options.batch));
  return result.release();
}

int networkCompile(const char *path, const tessera_output *outputs, size_t output_count,
                            const tessera_compile_options *options, tessera_network **network,
                            tessera_message error) {
  *network = nullptr;
  return tessera::guarded(error, [&] {
    *network = compiled(prepared(path, outputs, output_count, *options), *options, options->precision);
  });
}

int networkQuantize(const char *path, const tessera_output *outputs, size_t output_count,
                    const tessera_compile_options *options, const tessera_ranges *ranges, tessera_network **network,
                    tessera_message error) {
  *network = nullptr;
  return tessera::guarded(error, [&] {
    tessera::Quantization quantization(prepared(path, outputs, output_count, *options));
    std::unique_ptr<tessera_network> result(
        compiled(ranges ? quantization.quantized(*ranges) : quantization.calibrating(), *options, options->precision));
    if (ranges) {
      result->eightBitLayers = tessera::eightBitLayerCount(result->compiled);
      if (result->eightBitLayers == 0) throw std::runtime_error("no layer of it is computed in eight bits here");
    }
    *network = result.release();
  });
}

size_t networkEightBitLayers(const tessera_network *network) { return network->eightBitLayers; }

void networkFree(tessera_network *network) { delete network; }

size_t networkWidth(const tessera_network *network, size_t output) { return network->widths[output]; }

int requestCreate(tessera_network *network, tessera_request **request, tessera_message error) {
  *request = nullptr;
  return tessera::guarded(error, [&] {
    auto result = std::make_unique<tessera_request>();
    result->request = network->compiled.create_infer_request();
    result->input = result->request.get_input_tensor().data<uint8_t>();
    for (size_t index = 0; index < network->widths.size(); index++) {
      result->outputs.push_back(result->request.get_output_tensor(index));
    }
    *request = result.release();
  });
}

void requestFree(tessera_request *request) { delete request; }

uint8_t *requestInput(tessera_request *request) { return request->input; }

int requestStart(tessera_request *request, tessera_message error) {
  return tessera::guarded(error, [&] { request->request.start_async(); });
}

int requestWait(tessera_request *request, int milliseconds, int *done, tessera_message error) {
  *done = 0;
  return tessera::guarded(
      error, [&] { *done = request->request.wait_for(std::chrono::milliseconds(milliseconds)) ? 1 : 0; });
}

void requestCancel(tessera_request *request) {
  try {
    request->request.cancel();
    request->request.wait();
  } catch (...) {
    // A cancelled request says so by throwing.
  }
}

const float *requestOutput(tessera_request *request, size_t output) {
  try {
    request->outputs[output] = request->request.get_output_tensor(output);
    return request->outputs[output].data<const float>();
  } catch (...) {
    return nullptr;
  }
}

} // namespace

namespace tessera {

void addNetworkFunctions(tessera_engine &engine) {
  engine.load_all = loadAll;
  engine.network_compile = networkCompile;
  engine.network_quantize = networkQuantize;
  engine.network_eight_bit_layers = networkEightBitLayers;
  engine.network_free = networkFree;
  engine.network_width = networkWidth;
  engine.request_create = requestCreate;
  engine.request_free = requestFree;
  engine.request_input = requestInput;
  engine.request_start = requestStart;
  engine.request_wait = requestWait;
  engine.request_cancel = requestCancel;
  engine.request_output = requestOutput;
}

} // namespace tessera
