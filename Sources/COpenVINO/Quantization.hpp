#pragma once

#include "CInferenceEngine.h"

#include <openvino/openvino.hpp>

#include <memory>
#include <vector>

namespace tessera {

/// What of a network is computed in eight bits: the tensors that become whole numbers, and the layers that read them.
///
/// Points and layers are known by their ordinals in the graph's order, which is the same each time that a file is read;
/// the names that OpenVINO makes up are not.
class Quantization {
public:
  /// - Parameter model: cut, of a fixed shape and with its preprocessing. Its constants are folded, and the scales of batch
  ///   normalisations put into the weights before them.
  explicit Quantization(std::shared_ptr<ov::Model> model);

  /// The network that is run on tiles to find the ranges, with three outputs, a row for each tile: the least value of each
  /// point, the largest value of each point, and the means of the channels that each layer reads, side by side.
  std::shared_ptr<ov::Model> calibrating() const;

  /// The network in eight bits, once. Activations take 256 levels between the least and the largest value of their point, with
  /// zero on one of them; weights 255 levels of each output channel, up to its largest magnitude. What the rounding of the
  /// weights shifts on average is taken from the bias.
  std::shared_ptr<ov::Model> quantized(const tessera_ranges &ranges);

private:
  using Output = ov::Output<ov::Node>;

  /// A tensor that is quantised, and those of its readers that get it quantised.
  struct Point {
    Output source;
    std::vector<ov::Input<ov::Node>> readers;
  };

  /// A convolution or a matrix product with constant weights.
  struct Layer {
    std::shared_ptr<ov::Node> node;
    /// Of what it reads.
    size_t channelAxis;
    size_t channelCount;
  };

  void addPoint(const ov::Input<ov::Node> &reader);
  void addLayer(const std::shared_ptr<ov::Node> &node);

  std::shared_ptr<ov::Model> model;
  std::vector<Point> points;
  std::vector<Layer> layers;
};

/// How many convolutions and matrix products of a compiled network are computed in eight bits.
size_t eightBitLayerCount(const ov::CompiledModel &compiled);

} // namespace tessera
