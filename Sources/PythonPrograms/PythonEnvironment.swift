import ChildProcesses
import Foundation
import Synchronization

/// A Python with packages of its own, in which programs run beside this one. `kernelspec/torch` makes it.
package struct PythonEnvironment: Sendable, Equatable {
  package let interpreter: String

  /// Names the environment where it lies elsewhere: its folder, or its interpreter.
  package static let variable = "TESSERA_TORCH"
  /// What makes it.
  package static let remedy = "Run ./kernelspec/torch, which makes it; or name another by \(variable)=FOLDER."

  /// Where it was looked for in vain, as a clause behind "no Python is here"; empty where no variable says it.
  package static var absence: String {
    let named = ProcessInfo.processInfo.environment[variable] ?? ""
    return named.isEmpty ? "" : " (\(variable) is \(named), where there is none)"
  }

  /// The environment that the variable names, else the user's; nil where there is none.
  package static func found(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> PythonEnvironment? {
    if let named = environment[variable], !named.isEmpty { return PythonEnvironment(at: named) }
    let home = environment["HOME"] ?? NSHomeDirectory()
    let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/share"
    return PythonEnvironment(at: data + "/tessera/torch")
  }

  /// - Parameter path: of an environment's folder, or of an interpreter; nil where there is none.
  package init?(at path: String) {
    let found = [path + "/bin/python", path + "/bin/python3", path].first { candidate in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder) && !isFolder.boolValue
        && FileManager.default.isExecutableFile(atPath: candidate)
    }
    guard let found else { return nil }
    interpreter = found
  }

  /// The version of an installed package, such as "2.13.0+cpu" of "torch"; nil where it is not there.
  ///
  /// - Complexity: a look into a folder; where that does not tell, the interpreter is asked once, which takes 0.1 s.
  package func version(of package: String) -> String? {
    let key = interpreter + "\n" + package
    if let known = Self.versions.withLock({ $0[key] }) { return known }
    let version = versionInFolder(of: package) ?? versionAsked(of: package)
    if let version { Self.versions.withLock { $0[key] = version } }
    return version
  }

  private static let versions = Mutex<[String: String]>([:])

  private func versionInFolder(of package: String) -> String? {
    let library = URL(fileURLWithPath: interpreter).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("lib")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: library.path)) ?? []
    let prefix = package.replacing("-", with: "_") + "-"
    for name in names.sorted() where name.hasPrefix("python3") {
      let packages = library.appendingPathComponent(name + "/site-packages").path
      let found = ((try? FileManager.default.contentsOfDirectory(atPath: packages)) ?? []).first {
        $0.hasPrefix(prefix) && $0.hasSuffix(".dist-info")
      }
      if let found { return String(found.dropFirst(prefix.count).dropLast(".dist-info".count)) }
    }
    return nil
  }

  private func versionAsked(of package: String) -> String? {
    let text = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    guard let child = try? ChildProcess(interpreter, [interpreter, "-I", "-c", text, package]) else { return nil }
    let deadline = ContinuousClock.now + .seconds(20)
    while !child.hasEnded(within: 50), ContinuousClock.now < deadline {}
    guard child.end() == .exited(0) else { return nil }
    let version = String(decoding: child.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return version.isEmpty ? nil : version
  }
}
