import DemoProject
package import FeatureData
package import FeatureStore
import Foundation
package import Slides

/// An open project, with the store that keeps its results.
package struct Study: Sendable {
  package let project: Project
  package let store: FeatureStore
  package let names: StudyNames
  /// The folders and what the files held that were read: opened again, it is the same unless one of them was changed.
  package let identity: String
  /// True where regions of interest lay in the project's folders when it was opened.
  package let hasRegions: Bool

  package init(project: Project, store: FeatureStore) {
    self.project = project
    self.store = store
    identity = Self.identity(folder: project.folder, store: store.folder, contents: Self.contents(of: project))
    names = StudyNames(project.annotations)
    hasRegions = project.hasRegions
  }

  /// Opens a project.
  ///
  /// - Parameter store: the folder of its results; nil for `tessera` inside the project.
  package static func open(_ path: String, store: String? = nil) throws -> Study {
    let folder = storeFolder(path, store: store)
    let project = try Reporting.run(parameter: "path") { try Project(folder: path, indexFolder: folder + "/indexes") }
    let featureStore = try Reporting.run(parameter: store == nil ? "path" : "store") {
      try FeatureStore(folder: folder)
    }
    return Study(project: project, store: featureStore)
  }

  /// The built-in project, written where it is not there yet.
  package static func demo(at path: String, monitor: any WorkMonitor) throws -> Study {
    let manager = FileManager.default
    if !manager.fileExists(atPath: path + "/settings.json") {
      if let entries = try? manager.contentsOfDirectory(atPath: path), !entries.isEmpty {
        throw WorkflowFailure(
          "\(path) holds other files and no demo project.", remedy: "demo \(path)/tessera-demo", parameter: "path")
      }
      try Reporting.run(parameter: "path") { try DemoProject.write(to: path, monitor: monitor) }
    }
    return try open(path)
  }

  /// Writes the files of a new project; none that exists is changed.
  package static func create(_ creation: ProjectCreation, remarks: any RemarkSink) throws {
    let outcome = try Reporting.run(parameter: "path") { try creation.write() }
    if let folder = outcome.madeFolder { remarks.note("Made the folder \(folder.withShortPaths) for tiles.") }
    if let count = outcome.templateSlideCount {
      remarks.note(
        "Begun \(creation.folder.withShortPaths)/annotations.csv with \(count.counted("slide")), each as a patient of "
          + "its own: correct the patients, and add a column for each outcome.")
    }
  }

  package static func storeFolder(_ path: String, store: String?) -> String {
    store.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
      ?? URL(fileURLWithPath: path).standardizedFileURL.path + "/tessera"
  }

  // MARK: Before it is open

  /// What is known of a project on disk without opening it in a session.
  package struct Glance: Sendable {
    /// As the project has it: absolute.
    package let folder: String
    package let names: StudyNames
    /// Digests of the files that were read.
    fileprivate let contents: String
  }

  /// Nil if it cannot be opened. Looked up anew only when one of its files changes, for this is asked at every keystroke.
  package static func glance(inFolder path: String) -> Glance? {
    glances.value(for: path) {
      guard let project = try? Project(folder: path) else { return nil }
      let glance = Glance(
        folder: project.folder, names: StudyNames(project.annotations), contents: contents(of: project))
      return (glance, project.files)
    }
  }

  /// What a project on disk would be once it is open, also where a line above has yet to make it.
  package static func identity(inFolder path: String, store: String?) -> String {
    identity(
      folder: path, store: storeFolder(path, store: store),
      contents: glance(inFolder: path)?.contents ?? "not there yet")
  }

  private static func identity(folder: String, store: String, contents: String) -> String {
    [PathResolution.unique(folder), PathResolution.unique(store), contents].joined(separator: "\n")
  }

  private static func contents(of project: Project) -> String {
    project.files.map { (try? ContentDigest.ofFile($0)) ?? "unreadable" }.joined(separator: "\n")
  }

  private static let glances = FileCache<Glance>()
}
