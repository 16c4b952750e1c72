package import FeatureData
import Files
import Foundation

/// Pictures of tiles that lie about as files, by slide.
package struct LooseTiles: Sendable, Equatable {
  package struct Tile: Sendable, Equatable {
    package let path: String
    /// The tile's centre in level-0 pixels.
    package let location: TileLocation?

    /// A list of tiles can name anything, such as a device without an end.
    /// - Throws: `cannotOpen`, also for what is no file or too long for a picture.
    func contents() throws(SlidesError) -> [UInt8] {
      try SlidesError.reading(path) { () throws(FileFault) in
        try ReadableFile(path: path).contents(limit: TileDecoder.maximumByteCount)
      }
    }
  }

  /// Sorted by slide; tiles in the order of their names, or of the manifest.
  package let slides: [(slide: String, tiles: [Tile])]
  /// How the manifest is read otherwise than it is written.
  package let notes: [TableNote]

  package static func == (one: LooseTiles, other: LooseTiles) -> Bool {
    one.slides.map(\.slide) == other.slides.map(\.slide) && one.slides.map(\.tiles) == other.slides.map(\.tiles)
  }

  private static let extensions: Set<String> = ["png", "jpg", "jpeg"]

  /// - Parameter manifest: a CSV with the columns `file` (relative to the folder) and `slide`, and perhaps `x` and `y`.
  /// - Throws: `ProjectError`.
  package init(folder: String, manifest: String? = nil) throws(ProjectError) {
    if let manifest {
      let table = try CSVTable(path: manifest)
      slides = try Self.listed(in: table, folder: folder)
      notes = table.notes
    } else {
      notes = []
      let manager = FileManager.default
      func pictures(_ folder: String) -> [Tile] {
        ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted {
          $0.compare($1, options: .numeric) == .orderedAscending
        }.filter { Self.extensions.contains(($0 as NSString).pathExtension.lowercased()) }.map {
          Tile(path: folder + "/" + $0, location: nil)
        }
      }
      let folders = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      var found = folders.map { (slide: $0, tiles: pictures(folder + "/" + $0)) }.filter { !$0.tiles.isEmpty }
      if found.isEmpty {
        let name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
        found = [(name, pictures(folder))].filter { !$0.1.isEmpty }
      }
      slides = found
    }
    guard !slides.isEmpty else { throw .noPictures(folder: folder) }
  }

  private static func listed(
    in table: CSVTable, folder: String
  ) throws(ProjectError) -> [(slide: String, tiles: [Tile])] {
    let names = table.columns.map { $0.lowercased() }
    func place(_ name: String) throws(ProjectError) -> Int {
      guard let index = names.firstIndex(of: name) else {
        throw .missingColumn(path: table.path, name: name, found: table.columns)
      }
      return index
    }
    let file = try place("file")
    let slide = try place("slide")
    let x = names.firstIndex(of: "x")
    let y = names.firstIndex(of: "y")
    var tiles: [String: [Tile]] = [:]
    for row in 0..<table.rowCount {
      let line = table.line(of: row)
      func coordinate(_ column: Int?) throws(ProjectError) -> Int? {
        guard let column else { return nil }
        let text = table.field(row: row, column: column)
        if Annotations.isBlank(text) { return nil }
        guard let value = table.number(row: row, column: column), abs(value) < 1e9 else {
          throw .noNumber(
            path: table.path, line: line, column: table.columns[column], slide: table.field(row: row, column: slide),
            value: text)
        }
        return Int(value)
      }
      let name = table.field(row: row, column: slide).withoutOuterBlanks
      // The slide names a file that is written: it must not lead elsewhere.
      guard !name.isBlankCell, !name.contains("/"), !name.hasPrefix(".") else {
        throw .impossibleSlideName(path: table.path, line: line, name: name)
      }
      let written = table.field(row: row, column: file)
      let path = written.hasPrefix("/") ? written : folder + "/" + written
      var location: TileLocation?
      if let x = try coordinate(x), let y = try coordinate(y) { location = TileLocation(x: x, y: y) }
      tiles[name, default: []].append(Tile(path: path, location: location))
    }
    return tiles.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The side that most of a sample of the pictures have.
  ///
  /// - Throws: `ProjectError.noPictures` if none of them can be read, `WorkInterrupted`.
  package func commonSide(monitor: any WorkMonitor) throws -> Int {
    var counts: [Int: Int] = [:]
    for (_, tiles) in slides {
      for tile in tiles.prefix(20) {
        try monitor.checkInterrupted()
        guard let bytes = try? tile.contents(),
          let size = bytes.withUnsafeBytes({ try? TileDecoder().size(of: $0) }), size.width == size.height
        else { continue }
        counts[size.width, default: 0] += 1
      }
    }
    guard let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
      throw ProjectError.noPictures(folder: slides.first?.tiles.first?.path ?? "")
    }
    return most.key
  }
}
