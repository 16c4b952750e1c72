import FeatureData
import Files

/// Why a feature file of another program cannot be read, or one for it not be written.
package enum BagError: Error, Sendable, Equatable {
  /// The reason is the system's.
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  /// `what` is a clause, such as "it is cut off".
  case damaged(path: String, what: String)
  /// A form that is not read; `what` is a clause.
  case unsupported(path: String, what: String)
  /// No features were found among the parts that are named.
  case noFeatures(path: String, parts: [String])
  /// No column of a table has a name that features have.
  case noFeatureColumns(path: String, columns: [String])
  case noRows(path: String)
  /// A part of a file is compressed by what is not read.
  case compressed(path: String, part: String, by: String)
  /// Several parts could be the features.
  case severalFeatures(path: String, parts: [String])
  /// No part has the name that was asked for.
  case noPart(path: String, name: String, parts: [String])
  /// Coordinates that may mean several things; `what` is a clause.
  case unclearPlaces(path: String, what: String)
  /// Numbers of tiles were looked for, and the file has none of them, or no places of tiles.
  case noScores(path: String, what: String)
  /// Coordinates of tiles without features, as CLAM and TRIDENT write them before features are extracted.
  case patchFile(path: String)
  /// PyTorch's format before 1.6.
  case legacyTorch(path: String)
  /// A pickle that needs something of Python other than tensors.
  case foreignObject(path: String, name: String)
  /// A field of a table that is not a number.
  case notANumber(path: String, line: Int, column: String, text: String)
  case tooLarge(path: String, what: String, limit: String)
  /// Not the ending of a feature file.
  case unknownEnding(path: String)
  case noFiles(folder: String)
  /// Several folders below the one given hold features, perhaps of several networks.
  case severalFolders(folder: String, candidates: [String])
}

extension BagError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)."
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
    case .damaged(let path, let what): "\(path) is damaged: \(what)."
    case .unsupported(let path, let what): "\(path) cannot be read: \(what)."
    case .noFeatures(let path, let parts):
      parts.isEmpty
        ? "\(path) holds no features: it is empty."
        : "\(path) holds no features that are known: it has \(Self.list(parts))."
    case .noFeatureColumns(let path, let columns):
      "\(path) holds no features that are known: it has \(Self.list(columns.map { "column \($0)" }))."
    case .noRows(let path): "\(path) holds no features that are known: it has a header and no rows."
    case .compressed(let path, let part, let filter):
      "\(path) cannot be read: its data set \(part) is compressed by \(filter), which is not read."
    case .severalFeatures(let path, let parts):
      "\(path) holds several parts that could be the features: \(Self.list(parts))."
    case .noPart(let path, let name, let parts):
      parts.isEmpty
        ? "\(path) has no part \(name): it is one array." : "\(path) has no part \(name); it has \(Self.list(parts))."
    case .unclearPlaces(let path, let what): "\(path) has coordinates of tiles that are not clear: \(what)."
    case .noScores(let path, let what): "\(path) has no values for each tile: \(what)."
    case .patchFile(let path):
      "\(path) holds coordinates of tiles and no features: it is a patch file."
    case .legacyTorch(let path): "\(path) is in PyTorch's old format, which is not read."
    case .foreignObject(let path, let name):
      "\(path) holds more than tensors: it needs \(name) of Python, and nothing in a file is executed."
    case .notANumber(let path, let line, let column, let text):
      "\(path), line \(line): “\(text)” in column \(column) is not a number."
    case .tooLarge(let path, let what, let limit): "\(path) is too large: it has \(what), and \(limit) are read."
    case .unknownEnding(let path): "\(path) is not a feature file by its name."
    case .noFiles(let folder): "\(folder) holds no feature files, nor do the folders in it, \(BagFolder.deepest) deep."
    case .severalFolders(let folder, let candidates):
      "\(folder) holds several folders of features: \(Self.list(candidates))."
    }
  }

  /// What the user can do; nil where there is nothing to say.
  package var remedy: String? {
    switch self {
    case .cannotRead, .cannotWrite, .unsupported, .tooLarge, .noRows: nil
    case .noFeatureColumns: "Columns of features are called feature_0, feature_1, …, or 0, 1, …"
    case .damaged: "Copy the file again from where it came from."
    case .noFeatures(_, let parts): parts.first.map { "key=\($0)" }
    case .compressed(let path, _, _):
      "h5repack -f GZIP=1 \(Self.name(path)) new.h5, where HDF5 has that filter; or write it with compression=\"gzip\"."
    case .severalFeatures(_, let parts): parts.first.map { "key=\($0)" }
    case .noPart(_, _, let parts): parts.first.map { "key=\($0)" }
    case .unclearPlaces: "Save them with two columns, x and y of the upper left corner in pixels of level 0."
    case .noScores: "A table has the columns slide, x, y and one for each number; HDF5 the data sets coords and scores."
    case .patchFile:
      "The file wanted is the one written by feature extraction: CLAM's FEATURES/h5_files/SLIDE.h5, or TRIDENT's "
        + "features_ENCODER/SLIDE.h5."
    case .legacyTorch(let path):
      "In Python: torch.save(torch.load(\"\(Self.name(path))\"), \"\(Self.name(path))\") with PyTorch 1.6 or newer."
    case .foreignObject(let path, _):
      "In Python, save the features alone: torch.save(torch.as_tensor(features), \"\(Self.name(path))\")."
    case .notANumber:
      "Feature columns hold numbers with a decimal point; NA, nan or an empty field stands for a missing one."
    case .unknownEnding, .noFiles:
      "Feature files end in \(ForeignBagReaders.endings)."
    case .severalFolders(_, let candidates): candidates.first.map { "Name one of them, such as \($0)." }
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }

  private static func name(_ path: String) -> String {
    String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
  }
}

extension BagError {
  init(_ fault: FileFault, path: String) {
    self =
      switch fault {
      case .system: .cannotRead(path: path, reason: fault.description)
      case .notRegular: .cannotRead(path: path, reason: "it is not a regular file")
      case .damaged(let what): .damaged(path: path, what: what)
      case .tooLarge, .unsupported: .unsupported(path: path, what: fault.description)
      }
  }

  init(_ fault: CSVRowReader.Fault, path: String) {
    self =
      switch fault {
      case .file(let fault): BagError(fault, path: path)
      case .rowTooLong(let line):
        .damaged(path: path, what: "line \(line) does not end; a quotation mark may be missing")
      case .tooManyColumns(_, let limit): .tooLarge(path: path, what: "more columns", limit: "at most \(limit)")
      }
  }

  /// What cannot be written for another program.
  init(writing path: String, _ error: FeatureStoreError) {
    guard case .cannotWrite(_, let reason) = error else {
      self = .cannotWrite(path: path, reason: error.reason)
      return
    }
    self = .cannotWrite(path: path, reason: reason)
  }
}
