import FeatureData
import FeatureStore
import Foundation

/// What a network is, as one digest: its file, and the files beside it that hold weights, or all files of its folder.
enum ModelDigest {
  /// An ONNX tensor that keeps its data elsewhere names the file in an entry with the key "location"
  /// (TensorProto.external_data): field 1 of 8 bytes, then field 2.
  private static let locationKey = Data([0x0A, 0x08] + Array("location".utf8) + [0x12])

  static func digest(of path: String, store: FeatureStore) throws -> String {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      return try digest(ofFolder: path, store: store)
    }
    let own = try store.tileDigest(of: path)
    if (path as NSString).pathExtension.lowercased() == "xml" {
      let weights = (path as NSString).deletingPathExtension + ".bin"
      guard FileManager.default.fileExists(atPath: weights) else { return own }
      return ContentDigest.ofText(own + "\n" + (try store.tileDigest(of: weights)))
    }
    let folder = (path as NSString).deletingLastPathComponent
    // Other entries of a model may have such a key too; only a file counts.
    let files = try externalFiles(of: path).map { (folder as NSString).appendingPathComponent($0) }.sorted()
      .filter { FileManager.default.fileExists(atPath: $0) }
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

  private static func externalFiles(of path: String) throws -> Set<String> {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    var names: Set<String> = []
    var start = data.startIndex
    while let found = data.firstRange(ofBytes: locationKey, from: start) {
      start = found.upperBound
      guard start < data.endIndex else { break }
      // A name of 128 bytes or more has a length of two bytes.
      var length = Int(data[start])
      var name = start + 1
      if length >= 128, name < data.endIndex {
        length = length - 128 + Int(data[name]) << 7
        name += 1
      }
      guard name + length <= data.endIndex else { continue }
      names.insert(String(decoding: data[name..<name + length], as: UTF8.self))
    }
    return names
  }
}
