import Foundation

/// The places that the environment's variables name.
package struct InstallationEnvironment: Sendable {
  package let variables: [String: String]

  package init(variables: [String: String] = ProcessInfo.processInfo.environment) { self.variables = variables }

  /// nil for a variable that is not set or is empty.
  subscript(_ name: String) -> String? {
    guard let value = variables[name], !value.isEmpty else { return nil }
    return value
  }

  /// `$XDG_DATA_HOME`, else `~/.local/share`.
  func userDataFolder() throws(InstallationError) -> String {
    if let folder = self["XDG_DATA_HOME"], folder.hasPrefix("/") { return folder }
    guard let home = self["HOME"] else { throw .noHome }
    return home + "/.local/share"
  }

  /// Jupyter's own folder of the user: `$JUPYTER_DATA_DIR`, else `jupyter` among the user's data.
  func userJupyterFolder() throws(InstallationError) -> String {
    if let folder = self["JUPYTER_DATA_DIR"] { return folder }
    return try userDataFolder() + "/jupyter"
  }

  /// The Jupyter that a shell starts.
  var jupyterProgram: JupyterProgram? { JupyterProgram(environment: self) }

  /// Every folder in which Jupyter looks for kernels and for extensions, in its order.
  var jupyterFolders: [String] {
    let named = (self["JUPYTER_PATH"] ?? "").split(separator: ":").map(String.init)
    let user = (try? userJupyterFolder()).map { [$0] } ?? []
    let program = jupyterProgram
    let own = program.map { [$0.prefix + "/share/jupyter"] } ?? []
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].compactMap { self[$0] }.map { $0 + "/share/jupyter" }
    let first = program?.comesBeforeUser(self) == true
    return named + (first ? own + user : user + own) + active + ["/usr/local/share/jupyter", "/usr/share/jupyter"]
  }
}
