import Foundation
import Inference

/// A program that computes networks, and how it is started.
package struct WorkerProgram: Sendable, Hashable {
  /// The name of its engine, such as "torch".
  package let engine: String
  /// An absolute path.
  package let executable: String
  package let arguments: [String]
  /// Variables besides those of this process.
  package let environment: [String: String]
  /// What an interpreter reads as /proc/self/fd/5; nil for a program that is a file.
  package let source: [UInt8]?

  package init(
    engine: String, executable: String, arguments: [String] = [], environment: [String: String] = [:],
    source: [UInt8]? = nil
  ) {
    self.engine = engine
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.source = source
  }

  /// Programs of this name and an engine's are engines, as `git` finds its subcommands.
  static let prefix = "tessera-engine-"

  /// The program on the PATH that serves an engine; nil if there is none.
  package static func onPath(_ engine: String, folders: [String] = Self.folders) -> WorkerProgram? {
    guard EngineChoice.isName(engine) else { return nil }
    return folders.map { "\($0)/\(prefix)\(engine)" }.first(where: isProgram).map {
      WorkerProgram(engine: engine, executable: $0)
    }
  }

  /// The engines that programs on the PATH serve.
  package static func enginesOnPath(folders: [String] = Self.folders) -> [String] {
    let names = folders.flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
        $0.hasPrefix(prefix) && EngineChoice.isName(String($0.dropFirst(prefix.count)))
          && isProgram("\(folder)/\($0)")
      }
    }
    return Set(names.map { String($0.dropFirst(prefix.count)) }).sorted()
  }

  /// Those of the PATH; a relative one would mean another program in each working folder.
  package static var folders: [String] {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
      .filter { $0.hasPrefix("/") }
  }

  private static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
      && FileManager.default.isExecutableFile(atPath: path)
  }
}
