import Files
import Foundation

/// An ONNX file is one protobuf message (ModelProto). Its top level is a chain of fields, each with its length; the
/// chain must end where the file ends and hold a graph (field 7).
enum ONNXFile {
  private static let graphField: UInt64 = 7
  /// ModelProto has no field beyond 26; some room is left for what is to come.
  private static let largestField: UInt64 = 64

  static func check(_ data: Data, path: String) throws(InferenceError) {
    let fault = data.withUnsafeBytes { bytes -> InferenceError? in
      var reader = ProtobufReader(bytes)
      var sawGraph = false
      do throws(ProtobufReader.Fault) {
        while let field = try reader.nextField() {
          guard field.number <= largestField else { return .notAModel(path: path, looksLike: nil) }
          if field.number == graphField { sawGraph = true }
        }
      } catch {
        // Only the graph is long: with another field in its place, and no graph before it, this was no model.
        guard case .cutOff(_, let field, let end) = error, field == graphField || sawGraph, sawStart(data) else {
          return .notAModel(path: path, looksLike: nil)
        }
        return .fileTruncated(path: path, expected: end, actual: data.count)
      }
      return sawGraph ? nil : .notAModel(path: path, looksLike: nil)
    }
    if let fault { throw fault }
    for companion in companions(in: data) { try companion.check(of: path) }
  }

  /// Every exporter writes `ir_version` (field 1, a small number) first.
  private static func sawStart(_ data: Data) -> Bool {
    data.count > 2 && data[data.startIndex] == 8 && data[data.startIndex + 1] < 64
  }

  // MARK: Weights in other files

  /// The files that a model's tensors keep their data in, by name.
  static func companions(of path: String) -> [ModelCompanion] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else { return [] }
    return companions(in: data)
  }

  private static func companions(in data: Data) -> [ModelCompanion] {
    var ends: [String: Int] = [:]
    data.withUnsafeBytes { bytes in
      let model = ProtobufMessage(bytes)
      // ModelProto: graph = 7, functions = 25; TrainingInfoProto (20): initialization = 1, algorithm = 2.
      for path: [UInt64] in [[7], [20, 1], [20, 2]] { model.forEach(path) { readGraph($0, &ends, depth: 0) } }
      // FunctionProto: node = 7.
      model.forEach([25, 7]) { readNode($0, &ends, depth: 0) }
    }
    return ends.sorted { $0.key < $1.key }.map { ModelCompanion(name: $0, byteCount: $1) }
  }

  /// Branches and loops hold graphs; no exporter nests them deeper.
  private static let deepestGraph = 32

  private static func readGraph(_ graph: ProtobufMessage, _ ends: inout [String: Int], depth: Int) {
    guard depth < deepestGraph else { return }
    // GraphProto: node = 1, initializer = 5, sparse_initializer = 15 (values = 1, indices = 2).
    for path: [UInt64] in [[5], [15, 1], [15, 2]] { graph.forEach(path) { readTensor($0, &ends) } }
    graph.forEach([1]) { readNode($0, &ends, depth: depth) }
  }

  private static func readNode(_ node: ProtobufMessage, _ ends: inout [String: Int], depth: Int) {
    // NodeProto: attribute = 5; AttributeProto: t = 5, tensors = 10, sparse_tensor = 22, sparse_tensors = 23, g = 6,
    // graphs = 11.
    node.forEach([5]) { attribute in
      for path: [UInt64] in [[5], [10], [22, 1], [22, 2], [23, 1], [23, 2]] {
        attribute.forEach(path) { readTensor($0, &ends) }
      }
      for path: [UInt64] in [[6], [11]] { attribute.forEach(path) { readGraph($0, &ends, depth: depth + 1) } }
    }
  }

  /// Notes the file of a tensor, and where in it the tensor ends.
  private static func readTensor(_ tensor: ProtobufMessage, _ ends: inout [String: Int]) {
    // TensorProto: dims = 1, data_type = 2, external_data = 13, data_location = 14 (1 is external).
    guard tensor.numbers(14).last == 1 else { return }
    var entries: [String: String] = [:]
    // StringStringEntryProto: key = 1, value = 2.
    tensor.forEach([13]) { entry in if let key = entry.text(1) { entries[key] = entry.text(2) } }
    guard let name = entries["location"] else { return }
    let count = tensor.numbers(1).reduce(1.0) { $0 * Double($1) }
    let byteCount = count * (tensor.numbers(2).last.flatMap { elementBytes[$0] } ?? 0)
    let end = Double(entries["offset"] ?? "") ?? 0
    let length = entries["length"].flatMap(Double.init) ?? byteCount.rounded(.up)
    ends[name] = max(ends[name] ?? 0, Int(exactly: end + length) ?? 0)
  }

  /// TensorProto.DataType; the smallest are packed, two or four to a byte.
  private static let elementBytes: [UInt64: Double] = [
    1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 14: 8, 15: 16, 16: 2, 17: 1, 18: 1,
    19: 1, 20: 1, 21: 0.5, 22: 0.5, 23: 0.5, 24: 1, 25: 0.25, 26: 0.25,
  ]
}
