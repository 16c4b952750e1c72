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
    let folder = variable("XDG_STATE_HOME") ?? variable("HOME").map { "\($0)/.local/state" }
    let name = implementation.map { $0.isLetter || $0.isNumber ? $0 : "-" }
    return folder.map { "\($0)/\(String(name))/history.jsonl" }
  }

  /// Where clients look for connection files (jupyter_core, `jupyter_runtime_dir`); nil without a home.
  static var jupyterRuntimeFolder: String? {
    if let folder = variable("JUPYTER_RUNTIME_DIR") { return folder }
    if let data = variable("JUPYTER_DATA_DIR") { return "\(data)/runtime" }
    let share = variable("XDG_DATA_HOME") ?? variable("HOME").map { "\($0)/.local/share" }
    return share.map { "\($0)/jupyter/runtime" }
  }
}
