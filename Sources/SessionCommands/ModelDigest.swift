import FeatureStore
import Foundation

/// What a network is, as one digest: its file, and the files beside it that hold weights.
enum ModelDigest {
  /// An ONNX tensor that keeps its data elsewhere names the file in an entry with the key "location"
  /// (TensorProto.external_data): field 1 of 8 bytes, then field 2.
  private static let locationKey = Data([0x0A, 0x08] + Array("location".utf8) + [0x12])

  static func digest(of path: String, store: FeatureStore) throws -> String {
    let own = try store.tileDigest(of: path)
    let folder = (path as NSString).deletingLastPathComponent
    // Other entries of a model may have such a key too; only a file counts.
    let files = try externalFiles(of: path).map { (folder as NSString).appendingPathComponent($0) }.sorted()
      .filter { FileManager.default.fileExists(atPath: $0) }
    guard !files.isEmpty else { return own }
    let others = try files.map { try store.tileDigest(of: $0) }
    return ContentDigest.ofText(([own] + others).joined(separator: "\n"))
  }

  private static func externalFiles(of path: String) throws -> Set<String> {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    var names: Set<String> = []
    var start = data.startIndex
    while let found = data.range(of: locationKey, in: start..<data.endIndex) {
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
