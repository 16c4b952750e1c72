import Inference

/// Reads of every file the graph of a network of one vector for each tile, "postconv", so that a worker can be timed where
/// no engine is that reads models.
struct StatedNetwork: InferenceEngine {
  let width: Int
  let side: Int

  let name = "stated"
  let formats: Set<ModelFormat> = [.onnx]
  func version() -> String { "1" }
  func warmUp() {}

  func graph(of path: String) -> Graph {
    Graph(nodes: [
      Graph.Node(
        .input, typeName: "Tiles", name: "tiles", outputs: [Graph.Port(names: ["tiles"], shape: [nil, 3, side, side])]),
      Graph.Node(
        .reduceMean, typeName: "Mean", name: "postconv", inputs: [Graph.Edge(node: 0)],
        outputs: [Graph.Port(names: ["postconv"], shape: [nil, width])]),
      Graph.Node(.output, typeName: "Result", name: "result", inputs: [Graph.Edge(node: 1)]),
    ])
  }

  func compile(_ compilation: NetworkCompilation) throws(InferenceError) -> any CompiledNetwork {
    throw .compilationFailed(path: compilation.path, engine: name, reason: "it only states what a network is")
  }
}
