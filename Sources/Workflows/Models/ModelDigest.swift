import FeatureData
import FeatureStore
import Foundation
import Inference

/// What a network is, as one digest: its file, and the files beside it that hold weights, or all files of its folder.
enum ModelDigest {
  /// Of a network of torch, of what it was converted from: converted again it is the same.
  static func digest(of model: StudyModel, store: FeatureStore) throws -> String {
    try model.conversion?.record.digest ?? digest(of: model.model.path, store: store)
  }

  static func digest(of path: String, store: FeatureStore) throws -> String {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      return try digest(ofFolder: path, store: store)
    }
    let own = try store.tileDigest(of: path)
    let files = ModelFile.companions(of: path)
    guard !files.isEmpty else { return own }
    let others = try files.map { try store.tileDigest(of: $0) }
    return ContentDigest.ofText(([own] + others).joined(separator: "\n"))
  }

  /// Of every file, by its name within the folder.
  private static func digest(ofFolder folder: String, store: FeatureStore) throws -> String {
    // The description of the training and what the system puts there are no part of the network.
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().filter { name in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder) else { return false }
      let last = (name as NSString).lastPathComponent
      return !isFolder.boolValue && !last.hasPrefix(".") && last != "params.json"
    }
    let lines = try names.map { "\($0)\t\(try store.tileDigest(of: folder + "/" + $0))" }
    return ContentDigest.ofText(lines.joined(separator: "\n"))
  }
}
