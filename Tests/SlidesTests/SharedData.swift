import Foundation

/// The data folder that the machine may offer beside the package.
enum SharedData {
  static let folder: String? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder =
      ProcessInfo.processInfo.environment["TESSERA_SHARED"]
      ?? package.deletingLastPathComponent().appending(path: "shared").path
    return FileManager.default.fileExists(atPath: folder + "/data") ? folder + "/data" : nil
  }()

  static let isPresent = folder != nil

  /// The golden project's TFRecords, by name.
  static var goldenRecords: [String] {
    guard let folder else { return [] }
    let tiles = folder + "/slideflow-golden/project/tfrecords/224px_112um/"
    return (0..<10).map { tiles + "SYN-0\($0).tfrecords" }
  }
}

/// A folder of its own for one test, removed with the value.
final class ScratchFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], as name: String) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  func read(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: path + "/" + name))) }
}
