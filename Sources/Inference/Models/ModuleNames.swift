import FeatureData
import Files
import Foundation

/// The modules of torch whose outputs are tensors of an ONNX file that was converted here, as convert.py notes them in its
/// metadata: `{"tensors": ["layer4.1", …], "others": {"layer4": "layer4.1", …}}`, tensors by their modules' dotted
/// names, and further modules that give the same tensor.
struct ModuleNames: Sendable, Equatable {
  let tensors: Set<String>
  /// By tensor, sorted.
  let others: [String: [String]]

  private static let key = "tessera.modules"

  /// What stands before the name of an output that tells how far a head spreads over passes with dropout.
  static let uncertaintyPrefix = "uncertainty:"

  /// nil for every other file.
  static func read(_ path: String) -> ModuleNames? {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe),
      data.firstRange(ofBytes: Data(key.utf8)) != nil
    else { return nil }
    var text: String?
    // ModelProto: metadata_props = 14; StringStringEntryProto: key = 1, value = 2.
    data.withUnsafeBytes { model in
      ProtobufMessage(model).forEach([14]) { entry in
        if entry.text(1) == key { text = entry.text(2) }
      }
    }
    struct Note: Decodable {
      let tensors: [String]
      let others: [String: String]
    }
    guard let note = text.flatMap({ try? JSONDecoder().decode(Note.self, from: Data($0.utf8)) }) else { return nil }
    return ModuleNames(note.tensors, note.others)
  }

  init(_ tensors: [String], _ others: [String: String]) {
    self.tensors = Set(tensors)
    self.others = Dictionary(grouping: others.keys.sorted()) { others[$0] ?? "" }
  }

  /// Further names of a tensor: modules that give it too, and each name without the wrapper around a backbone.
  func aliases(of name: String) -> [String] {
    let names = [name] + (others[name] ?? [])
    return names.dropFirst()
      + names.filter { $0.hasPrefix(Self.wrapper) }.map { String($0.dropFirst(Self.wrapper.count)) }
  }

  private static let wrapper = "model."

  /// The steps of a module's name.
  func path(of name: String) -> [String]? {
    let names = ([name] + (others[name] ?? [])).filter { $0.contains(".") }
    return names.max { $0.count < $1.count }?.split(separator: ".").map(String.init)
  }
}
