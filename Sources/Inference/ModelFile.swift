import Foundation

/// A first look at a model file, so that what is not a model is said to be none before OpenVINO sees it.
///
/// An ONNX file is one protobuf message (ModelProto). Its top level is a chain of fields, each with its length; the
/// chain must end where the file ends and hold a graph (field 7).
enum ModelFile {
  private static let graphField: UInt64 = 7
  /// ModelProto has no field beyond 26; some room is left for what is to come.
  private static let largestField: UInt64 = 64

  /// - Throws: `fileMissing`, `notAFile`, `fileUnreadable`, `fileEmpty`, `notONNX`, `fileTruncated`.
  static func check(_ path: String) throws(InferenceError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .fileMissing(path: path)
    }
    if isDirectory.boolValue {
      if FileManager.default.fileExists(atPath: path + "/saved_model.pb") {
        throw .notONNX(path: path, looksLike: "a TensorFlow SavedModel folder")
      }
      throw .notAFile(path: path)
    }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
      throw .fileUnreadable(path: path)
    }
    if data.isEmpty { throw .fileEmpty(path: path) }
    if let kind = knownKind(data.prefix(64)) { throw .notONNX(path: path, looksLike: kind) }
    try checkFields(data, path: path)
  }

  private static func knownKind(_ head: Data) -> String? {
    let bytes = [UInt8](head)
    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.count >= offset + text.utf8.count && Array(bytes[offset..<offset + text.utf8.count]) == Array(text.utf8)
    }
    if has("PK") { return "a ZIP archive, as torch writes" }
    if bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) { return "an HDF5 file, as Keras writes" }
    if has("TFL3", at: 4) { return "a TensorFlow Lite model" }
    if has("<?xml") || has("<net") { return "an XML file, as OpenVINO writes" }
    if bytes.starts(with: [0x80, 0x02]) || bytes.starts(with: [0x80, 0x04]) { return "a Python pickle" }
    if has("version https://git-lfs") { return "a Git LFS pointer whose content was not fetched" }
    return nil
  }

  private static func checkFields(_ data: Data, path: String) throws(InferenceError) {
    var offset = 0
    var sawGraph = false
    while offset < data.count {
      guard let key = varint(data, &offset), (1...largestField).contains(key >> 3) else {
        throw .notONNX(path: path, looksLike: nil)
      }
      switch key & 7 {
      case 0:
        guard varint(data, &offset) != nil else { throw .notONNX(path: path, looksLike: nil) }
      case 2:
        guard let length = varint(data, &offset), length < 1 << 40 else {
          throw .notONNX(path: path, looksLike: nil)
        }
        offset += Int(length)
        if offset > data.count {
          // Only the graph is long: with another field in its place this was no model.
          guard key >> 3 == graphField, sawONNXStart(data) else { throw .notONNX(path: path, looksLike: nil) }
          throw .fileTruncated(path: path, expected: offset, actual: data.count)
        }
        if key >> 3 == graphField { sawGraph = true }
      default: throw .notONNX(path: path, looksLike: nil)
      }
    }
    if !sawGraph { throw .notONNX(path: path, looksLike: nil) }
  }

  /// Every exporter writes `ir_version` (field 1, a small number) first.
  private static func sawONNXStart(_ data: Data) -> Bool {
    data.count > 2 && data[data.startIndex] == 8 && data[data.startIndex + 1] < 64
  }

  private static func varint(_ data: Data, _ offset: inout Int) -> UInt64? {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard offset < data.count else { return nil }
      let byte = data[data.startIndex + offset]
      offset += 1
      result |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return result }
    }
    return nil
  }
}
