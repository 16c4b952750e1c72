import FeatureData
import Files
import Foundation

/// Where a path that a user wrote leads: from the working folder, else from the project's folder.
package enum PathResolution {
  static func existing(_ path: String, in folders: [String]) -> String {
    let manager = FileManager.default
    if path.hasPrefix("/") || manager.fileExists(atPath: path) { return path }
    let found = folders.map { $0 + "/" + path }.first { manager.fileExists(atPath: $0) }
    return found.map { URL(fileURLWithPath: $0).standardizedFileURL.path } ?? path
  }

  /// The same path from the root on, links as they are.
  static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// The one path of a file or a folder, absolute and without links, also where nothing is there yet.
  package static func unique(_ path: String) -> String {
    var there = URL(fileURLWithPath: path).standardizedFileURL
    var missing: [String] = []
    while !FileManager.default.fileExists(atPath: there.path), there.pathComponents.count > 1 {
      missing.insert(there.lastPathComponent, at: 0)
      there.deleteLastPathComponent()
    }
    return ([there.resolvingSymlinksInPath().path] + missing).joined(separator: "/")
  }

  /// Makes the folder in which a file is to be written.
  static func makeFolder(ofFile path: String) throws(WorkflowFailure) {
    try makeFolder((path as NSString).deletingLastPathComponent)
  }

  static func makeFolder(_ folder: String) throws(WorkflowFailure) {
    guard !folder.isEmpty else { return }
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw WorkflowFailure("The folder \(folder) cannot be made: \(error.reason).")
    }
  }

  /// Writes a file that is made piece by piece and gets its name when it is whole.
  ///
  /// - Returns: its bytes.
  static func write(to path: String, pieces: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws -> Int {
    try makeFolder(ofFile: path)
    var file = try unfinished(path)
    var byteCount = 0
    try pieces { bytes in
      do throws(FileFault) { try file.append(bytes) } catch { throw failure(path, error) }
      byteCount += bytes.count
    }
    do throws(FileFault) { try file.finish() } catch { throw failure(path, error) }
    return byteCount
  }

  static func write(_ bytes: [UInt8], to path: String) throws(WorkflowFailure) {
    try makeFolder(ofFile: path)
    do throws(FileFault) { try WholeFile.write(bytes, to: path) } catch { throw failure(path, error) }
  }

  private static func unfinished(_ path: String) throws(WorkflowFailure) -> UnfinishedFile {
    do throws(FileFault) { return try UnfinishedFile(path: path) } catch { throw failure(path, error) }
  }

  private static func failure(_ path: String, _ fault: FileFault) -> WorkflowFailure {
    WorkflowFailure("\(path) cannot be written: \(fault.description).")
  }
}
