import CInferenceEngine
import Foundation
import Inference

/// Reads the graph of a model of any kind.
struct GraphReading {
  let library: OpenVINOLibrary
  let path: String
  /// Of which the graph has the shapes; nil for those of the file.
  var input: ModelInput?

  private var functions: tessera_engine { library.functions }

  /// - Throws: `modelRefused`.
  func graph() throws(InferenceError) -> Graph {
    var handle: OpaquePointer?
    let side = Int64(input?.sidePixels ?? 0)
    let isChannelsLast: Int32 = input?.channelOrder == .channelsLast ? 1 : 0
    if let reason = CallMessage.failure(of: { functions.graph_read(path, side, isChannelsLast, &handle, $0) }) {
      throw refused(reason)
    }
    guard let handle else { throw refused("it gives no graph") }
    defer { functions.graph_free(handle) }
    return Graph(nodes: Dequantization.marked((0..<functions.graph_node_count(handle)).map { node(handle, $0) }))
  }

  private func refused(_ reason: String) -> InferenceError {
    func refused(_ reason: String, _ remedy: String?) -> InferenceError {
      .modelRefused(path: path, engine: OpenVINOEngine().name, reason: reason, remedy: remedy)
    }
    if let list = reason.range(of: "No conversion rule found for operations: ") {
      let operations = reason[list.upperBound...].prefix { $0 != ";" }
      return refused(
        "it has operations that are not known there, \(operations)",
        operations.contains("com.microsoft.Q")
          ? "Quantise it in the QDQ format: quantize_static(…, quant_format=QuantFormat.QDQ)." : nil)
    }
    // Keras's own TensorFlow exports have variables that OpenVINO's reader of SavedModels does not find.
    return refused(
      reason,
      reason.contains("Cannot find requested variable")
        ? "Export the model from Keras with model.export(FOLDER), and give that folder." : nil)
  }

  private func node(_ graph: OpaquePointer, _ index: Int) -> Graph.Node {
    let inputs = (0..<functions.graph_node_input_count(graph, index)).map { input in
      var source = 0
      var port = 0
      functions.graph_node_input(graph, index, input, &source, &port)
      return Graph.Edge(node: source, port: port)
    }
    let outputs = (0..<functions.graph_node_output_count(graph, index)).map { port(graph, index, $0) }
    let type = String(cString: functions.graph_node_type(graph, index))
    let name = String(cString: functions.graph_node_name(graph, index))
    return Graph.Node(
      Graph.Operation(openVINO: type), typeName: type, name: name, hasMadeUpName: Self.isMadeUp(name), inputs: inputs,
      outputs: outputs, values: values(graph, index))
  }

  private func values(_ graph: OpaquePointer, _ node: Int) -> [Double] {
    var count = 0
    let start = functions.graph_node_values(graph, node, &count)
    return Array(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  /// Whether a name is a type and a running number, as "Transpose_5842". The number counts all nodes of the process.
  static func isMadeUp(_ name: String) -> Bool {
    guard let line = name.lastIndex(of: "_") else { return false }
    let number = name[name.index(after: line)...]
    return !number.isEmpty && number.allSatisfy(\.isNumber) && name[..<line].allSatisfy { $0.isLetter || $0 == "_" }
      && name.first?.isUppercase == true
  }

  private func port(_ graph: OpaquePointer, _ node: Int, _ port: Int) -> Graph.Port {
    let names = String(cString: functions.graph_output_names(graph, node, port)).split(separator: "\n")
    let rank = Int(functions.graph_output_rank(graph, node, port))
    let shape: [Int?]? =
      rank < 0
      ? nil
      : (0..<rank).map { axis in
        let size = functions.graph_output_dimension(graph, node, port, axis)
        return size < 0 ? nil : Int(size)
      }
    return Graph.Port(
      names: names.map(String.init).sorted(), type: String(cString: functions.graph_output_type(graph, node, port)),
      shape: shape)
  }
}
