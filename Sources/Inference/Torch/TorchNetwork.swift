import Foundation

/// A network that a program in Python makes in torch: of which files, and how. It is converted before it is read here.
package struct TorchNetwork: Sendable, Hashable {
  /// As a person names it: a folder, a file of weights, or `timm:NAME`.
  package let path: String
  /// The files that hold its weights.
  package let weights: [String]
  /// What it is for the program in Python (networks.py), as JSON with sorted keys.
  package let recipe: String
  /// The same without paths: with the digests of the weights it tells one network from another.
  package let identity: String
  /// What is known of the encoder that it is; nil for all others.
  package let encoder: KnownEncoder?
  /// What was taken for granted, a sentence each.
  package let remarks: [String]

  init(
    path: String, weights: [String], _ fields: [String: Any], main: String, encoder: KnownEncoder? = nil,
    remarks: [String] = []
  ) {
    self.path = path
    self.weights = weights
    self.encoder = encoder
    self.remarks = remarks
    identity = Self.json(fields)
    var whole = fields
    whole["weights"] = URL(fileURLWithPath: main).standardizedFileURL.path
    if fields["kind"] as? String == "transformers" {
      whole["folder"] = URL(fileURLWithPath: path).standardizedFileURL.path
    }
    recipe = Self.json(whole)
  }

  private static func json(_ fields: [String: Any]) -> String {
    let data = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  /// The network that a path names; nil for what is a model file of its own, or nothing.
  ///
  /// - Parameter weights: a file of weights for a network that is only named.
  /// - Throws: `torchNetworkRefused` for networks that are known and not read; what is wrong with a params.json.
  package static func find(_ path: String, weights: String? = nil) throws(InferenceError) -> TorchNetwork? {
    if let name = named(path) { return try hub(name, path: path, weights: weights) }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    if let weights {
      throw .torchNetworkRefused(
        path: path, reason: "it is a file or a folder of its own, and weights=\(weights) was given too",
        remedy: "Leave weights out; it is for networks that are only named, as timm:vit_small_patch16_224.")
    }
    guard isFolder.boolValue else {
      return (path as NSString).pathExtension.lowercased() == "zip" ? try slideflow(zip: path) : nil
    }
    if exists(path, ModelFormat.savedModelFile) { return nil }
    if exists(path, "params.json") { return try slideflow(folder: path) }
    if exists(path, bagModelFile) {
      throw .torchNetworkRefused(
        path: path,
        reason: "it is a multiple-instance (MIL) model of slideflow, which takes bags of features and no tiles",
        remedy: "Give the model that the features of its bags come from.")
    }
    return exists(path, "config.json") ? try hub(folder: path) : nil
  }

  /// The name behind `timm:` or `hf:`.
  package static func named(_ path: String) -> String? {
    schemes.first { path.hasPrefix($0) }.map { String(path.dropFirst($0.count)) }
  }

  /// What stands before the name of a network that is no path.
  package static let schemes = ["timm:", "hf:"]

  /// A file by which a folder is known to hold a network.
  package static let folderFiles = ["params.json", "config.json"]
  /// One by which it is known to hold something else, of which is said what it is.
  package static let bagModelFile = "mil_params.json"

  /// The SavedModel inside a folder that slideflow made with TensorFlow; the path itself where there is none.
  ///
  /// - Throws: `torchNetworkRefused` where there are several.
  package static func withSavedModel(_ path: String) throws(InferenceError) -> String {
    guard exists(path, "params.json"), !exists(path, ModelFormat.savedModelFile) else { return path }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let found = names.sorted(by: inOrder).filter { exists(path, $0 + "/" + ModelFormat.savedModelFile) }
    if found.count > 1 { throw several(path, found) }
    return found.first.map { path + "/" + $0 } ?? path
  }

  static func exists(_ folder: String, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + name)
  }

  static func inOrder(_ a: String, _ b: String) -> Bool { a.compare(b, options: .numeric) == .orderedAscending }

  static func several(_ folder: String, _ names: [String]) -> InferenceError {
    .torchNetworkRefused(
      path: folder, reason: "it holds \(names.count) trained models, \(names.joined(separator: ", "))",
      remedy: names.last.map { "\(folder)/\($0)" })
  }
}
