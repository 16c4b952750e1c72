import Files
import Glibc

/// Where the files of a user belong when nobody has said otherwise.
enum StandardPaths {
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// The file of cells of a kernel (XDG Base Directory Specification, state); nil without a home.
  static func historyFile(of implementation: String) -> String? {
    stateFolder(of: implementation).map { "\($0)/history.jsonl" }
  }

  /// The folder of what is left of live views; nil without a home.
  static func keepsakeFolder(of implementation: String) -> String? {
    stateFolder(of: implementation).map { "\($0)/views" }
  }

  private static func stateFolder(of implementation: String) -> String? {
    let folder = variable("XDG_STATE_HOME") ?? variable("HOME").map { "\($0)/.local/state" }
    let name = implementation.map { $0.isLetter || $0.isNumber ? $0 : "-" }
    return folder.map { "\($0)/\(String(name))" }
  }

  /// Makes a folder and those around it, for nobody else to look into; one that is there stays as it is.
  static func makeFolder(_ path: String) throws(FileFault) {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      folder += "/\(part)"
      if mkdir(folder, 0o700) != 0, errno != EEXIST { throw FileFault.last }
    }
  }

  /// Where clients look for connection files (jupyter_core, `jupyter_runtime_dir`); nil without a home.
  static var jupyterRuntimeFolder: String? {
    if let folder = variable("JUPYTER_RUNTIME_DIR") { return folder }
    if let data = variable("JUPYTER_DATA_DIR") { return "\(data)/runtime" }
    let share = variable("XDG_DATA_HOME") ?? variable("HOME").map { "\($0)/.local/share" }
    return share.map { "\($0)/jupyter/runtime" }
  }
}
