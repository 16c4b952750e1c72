import FeatureData
import Files
import Foundation

/// The kinds of model files that are read.
package enum ModelFormat: String, Sendable, CaseIterable {
  case onnx = "ONNX"
  /// A folder.
  case savedModel = "TensorFlow SavedModel"
  case tensorFlowLite = "TensorFlow Lite"
  /// An .xml with the weights in a .bin beside it.
  case openVINO = "OpenVINO IR"

  /// By these endings engines tell the kinds apart; a SavedModel is a folder.
  var fileExtension: String? {
    switch self {
    case .onnx: "onnx"
    case .tensorFlowLite: "tflite"
    case .openVINO: "xml"
    case .savedModel: nil
    }
  }

  package static let fileExtensions = allCases.compactMap(\.fileExtension)
  /// By this file a folder is known to be a SavedModel.
  package static let savedModelFile = "saved_model.pb"
  /// Endings of what is not read, and of which `ModelFile` says how to export it.
  package static let foreignExtensions = [
    "h5", "hdf5", "keras", "zip", "pt", "pth", "ckpt", "safetensors", "bin", "pb", "pkl",
  ]
}

/// A first look at a model file, so that what is not a model is said to be none before an engine sees it.
package enum ModelFile {
  /// What kind of model a file or folder is.
  ///
  /// - Throws: `fileMissing`, `notAFile`, `fileUnreadable`, `fileEmpty`, `notAModel`, `fileTruncated`,
  ///   `companionMissing`, `wrongExtension`.
  @discardableResult package static func check(_ path: String) throws(InferenceError) -> ModelFormat {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .fileMissing(path: path)
    }
    if isDirectory.boolValue {
      try SavedModelFolder.check(path)
      return .savedModel
    }
    let data = try content(path)
    let format = try format(data, path: path)
    switch format {
    case .onnx: try ONNXFile.check(data, path: path)
    case .tensorFlowLite: try TensorFlowLiteFile.check(data, path: path)
    case .openVINO: try OpenVINOFile.check(data, path: path)
    case .savedModel: break
    }
    if let wanted = format.fileExtension, format != .onnx, (path as NSString).pathExtension.lowercased() != wanted {
      throw .wrongExtension(path: path, kind: format.rawValue, wanted: wanted)
    }
    return format
  }

  /// - Throws: `fileUnreadable`, `fileEmpty`; `notAModel` for a Git LFS pointer.
  static func content(_ path: String) throws(InferenceError) -> Data {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
      throw .fileUnreadable(path: path)
    }
    if data.isEmpty { throw .fileEmpty(path: path) }
    if data.starts(with: Data("version https://git-lfs".utf8)) {
      throw .notAModel(path: path, looksLike: .gitPointer)
    }
    return data
  }

  /// The files beside a model that hold weights and are there, by their paths.
  package static func companions(of path: String) -> [String] {
    let names: [String]
    switch (path as NSString).pathExtension.lowercased() {
    case "xml": names = [((path as NSString).deletingPathExtension as NSString).lastPathComponent + ".bin"]
    case "tflite": names = []
    default: names = ONNXFile.companions(of: path).map(\.name)
    }
    let folder = (path as NSString).deletingLastPathComponent
    return names.map { (folder as NSString).appendingPathComponent($0) }.sorted()
      .filter(FileManager.default.fileExists)
  }

  /// Whether other models lie in a model's folder.
  static func hasSiblings(_ path: String) -> Bool {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.contains { name in
      let ending = (name as NSString).pathExtension.lowercased()
      return name != url.lastPathComponent
        && (ModelFormat.fileExtensions.contains(ending) || ["zip", "pt", "pth"].contains(ending)
          || FileManager.default.fileExists(
            atPath: folder.appendingPathComponent(name + "/" + ModelFormat.savedModelFile).path))
    }
  }

  private static func format(_ data: Data, path: String) throws(InferenceError) -> ModelFormat {
    let bytes = [UInt8](data.prefix(4096))
    func has(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
    if has("TFL3", at: 4) { return .tensorFlowLite }
    if has("<?xml") || has("<net") {
      guard data.prefix(4096).range(of: Data("<net".utf8)) != nil else {
        throw .notAModel(path: path, looksLike: .xml)
      }
      return .openVINO
    }
    if let kind = foreignKind(bytes, has: { has($0) }, path: path) { throw .notAModel(path: path, looksLike: kind) }
    return .onnx
  }

  private static func foreignKind(_ bytes: [UInt8], has: (String) -> Bool, path: String) -> ForeignModel? {
    if has("PK") {
      // The first entry of an archive has its name at byte 30.
      let names = String(decoding: bytes.dropFirst(30).prefix(200), as: UTF8.self)
      let isKeras = ["metadata.json", "config.json", "model.weights.h5"].contains { names.hasPrefix($0) }
      return isKeras ? .keras : .torch
    }
    if bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) { return .kerasHDF5 }
    if bytes.starts(with: [0x80, 0x02]) || bytes.starts(with: [0x80, 0x04]) { return .pickle }
    let head = String(decoding: bytes.prefix(512), as: UTF8.self).lowercased()
    if head.contains("<!doctype html") || head.contains("<html") { return .webPage }
    // The length of a text in JSON, then this text.
    if bytes.count > 9, bytes[8] == UInt8(ascii: "{"), bytes[4..<8].allSatisfy({ $0 == 0 }) { return .safetensors }
    if (path as NSString).lastPathComponent == ModelFormat.savedModelFile { return .savedModelPart }
    return nil
  }
}

/// A folder with the graph in saved_model.pb and the weights below variables/.
private enum SavedModelFolder {
  static func check(_ path: String) throws(InferenceError) {
    let graph = path + "/" + ModelFormat.savedModelFile
    guard FileManager.default.fileExists(atPath: graph) else { throw .notAFile(path: path) }
    let data = try ModelFile.content(graph)
    let fault = data.withUnsafeBytes { bytes -> InferenceError? in
      var reader = ProtobufReader(bytes)
      do throws(ProtobufReader.Fault) { while try reader.nextField() != nil {} } catch {
        guard case .cutOff(_, _, let end) = error else { return .notAModel(path: graph, looksLike: nil) }
        return .fileTruncated(path: graph, expected: end, actual: data.count)
      }
      return nil
    }
    if let fault { throw fault }
    let variables = path + "/variables"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: variables)) ?? []
    let parts = names.filter { $0.hasPrefix("variables.data-") }
    // "variables.data-00000-of-00002": each of the parts tells how many there are.
    let count = parts.compactMap { $0.split(separator: "-").last.flatMap { Int($0) } }.max()
    if names.isEmpty ? needsVariables(data) : count == nil {
      throw .companionMissing(path: path, companion: "variables/variables.data-00000-of-00001")
    }
    if let count, parts.count < count {
      throw .companionMissing(
        path: path, companion: "\(count - parts.count) of the \(count) files variables/variables.data-…")
    }
    if !names.isEmpty, !names.contains("variables.index") {
      throw .companionMissing(path: path, companion: "variables/variables.index")
    }
    for name in parts + (names.isEmpty ? [] : ["variables.index"]) {
      _ = try ModelFile.content(variables + "/" + name)
    }
  }

  private static func needsVariables(_ graph: Data) -> Bool {
    graph.firstRange(ofBytes: Data("VarHandleOp".utf8)) != nil
  }
}

/// A flatbuffer: tables that point to one another by offsets of four bytes, all of which must lie within the file.
private enum TensorFlowLiteFile {
  static func check(_ data: Data, path: String) throws(InferenceError) {
    let file = Flatbuffer(data: data)
    // Model: field 4 is the list of buffers; in each, field 0 is its bytes.
    guard let root = file.pointer(at: 0), let list = file.field(4, of: root).flatMap(file.pointer),
      let count = file.integer(at: list), count <= data.count / 4
    else { throw .fileTruncated(path: path, expected: data.count + 1, actual: data.count) }
    var end = 0
    for index in 0..<count {
      guard let table = file.pointer(at: list + 4 + 4 * index) else {
        throw .fileTruncated(path: path, expected: max(end, list + 4 + 4 * count), actual: data.count)
      }
      guard let bytes = file.field(0, of: table) else { continue }
      guard let start = file.pointer(at: bytes, mayEndBeyond: true) else { continue }
      end = max(end, start + 4 + (file.integer(at: start) ?? 0))
    }
    if end > data.count { throw .fileTruncated(path: path, expected: end, actual: data.count) }
  }
}

private struct Flatbuffer {
  let data: Data

  func integer(at offset: Int) -> Int? {
    guard offset >= 0, offset + 4 <= data.count else { return nil }
    let start = data.startIndex + offset
    return (0..<4).reduce(0) { $0 | Int(data[start + $1]) << (8 * $1) }
  }

  private func short(at offset: Int) -> Int? {
    guard offset >= 0, offset + 2 <= data.count else { return nil }
    return Int(data[data.startIndex + offset]) | Int(data[data.startIndex + offset + 1]) << 8
  }

  /// Where the offset at this place leads.
  func pointer(at offset: Int, mayEndBeyond: Bool = false) -> Int? {
    guard let step = integer(at: offset) else { return nil }
    return mayEndBeyond || offset + step + 4 <= data.count ? offset + step : nil
  }

  func pointer(_ offset: Int) -> Int? { pointer(at: offset) }

  /// The place of a table's field; nil if the table has none.
  func field(_ number: Int, of table: Int) -> Int? {
    guard let back = integer(at: table).map({ Int(Int32(truncatingIfNeeded: $0)) }), let size = short(at: table - back),
      4 + 2 * number < size, let step = short(at: table - back + 4 + 2 * number), step > 0
    else { return nil }
    return table + step
  }
}

/// OpenVINO's own form: a text that says where in the .bin each weight lies.
private enum OpenVINOFile {
  static func check(_ data: Data, path: String) throws(InferenceError) {
    // `</net>` is the last thing in the file.
    guard data.suffix(64).range(of: Data("</net>".utf8)) != nil else {
      throw .fileTruncated(path: path, expected: data.count + 1, actual: data.count)
    }
    let end = weightsEnd(data)
    guard end > 0 else { return }
    let name = ((path as NSString).deletingPathExtension as NSString).lastPathComponent + ".bin"
    try ModelCompanion(name: name, byteCount: end).check(of: path)
  }

  /// The largest `offset` + `size` of all `<data element_type="f32" shape="64, 3" offset="0" size="768"/>`.
  private static func weightsEnd(_ data: Data) -> Int {
    var end = 0
    var start = data.startIndex
    while let tag = data.firstRange(ofBytes: Data("<data ".utf8), from: start) {
      let close = data[tag.upperBound...].firstIndex(of: UInt8(ascii: ">")) ?? data.endIndex
      let text = data[tag.upperBound..<close]
      if let offset = number("offset", text), let size = number("size", text) {
        let sum = offset.addingReportingOverflow(size)
        if !sum.overflow { end = max(end, sum.partialValue) }
      }
      start = close
    }
    return end
  }

  private static func number(_ name: String, _ text: Data) -> Int? {
    guard let found = text.range(of: Data(" \(name)=\"".utf8)) else { return nil }
    let digits = text[found.upperBound...].prefix { (48...57).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
