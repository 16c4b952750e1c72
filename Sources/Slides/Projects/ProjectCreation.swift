import FeatureData
import Files
import Foundation

/// A new project: where its slides, tiles and annotations lie, in the files of slideflow 3.
package struct ProjectCreation: Sendable {
  package let folder: String
  package var name: String
  /// Nil for a template made from the slides that are found.
  package var annotations: String?
  package var slides: String?
  package var tfrecords: String?
  package var regionsOfInterest: String?

  /// What a new project was made with.
  package struct Outcome: Sendable, Equatable {
    /// The slides of the template of annotations; nil if annotations were given.
    package let templateSlideCount: Int?
    /// The folder of tiles that was made, for there was none.
    package let madeFolder: String?
    package let annotationsPath: String
  }

  /// - Parameter path: the folder, which may exist.
  package init(folder path: String) {
    folder = URL(fileURLWithPath: path).standardizedFileURL.path
    name = URL(fileURLWithPath: folder).lastPathComponent
  }

  /// Writes settings.json, datasets.json and, where none are given, annotations.csv. No file that exists is changed;
  /// the settings, which make the folder a project, are written last.
  /// - Throws: `ProjectError`, before anything is written; `SlidesError.cannotWrite`.
  package func write() throws -> Outcome {
    let manager = FileManager.default
    if manager.fileExists(atPath: folder + "/settings.json") { throw ProjectError.projectExists(folder: folder) }
    for file in ["datasets.json"] + (annotations == nil ? ["annotations.csv"] : [])
    where manager.fileExists(atPath: folder + "/" + file) {
      throw ProjectError.fileInTheWay(path: folder + "/" + file)
    }
    let tiles = try tfrecords.map(Self.tileRoot)
    let template = try annotations == nil ? Self.template(slides: slides, tfrecords: tiles) : nil
    if let annotations {
      _ = try Annotations(try CSVTable(path: Self.absolute(annotations))) {
        ProjectFiles.slideNames(
          slides: slides.map { [Self.absolute($0)] } ?? [], tfrecords: tiles.map { [$0] } ?? [])
      }
    }

    _ = try Self.make(folder)
    let made = try tiles.flatMap(Self.make)
    if let template { try SlidesError.write(template.text, to: folder + "/annotations.csv") }
    try SlidesError.write(datasets(tiles: tiles), to: folder + "/datasets.json")
    let annotationsPath = annotations.map(shown) ?? "./annotations.csv"
    try SlidesError.write(settings(annotations: annotationsPath), to: folder + "/settings.json")
    return Outcome(
      templateSlideCount: template?.slideCount, madeFolder: made, annotationsPath: annotationsPath)
  }

  private func settings(annotations: String) -> String {
    """
    {
     "name": \(JSONFragment.string(name).text),
     "annotations": \(JSONFragment.string(annotations).text),
     "dataset_config": "./datasets.json",
     "sources": [
      \(JSONFragment.string(name).text)
     ],
     "models_dir": "./models",
     "eval_dir": "./eval",
     "slideflow_version": "3.0.2"
    }
    """
  }

  private func datasets(tiles: String?) -> String {
    let folders = [
      ("slides", slides), ("roi", regionsOfInterest), ("tiles", nil), ("tfrecords", tiles),
    ]
    let lines = folders.map { key, path in "  \"\(key)\": \(JSONFragment.string(path.map(shown) ?? "./" + key).text)" }
    return "{\n \(JSONFragment.string(name).text): {\n" + lines.joined(separator: ",\n") + "\n }\n}"
  }

  /// A path inside the project relative to it, so that the project can be moved; any other as it is.
  private func shown(_ path: String) -> String { WrittenPath.spelled(Self.absolute(path), in: folder) }

  /// - Returns: the folder if it was not there.
  private static func make(_ folder: String) throws(ProjectError) -> String? {
    guard FileIdentity(folder)?.isFolder != true else { return nil }
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw .cannotMakeFolder(path: folder, reason: error.reason)
    }
    return folder
  }

  private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// The folder above those of single tile sizes; a folder of one size stands for the one above it.
  private static func tileRoot(_ path: String) throws -> String {
    let folder = absolute(path)
    if TileSize(label: URL(fileURLWithPath: folder).lastPathComponent) != nil {
      return URL(fileURLWithPath: folder).deletingLastPathComponent().path
    }
    guard ProjectFiles.TileFolder(folder).files.isEmpty || !ProjectFiles.tileSizes(in: folder).isEmpty else {
      throw ProjectError.tilesWithoutSize(folder: folder)
    }
    return folder
  }

  private static func template(slides: String?, tfrecords: String?) throws -> (text: String, slideCount: Int) {
    let folders = [slides, tfrecords].compactMap { $0 }.map(absolute)
    let names = ProjectFiles.slideNames(
      slides: slides.map { [absolute($0)] } ?? [], tfrecords: tfrecords.map { [$0] } ?? [])
    guard !names.isEmpty else { throw ProjectError.noSlidesFound(folders: folders) }
    let rows = names.map { name in
      let field = CSVText.field(name)
      return CSVText.line([field, field], end: "\n")
    }
    return (CSVText.line(["patient", "slide"], end: "\n") + rows.joined(), names.count)
  }
}
