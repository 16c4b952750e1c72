import FeatureData
import Files
import Foundation

/// Where in the program each tensor of an ONNX file was made, as torch's dynamo exporter notes it.
///
/// That exporter calls a tensor "relu_16" and writes the modules around it beside the node, in the metadata
/// "pkg.torch.onnx.name_scopes": `['', 'layer4', 'layer4.1', 'layer4.1.relu', 'relu_16']`. A graph that an engine reads has none of these.
enum ModuleScopes {
  private static let key = Data("pkg.torch.onnx.name_scopes".utf8)
  /// No network has more nodes or a deeper nesting; a damaged file may say so.
  private static let largestNodeCount = 1_000_000
  private static let longestText = 1 << 16

  /// Module paths in steps, such as ["layer4", "1", "relu"], by tensor name. Empty for every other kind of file.
  static func read(_ path: String) -> [String: [String]] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe),
      // Reading it through costs less than a walk, and most files have none.
      data.firstRange(ofBytes: key) != nil
    else { return [:] }
    var scopes: [String: [String]] = [:]
    var count = 0
    // ModelProto: graph = 7; GraphProto: node = 1.
    data.withUnsafeBytes { model in
      ProtobufMessage(model).forEach([7, 1]) { node in
        count += 1
        guard count <= largestNodeCount, let path = modulePath(of: node) else { return }
        // NodeProto: output = 2.
        node.forEach(2) { scopes[String(decoding: $0, as: UTF8.self)] = path }
      }
    }
    return scopes
  }

  private static func modulePath(of node: ProtobufMessage) -> [String]? {
    var path: [String]?
    // NodeProto: metadata_props = 9; StringStringEntryProto: key = 1, value = 2.
    node.forEach([9]) { entry in
      var isScopes = false
      entry.forEach(1) { isScopes = $0.elementsEqual(key) }
      guard isScopes else { return }
      entry.forEach(2) { value in
        guard value.count <= longestText else { return }
        path = innermostModule(String(decoding: value, as: UTF8.self))
      }
    }
    return path
  }

  /// The last but one of the names in a Python list; the last is the node's own.
  static func innermostModule(_ list: String) -> [String]? {
    let names = list.split(separator: ",").map { part in
      part.trimmingCharacters(in: CharacterSet(charactersIn: " []'\""))
    }
    guard names.count > 1, let module = names.dropLast().last, !module.isEmpty else { return nil }
    return module.split(separator: ".").map(String.init)
  }
}
