package import Inference

/// An engine without a library: whatever the file, its network gives the mean of each channel of a tile ("means"), and
/// red minus blue and green minus blue of these ("logits").
package struct ChannelMeansEngine: InferenceEngine {
  package let formats: Set<ModelFormat>
  /// Values that it gives for each tile beyond those of a layer.
  private let excess: Int

  package init(formats: Set<ModelFormat> = [.onnx], excess: Int = 0) {
    self.formats = formats
    self.excess = excess
  }

  package let name = "Channel means"
  package func version() -> String { "1.0" }
  package func warmUp() {}

  package func graph(of path: String) -> Graph {
    Graph(nodes: [
      Graph.Node(
        .input, typeName: "Tiles", name: "tiles", outputs: [Graph.Port(names: ["tiles"], shape: [nil, 3, 16, 16])]),
      Graph.Node(
        .reduceMean, typeName: "Mean", name: "mean", inputs: [Graph.Edge(node: 0)],
        outputs: [Graph.Port(names: ["means"], shape: [nil, 3])]),
      Graph.Node(.constant, typeName: "Weights", name: "weights", outputs: [Graph.Port(shape: [3, 2])]),
      Graph.Node(
        .matrixProduct, typeName: "Product", name: "fc", inputs: [Graph.Edge(node: 1), Graph.Edge(node: 2)],
        outputs: [Graph.Port(names: ["logits"], shape: [nil, 2])]),
      Graph.Node(.output, typeName: "Result", name: "result", inputs: [Graph.Edge(node: 3)]),
    ])
  }

  package func compile(_ compilation: NetworkCompilation) -> any CompiledNetwork {
    ChannelMeansNetwork(compilation: compilation, widths: compilation.layers.map { $0.width + excess })
  }
}

private struct ChannelMeansNetwork: CompiledNetwork {
  let compilation: NetworkCompilation
  let widths: [Int]
  var record: String { "batch=\(compilation.batch)" }

  func makeRequest() -> any InferenceRequest { ChannelMeansRequest(compilation) }
}

private final class ChannelMeansRequest: InferenceRequest {
  private let compilation: NetworkCompilation
  let input: UnsafeMutableBufferPointer<UInt8>
  private let outputs: [UnsafeMutableBufferPointer<Float>]

  init(_ compilation: NetworkCompilation) {
    self.compilation = compilation
    input = .allocate(capacity: compilation.batch * compilation.sidePixels * compilation.sidePixels * 3)
    outputs = compilation.layers.map { .allocate(capacity: compilation.batch * $0.width) }
  }

  deinit {
    input.deallocate()
    for output in outputs { output.deallocate() }
  }

  func run(count: Int, isStopping: () -> Bool) -> Bool {
    let pixels = compilation.sidePixels * compilation.sidePixels
    for tile in 0..<compilation.batch {
      if isStopping() { return false }
      let means = (0..<3).map { channel in
        let sum = (0..<pixels).reduce(0) { $0 + Int(input[(tile * pixels + $1) * 3 + channel]) }
        return standardized(Float(sum) / Float(pixels), channel)
      }
      for (layer, output) in zip(compilation.layers, outputs) {
        let values = layer.name == "means" ? means : [means[0] - means[2], means[1] - means[2]]
        for (column, value) in values.enumerated() { output[tile * layer.width + column] = value }
      }
    }
    return true
  }

  private func standardized(_ value: Float, _ channel: Int) -> Float {
    guard case .fixed(let mean, let scale) = compilation.standardization.rule else { return value }
    return (value - Float(mean[channel])) / Float(scale[channel])
  }

  func output(_ index: Int) -> UnsafeBufferPointer<Float> { UnsafeBufferPointer(outputs[index]) }
}
