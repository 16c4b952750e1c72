import Foundation

/// The `jupyter` that a shell starts, and the Python environment that it runs in.
struct JupyterProgram: Sendable, Equatable {
  /// The environment's interpreter, such as `/home/me/lab/bin/python`.
  let python: String
  /// The environment's folder, which is `sys.prefix` of that interpreter.
  let prefix: String

  /// Looks along PATH; nil where there is none, or one that does not tell its interpreter (a shim of pyenv).
  init?(environment: InstallationEnvironment) {
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    func program(_ names: [String]) -> String? {
      for name in names {
        for folder in folders where FileManager.default.isExecutableFile(atPath: folder + "/" + name) {
          return folder + "/" + name
        }
      }
      return nil
    }
    guard let script = program(["jupyter", "jupyter-lab", "jupyter-notebook"]) else { return nil }
    let named = Self.interpreter(named: Self.head(of: script)).flatMap { $0.hasPrefix("/") ? $0 : program([$0]) }
    guard let python = named ?? Self.interpreter(beside: script) else { return nil }
    self.python = python
    prefix = Self.folder(Self.folder(python))
  }

  /// Only a file of a program's own environment may tell where that is, not one of a folder of many programs' links.
  private static func interpreter(beside script: String) -> String? {
    let folder = folder(URL(fileURLWithPath: script).resolvingSymlinksInPath().path)
    let marks = ["/pyvenv.cfg", "/conda-meta"].map { Self.folder(folder) + $0 }
    guard marks.contains(where: FileManager.default.fileExists) else { return nil }
    return ["/python", "/python3"].map { folder + $0 }.first(where: FileManager.default.isExecutableFile)
  }

  private static func head(of script: String) -> String {
    guard let file = FileHandle(forReadingAtPath: script) else { return "" }
    defer { try? file.close() }
    return String(decoding: (try? file.read(upToCount: 4096)) ?? Data(), as: UTF8.self)
  }

  /// What runs a script of Python: in its first line, as a path or by way of `env`, or, where that line would be too
  /// long or the path has blanks, in its second, `'''exec' "/a path/python" "$0" "$@"`.
  static func interpreter(named script: String) -> String? {
    let lines = script.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    guard let first = lines.first, first.hasPrefix("#!") else { return nil }
    let words = first.dropFirst(2).split(separator: " ")
    guard let program = words.first else { return nil }
    if program.hasSuffix("/env"), let name = words.dropFirst().first(where: { !$0.hasPrefix("-") }) {
      return isPython(name) ? String(name) : nil
    }
    if isPython(program) { return String(program) }
    guard lines.count > 1, let exec = lines[1].firstRange(of: "'''exec' ") else { return nil }
    let rest = lines[1][exec.upperBound...]
    let path = rest.hasPrefix("\"") ? rest.dropFirst().prefix { $0 != "\"" } : rest.prefix { $0 != " " }
    return path.hasPrefix("/") && isPython(path) ? String(path) : nil
  }

  private static func isPython(_ path: Substring) -> Bool {
    (path.split(separator: "/").last ?? "").hasPrefix("python")
  }

  private static func folder(_ path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// Whether Jupyter looks into this environment before it looks into the user's folder, as `jupyter_core` decides.
  func comesBeforeUser(_ environment: InstallationEnvironment) -> Bool {
    if let choice = environment["JUPYTER_PREFER_ENV_PATH"] {
      return !["no", "n", "false", "off", "0", "0.0"].contains(choice.lowercased())
    }
    guard FileManager.default.isWritableFile(atPath: prefix) else { return false }
    if FileManager.default.fileExists(atPath: prefix + "/pyvenv.cfg") { return true }
    return environment["CONDA_PREFIX"] == prefix && environment["CONDA_DEFAULT_ENV"] != "base"
  }

  /// Whether pip may install into this environment: it is there, and the system has not kept the environment for itself.
  var takesPackages: Bool {
    let files = FileManager.default
    let library = prefix + "/lib"
    let folders = ((try? files.contentsOfDirectory(atPath: library)) ?? [])
      .filter { $0.hasPrefix("python3") }.map { library + "/" + $0 }
    let hasPip = folders.contains { folder in
      ["/site-packages/pip", "/dist-packages/pip"].contains { files.fileExists(atPath: folder + $0) }
    }
    return hasPip && !folders.contains { files.fileExists(atPath: $0 + "/EXTERNALLY-MANAGED") }
  }
}
