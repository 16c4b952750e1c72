package import Files
import Foundation

/// What can be wrong with the files that make up a project.
package enum ProjectError: Error, Sendable, Equatable {
  case notAProject(folder: String)
  case missingFile(path: String, role: String)
  /// `moved` is a file of that name in the project's folder, or beside it.
  case missingAnnotations(path: String, settings: String, moved: String?)
  case missingConfiguration(path: String, settings: String, moved: String?)
  case unreadable(path: String, reason: String)
  case invalidJSON(path: String, reason: String)
  /// A source named in the settings that the dataset configuration does not have.
  case unknownSource(name: String, known: [String], path: String)
  /// A file that is no table.
  case table(path: String, CSVFault)
  case missingColumn(path: String, name: String, found: [String])
  /// Two rows of one slide that differ in some columns.
  case duplicateSlide(path: String, slide: String, firstLine: Int, line: Int, differing: [String])
  case slideOfTwoPatients(
    path: String, slide: String, firstPatient: String, firstLine: Int, patient: String, line: Int)
  /// No row names a slide, and no file's name holds a patient's id; `patient` is the first of them, "" if there is none.
  case noSlideMatches(path: String, columns: [String], patient: String, near: [NearName] = [])
  /// A table of one's own that no slide of the project stands in.
  case noRowOfProject(path: String, near: [NearName] = [])
  case unknownColumn(name: String, known: [String])
  case noNumber(path: String, line: Int, column: String, slide: String, value: String)
  /// `folders` are those looked in where there are no tiles of another size either, `missing` those of them that are not there.
  case noTiles(label: String, available: [String], folders: [String] = [], missing: [MissingFolder] = [])
  case noTilesAtAll(folders: [String], missing: [MissingFolder] = [])
  case severalTileSizes([String])
  /// `near` are names of the annotations that nearly are those of tile files.
  case noSlidesLeft(removed: [String], near: [NearName])
  /// Two files of one slide's name that differ.
  case twoSlideFiles(slide: String, first: String, second: String)
  /// A name that cannot be a file's.
  case impossibleSlideName(path: String, line: Int, name: String)
  /// `kinds` are the endings of what lies there instead, with the number of files.
  case noPictures(folder: String, kinds: [String: Int] = [:])
  /// `path` is the first of pictures none of which has the same width and height.
  case noSquarePictures(path: String, width: Int, height: Int)
  case duplicateTiles(slide: String, first: String, second: String)
  /// A new project where there is one.
  case projectExists(folder: String)
  /// A file of a new project that exists.
  case fileInTheWay(path: String)
  case cannotMakeFolder(path: String, reason: String)
  /// Tile files that lie in no folder such as 299px_302um.
  case tilesWithoutSize(folder: String)
  /// A new project without annotations, and without slides to make them from.
  case noSlidesFound(folders: [String])
}

extension ProjectError: CustomStringConvertible {
  /// What is wrong, naming the file and the line.
  package var description: String {
    switch self {
    case .notAProject(let folder): "\(folder) is not a project: it holds no settings.json."
    case .missingFile(let path, let role): "The \(role) \(path) does not exist."
    case .missingAnnotations(let path, let settings, _):
      "The annotations file \(path), which \(settings) names, does not exist."
    case .missingConfiguration(let path, let settings, _):
      "The dataset configuration \(path), which \(settings) names, does not exist."
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
    case .invalidJSON(let path, let reason): "\(path) is not as expected: \(reason)."
    case .unknownSource(let name, let known, let path):
      "There is no source \(name) in \(path); it has \(Self.list(known))."
    case .table(let path, let fault):
      (fault.line.map { "\(path), line \($0): " } ?? "\(path) ") + fault.clause + "."
    case .missingColumn(let path, let name, let found):
      "\(path) has no column \(name); its columns are \(Self.list(found))."
    case .duplicateSlide(let path, let slide, let firstLine, let line, let differing):
      "\(path): slide \(slide) stands on line \(firstLine) and again, with another \(Self.list(differing)), on line \(line)."
    case .slideOfTwoPatients(let path, let slide, let firstPatient, let firstLine, let patient, let line):
      "\(path): slide \(slide) is of patient \(firstPatient) on line \(firstLine) and of \(patient) on line \(line)."
    case .noSlideMatches(let path, let columns, let patient, let near):
      "\(path) names no slide"
        + (columns.contains("slide") ? "" : " (its columns are \(Self.list(columns)))")
        + (patient.isEmpty
          ? ", and no patient."
          : ", and no slide or tile file of the project has a patient's id, such as \(patient), in its name.")
        + NearName.sentences(near, "of patients", otherPlace: "slides with a file").map { " " + $0 }.joined()
    case .noRowOfProject(let path, let near):
      (["No row of \(path) is of a slide of the project."]
        + NearName.sentences(near, "of patients", otherPlace: "the annotations")).joined(separator: " ")
    case .unknownColumn(let name, let known): "There is no column \(name); the columns are \(Self.list(known))."
    case .noNumber(let path, let line, let column, let slide, let value):
      "\(path), line \(line): \(column) of slide \(slide) is \"\(value)\", which is no number."
    case .noTiles(let label, let available, let folders, let missing):
      available.isEmpty
        ? "The project has no tiles of \(label), nor of any other size" + Self.place(folders, missing)
        : "The project has no tiles of \(label); it has \(Self.list(available))."
    case .noTilesAtAll(let folders, let missing):
      "The project has no tiles" + (folders.isEmpty ? "" : ": no folder such as 299px_302um")
        + Self.place(folders, missing)
    case .severalTileSizes(let labels): "The project has tiles of several sizes: \(Self.list(labels))."
    case .noSlidesLeft(let removed, let near):
      (["No slide is left in the dataset."] + removed
        + NearName.sentences(near, "in the annotations", otherPlace: "tile files")).joined(separator: " ")
    case .twoSlideFiles(let slide, let first, let second):
      "There are two files of slide \(slide), and they differ: \(first) and \(second)."
    case .impossibleSlideName(let path, let line, let name):
      "\(path), line \(line): \"\(name)\" cannot be the name of a slide."
    case .noPictures(let folder, let kinds):
      "There are no PNG, JPEG or TIFF tiles in \(folder), nor in the folders in it, two deep"
        + (kinds.isEmpty ? "." : "; what lies there is \(Self.counted(kinds)).")
    case .noSquarePictures(let path, let width, let height):
      "Tiles are square, and these pictures are not: \(path) has \(width) × \(height) pixels."
    case .duplicateTiles(let slide, let first, let second):
      "Slide \(slide) has two tile files: \(first) and \(second)."
    case .projectExists(let folder): "\(folder) is a project already, and is not changed."
    case .fileInTheWay(let path): "\(path) exists, and is not written over."
    case .cannotMakeFolder(let path, let reason): "The folder \(path) cannot be made: \(reason)."
    case .tilesWithoutSize(let folder):
      "The tile files in \(folder) lie in no folder that is named after their size, such as 299px_302um."
    case .noSlidesFound(let folders):
      folders.isEmpty
        ? "A new project needs annotations, or slides or tiles to begin them with."
        : "There are no slides and no tiles in \(Self.list(folders)) to begin the annotations with; slides were looked "
          + "for \(ProjectFiles.searched)."
    }
  }

  /// What to do about it; nil where the description says it.
  package var remedy: String? {
    switch self {
    case .notAProject: "Name the folder that holds settings.json, or write a demo project with `demo PATH`."
    case .missingFile: "Correct the path, or put the file there."
    case .missingAnnotations(_, let settings, let moved?): Self.moved("annotations", moved, settings)
    case .missingConfiguration(_, let settings, let moved?): Self.moved("dataset_config", moved, settings)
    case .missingAnnotations, .missingConfiguration: "Correct the path, or put the file there."
    case .unknownSource(_, let known, _): known.first.map { "sources=[\($0)]" }
    case .table(_, let fault): fault.remedy
    case .missingColumn(_, let name, let found):
      Self.similar(to: name, among: found).map { "Rename the column \"\($0)\" to \"\(name)\"." }
        ?? "Rename the column that holds the \(name) names to \"\(name)\"."
    case .duplicateSlide: "Keep one row for each slide."
    case .slideOfTwoPatients: "Keep the row of the patient whom the slide is of."
    case .noSlideMatches: "Add a column \"slide\" with the names of the slides' files, without their endings."
    case .noRowOfProject(_, let near) where !near.isEmpty: NearName.remedy(near, "in it", as: "the annotations have")
    case .noRowOfProject: "The column \"slide\" holds the names of the slides' files, without their endings."
    case .noNumber: "Leave out use_float, or correct the value."
    case .noTiles(_, let available, _, _) where !available.isEmpty, .severalTileSizes(let available):
      available.first.flatMap(TileSize.init(label:)).map { "tile_px=\($0.pixels) tile_um=\($0.extentText)" }
    case .noTiles(_, _, _, let missing), .noTilesAtAll(_, let missing):
      missing.lazy.compactMap(\.remedy).first
        ?? (missing.isEmpty
          ? "Make tiles with extract_tiles or import_tiles, or correct the tfrecords folder in datasets.json."
          : "Correct the tfrecords folder in \(missing[0].configuration).")
    case .noPictures(_, let kinds) where kinds.keys.contains(where: Self.otherPictures.contains):
      "Convert the pictures to PNG, which keeps every pixel."
    case .noSquarePictures: "Cut squares of them, or pad them: they would be stretched by the model otherwise."
    case .noPictures: "Name the folder that holds the tiles, or a folder of such folders, one for each slide."
    case .impossibleSlideName: "Leave out slashes and a dot at the beginning."
    case .duplicateTiles: "Keep one of them, or choose one source with sources=[…]."
    case .noSlidesLeft(_, let near): NearName.remedy(near, "in the annotations")
    case .twoSlideFiles(_, let first, _):
      "Keep one of them in the folders of slides, or rename one; slide \(Self.spelled(first)) opens it by its path."
    case .projectExists(let folder): "project \(Self.spelled(folder))"
    case .fileInTheWay: "Choose another folder, or move the file away."
    case .tilesWithoutSize: "Move them into such a folder, and name the folder above it."
    case .noSlidesFound: "annotations=FILE, slides=FOLDER or tfrecords=FOLDER"
    case .unreadable, .invalidJSON, .unknownColumn, .cannotMakeFolder:
      nil
    }
  }

  private static let otherPictures: Set<String> = ["bmp", "webp", "gif", "jp2", "jxl", "avif", "heic", "ppm"]

  /// "3 files .bmp and 1 file .txt"
  private static func counted(_ kinds: [String: Int]) -> String {
    let sorted = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let words = sorted.prefix(5).map { ending, count in
      "\(count) \(count == 1 ? "file" : "files") " + (ending.isEmpty ? "without an ending" : ".\(ending)")
    }
    return words.joined(separator: ", ") + (sorted.count > 5 ? ", …" : "")
  }

  /// Where tiles were looked for, as the end of a sentence.
  private static func place(_ folders: [String], _ missing: [MissingFolder]) -> String {
    let looked = folders.filter { folder in !missing.contains { $0.path == folder } }
    let place =
      folders.isEmpty
      ? ": no source names a folder for them in datasets.json." : looked.isEmpty ? "." : " in \(list(looked))."
    return ([place] + MissingFolder.sentences(missing)).joined(separator: " ")
  }

  private static func moved(_ key: String, _ file: String, _ settings: String) -> String {
    let folder = (settings as NSString).deletingLastPathComponent
    return "Write \"\(key)\": \"\(WrittenPath.spelled(file, in: folder))\" in \(settings)."
  }

  /// A column that seems to be meant by another name, such as `Patient ID`.
  private static func similar(to name: String, among columns: [String]) -> String? {
    let others = name == "patient" ? ["patient", "case", "submitter", "subject"] : [name]
    return columns.first { column in others.contains { column.lowercased().hasPrefix($0) } }
  }

  /// A path as a statement has it.
  private static func spelled(_ path: String) -> String {
    path.contains { !$0.isLetter && !$0.isNumber && !"/._-".contains($0) } ? "'\(path)'" : path
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}
