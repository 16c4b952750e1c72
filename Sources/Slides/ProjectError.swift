/// What can be wrong with the files that make up a project.
package enum ProjectError: Error, Sendable, Equatable {
  case notAProject(folder: String)
  case missingFile(path: String, role: String)
  case unreadable(path: String, reason: String)
  case invalidJSON(path: String, reason: String)
  /// A source named in the settings that the dataset configuration does not have.
  case unknownSource(name: String, known: [String], path: String)
  case unclosedQuote(path: String, line: Int)
  case wrongFieldCount(path: String, line: Int, found: Int, expected: Int)
  case emptyTable(path: String)
  case duplicateColumn(path: String, name: String)
  case missingColumn(path: String, name: String, found: [String])
  case blankSlide(path: String, line: Int)
  case duplicateSlide(path: String, slide: String, firstLine: Int, line: Int)
  case unknownColumn(name: String, known: [String])
  case noNumber(path: String, line: Int, column: String, slide: String, value: String)
  case noTiles(label: String, available: [String])
  case noTilesAtAll(folders: [String])
  case severalTileSizes([String])
  case noSlidesLeft(removed: [String])
  /// A name that cannot be a file's.
  case impossibleSlideName(path: String, line: Int, name: String)
  case noPictures(folder: String)
  case duplicateTiles(slide: String, first: String, second: String)
}

extension ProjectError: CustomStringConvertible {
  /// What is wrong, naming the file and the line.
  package var description: String {
    switch self {
    case .notAProject(let folder): "\(folder) is not a project: it holds no settings.json."
    case .missingFile(let path, let role): "The \(role) \(path) does not exist."
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
    case .invalidJSON(let path, let reason): "\(path) is not as expected: \(reason)."
    case .unknownSource(let name, let known, let path):
      "There is no source \(name) in \(path); it has \(Self.list(known))."
    case .unclosedQuote(let path, let line): "\(path), line \(line): a quoted field is not closed."
    case .wrongFieldCount(let path, let line, let found, let expected):
      "\(path), line \(line): \(found) fields where the header has \(expected)."
    case .emptyTable(let path): "\(path) holds no rows."
    case .duplicateColumn(let path, let name): "\(path) has two columns named \(name)."
    case .missingColumn(let path, let name, let found):
      "\(path) has no column \(name); its columns are \(Self.list(found))."
    case .blankSlide(let path, let line): "\(path), line \(line): the slide is blank."
    case .duplicateSlide(let path, let slide, let firstLine, let line):
      "\(path): slide \(slide) stands on line \(firstLine) and again on line \(line)."
    case .unknownColumn(let name, let known): "There is no column \(name); the columns are \(Self.list(known))."
    case .noNumber(let path, let line, let column, let slide, let value):
      "\(path), line \(line): \(column) of slide \(slide) is \"\(value)\", which is no number."
    case .noTiles(let label, let available):
      "The project has no tiles of \(label); it has \(Self.list(available))."
    case .noTilesAtAll(let folders): "The project has no tiles: no folder such as 299px_302um in \(Self.list(folders))."
    case .severalTileSizes(let labels): "The project has tiles of several sizes: \(Self.list(labels))."
    case .noSlidesLeft(let removed):
      "No slide is left in the dataset. " + removed.joined(separator: " ")
    case .impossibleSlideName(let path, let line, let name):
      "\(path), line \(line): \"\(name)\" cannot be the name of a slide."
    case .noPictures(let folder): "There are no PNG or JPEG tiles in \(folder)."
    case .duplicateTiles(let slide, let first, let second):
      "Slide \(slide) has two tile files: \(first) and \(second)."
    }
  }

  /// What to do about it; nil where the description says it.
  package var remedy: String? {
    switch self {
    case .notAProject: "Name the folder that holds settings.json, or write a demo project with `demo PATH`."
    case .missingFile: "Correct the path, or put the file there."
    case .unknownSource(_, let known, _): known.first.map { "sources=[\($0)]" }
    case .unclosedQuote: "Close it with a double quote; a quote inside a field is written twice."
    case .wrongFieldCount: "Put fields that hold a comma in double quotes."
    case .missingColumn(_, let name, _): "Name the column with the \(name) names \"\(name)\"."
    case .duplicateSlide: "Keep one row for each slide."
    case .noNumber: "Leave out use_float, or correct the value."
    case .noTiles(_, let available), .severalTileSizes(let available):
      available.first.flatMap(TileSize.init(label:)).map { "tile_px=\($0.pixels) tile_um=\($0.extentText)" }
    case .noTilesAtAll: "Extract tiles first, or correct the tfrecords folder in datasets.json."
    case .noPictures: "Name the folder that holds the tiles, or a folder of such folders, one for each slide."
    case .impossibleSlideName: "Leave out slashes and a dot at the beginning."
    case .duplicateTiles: "Keep one of them, or choose one source with sources=[…]."
    case .unreadable, .invalidJSON, .emptyTable, .duplicateColumn, .blankSlide, .unknownColumn, .noSlidesLeft: nil
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}
