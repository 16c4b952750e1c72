import Foundation

/// What JupyterLab and Notebook 7 need so that `explore` is a live view: two extensions, which are files in folders where
/// Jupyter looks. Without them the view is a picture.
package struct FrontEnd: Sendable {
  /// An extension, by the names of `jupyter labextension list` and of its Python package.
  private struct Extension: Sendable {
    let name: String
    let package: String
    /// The first version that works, in the extension's own count.
    let least: [Int]
  }

  /// One of them as it was found.
  private struct Found {
    let wanted: Extension
    /// nil where its package.json does not tell.
    let version: String?
    /// Jupyter's folder that has it, such as `~/.local/share/jupyter`.
    let folder: String

    var isFine: Bool {
      guard let version else { return false }
      let numbers = version.split(separator: ".").map { Int($0.prefix(while: \.isNumber)) ?? 0 }
      return !numbers.lexicographicallyPrecedes(wanted.least)
    }
  }

  // Version 3 of the package jupyterlab_widgets brings version 5 of the extension.
  private static let extensions = [
    Extension(name: "@jupyter-widgets/jupyterlab-manager", package: "jupyterlab_widgets", least: [5]),
    Extension(name: "anywidget", package: "anywidget", least: [0, 9]),
  ]

  private let environment: InstallationEnvironment
  private let folders: [String]

  /// - Parameter prefix: the place of a Jupyter that is meant before all others, such as `/usr/local`.
  package init(environment: InstallationEnvironment = InstallationEnvironment(), prefix: String? = nil) {
    var variables = environment.variables
    if let prefix { variables["PATH"] = prefix + "/bin:" + (variables["PATH"] ?? "") }
    self.environment = InstallationEnvironment(variables: variables)
    folders = (prefix.map { [$0 + "/share/jupyter"] } ?? []) + self.environment.jupyterFolders
  }

  package func finding() -> Doctor.Finding {
    let found = Self.extensions.map(look)
    let versions = found.compactMap { $0.flatMap { found in found.version.map { "\(found.wanted.name) \($0)" } } }
    var places: [String] = []
    for place in found.compactMap({ $0?.folder }) where !places.contains(place) { places.append(place) }
    return Doctor.Finding(
      name: "live views in JupyterLab", version: versions.isEmpty ? nil : versions.joined(separator: ", "),
      path: places.isEmpty ? nil : places.map { $0 + "/labextensions" }.joined(separator: ", "),
      remedy: remedy(found), isOptional: true)
  }

  /// The first that Jupyter comes upon; it uses that one, whatever is behind it.
  private func look(_ wanted: Extension) -> Found? {
    struct Contents: Decodable { let version: String? }
    for folder in folders {
      let file = folder + "/labextensions/" + wanted.name + "/package.json"
      guard let data = FileManager.default.contents(atPath: file) else { continue }
      let version = (try? JSONDecoder().decode(Contents.self, from: data))?.version
      return Found(wanted: wanted, version: version, folder: folder)
    }
    return nil
  }

  private func remedy(_ found: [Found?]) -> String? {
    let absent = zip(Self.extensions, found).filter { $1 == nil }.map(\.0.name)
    var faults = found.compactMap { found -> String? in
      guard let found, !found.isFine else { return nil }
      let least = found.wanted.least.map(String.init).joined(separator: ".")
      return found.version.map { "\(found.wanted.name) \($0) is older than \(least)" }
        ?? "package.json of \(found.wanted.name) tells no version"
    }
    if !absent.isEmpty {
      faults.append("\(absent.joined(separator: " and ")) \(absent.count == 1 ? "is" : "are") not found")
    }
    guard !faults.isEmpty else { return nil }
    return "`explore` shows a picture and no live view, for \(faults.joined(separator: " and ")): \(way(found))"
  }

  /// How the extensions come to where Jupyter looks first.
  private func way(_ found: [Found?]) -> String {
    let user = try? environment.userJupyterFolder()
    let copy = "kernelspec/front-end, which copies them into \(user ?? "the user's Jupyter folder")/labextensions"
    let jupyter = environment.jupyterProgram
    let hides = found.contains { $0.map { !$0.isFine && $0.folder == user } ?? false }
    // What pip puts into the environment would stay hidden behind the user's copy.
    if hides, jupyter?.comesBeforeUser(environment) != true { return copy }
    let packages = "install --upgrade " + Self.extensions.map(\.package).joined(separator: " ")
    guard let jupyter else {
      return "in the Python environment of JupyterLab, pip \(packages); where there is no pip, \(copy)"
    }
    return jupyter.takesPackages ? "'\(jupyter.python)' -m pip \(packages)" : copy
  }
}
