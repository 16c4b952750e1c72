package import FeatureData
import Files
import Foundation

/// Pictures of tiles that lie about as files, by slide.
package struct LooseTiles: Sendable, Equatable {
  package struct Tile: Sendable, Equatable {
    package let path: String
    /// The tile's centre in level-0 pixels, where that is told.
    package internal(set) var location: TileLocation?
    /// What is told of its place otherwise, such as its upper left corner; nil where nothing is, or the centre.
    package internal(set) var place: TileNamePlaces.Place?

    /// A list of tiles can name anything, such as a device without an end.
    /// - Throws: `cannotOpen`, also for what is no file or too long for a picture.
    func contents() throws(SlidesError) -> [UInt8] {
      try SlidesError.reading(path) { () throws(FileFault) in
        try ReadableFile(path: path).contents(limit: TileDecoder.maximumByteCount)
      }
    }

    /// True for a TIFF by its name and by its first bytes.
    func isTIFF(_ bytes: [UInt8]) -> Bool {
      ["tif", "tiff"].contains((path as NSString).pathExtension.lowercased()) && bytes.withUnsafeBytes(TIFFTile.isOne)
    }
  }

  /// How the places of a slide's tiles are told.
  package enum Telling: Sendable, Hashable {
    /// By the names of files.
    case names(TileNamePlaces.Style)
    /// By columns of the manifest that hold upper left corners.
    case manifestCorners
  }

  /// What is known of the places of a slide's tiles before they are brought to centres.
  package struct Places: Sendable, Equatable {
    package let telling: Telling
    /// Their numbers count rows and columns by all appearances.
    package let areRowsAndColumns: Bool
    /// From one tile to the next, in pixels of level 0; nil where the tiles lie on no grid.
    package let step: Double?
  }

  /// Sorted by slide; tiles in the order of their names, or of the manifest.
  package internal(set) var slides: [(slide: String, tiles: [Tile])]
  /// By slide, where something tells them.
  package internal(set) var places: [String: Places] = [:]
  /// How the manifest is read otherwise than it is written.
  package let notes: [TableNote]
  /// How slides were told apart, and what was passed over; sentences.
  package internal(set) var remarks: [String] = []

  package static func == (one: LooseTiles, other: LooseTiles) -> Bool {
    one.slides.map(\.slide) == other.slides.map(\.slide) && one.slides.map(\.tiles) == other.slides.map(\.tiles)
      && one.places == other.places && one.remarks == other.remarks
  }

  static let extensions: Set<String> = ["png", "jpg", "jpeg", "tif", "tiff"]

  /// - Parameters:
  ///   - manifest: a CSV with the columns `file` (relative to the folder) and `slide`, and perhaps places.
  ///   - known: names of slides of the project, by which it is decided what is a slide where that is not clear.
  /// - Throws: `ProjectError`.
  package init(folder: String, manifest: String? = nil, known: Set<String> = []) throws(ProjectError) {
    if let manifest {
      let table = try CSVTable(path: manifest)
      let listing = try TileManifest(table, folder: folder)
      slides = listing.slides
      notes = table.notes
      guard !slides.isEmpty else { throw .noPictures(folder: folder) }
      if listing.haveCorners { for slide in listing.slides { takeCorners(of: slide) } }
      if !listing.havePlaces { takePlacesFromNames() }
    } else {
      let found = LooseTileFolders(folder, known: known)
      guard !found.slides.isEmpty else { throw .noPictures(folder: folder, kinds: found.otherKinds) }
      slides = found.slides
      notes = []
      remarks = found.remarks
      takePlacesFromNames()
    }
  }

  private mutating func takeCorners(of slide: (slide: String, tiles: [Tile])) {
    let corners = slide.tiles.compactMap(\.place)
    guard !corners.isEmpty else { return }
    places[slide.slide] = Places(
      telling: .manifestCorners, areRowsAndColumns: TileNamePlaces.areRowsAndColumns(corners),
      step: Self.step(corners))
  }

  private mutating func takePlacesFromNames() {
    for index in slides.indices {
      let stems = slides[index].tiles.map {
        (($0.path as NSString).lastPathComponent as NSString).deletingPathExtension
      }
      guard let found = TileNamePlaces(stems) else { continue }
      for (tile, place) in found.places.enumerated() { slides[index].tiles[tile].place = place }
      let told = found.places.compactMap(\.self)
      places[slides[index].slide] = Places(
        telling: .names(found.style), areRowsAndColumns: TileNamePlaces.areRowsAndColumns(told),
        step: Self.step(told))
    }
  }

  private static func step(_ places: [TileNamePlaces.Place]) -> Double? {
    TileLattice(places.map { TileLocation(x: $0.x, y: $0.y) })?.step
  }

  /// The same with the centres of a slide's tiles, made by `centre` of what is told of each; nil leaves tiles without.
  package mutating func settle(_ slide: String, centre: (TileNamePlaces.Place) -> TileLocation?) {
    guard let index = slides.firstIndex(where: { $0.slide == slide }) else { return }
    for tile in slides[index].tiles.indices {
      guard let place = slides[index].tiles[tile].place else { continue }
      slides[index].tiles[tile].location = centre(place)
    }
  }

  /// The side that most of a sample of the pictures have.
  ///
  /// - Throws: `ProjectError.noSquarePictures` if all of them have another height than width, `unreadable` if none can be
  ///   read, `WorkInterrupted`.
  package func commonSide(monitor: any WorkMonitor) throws -> Int {
    var counts: [Int: Int] = [:]
    var oblong: (path: String, width: Int, height: Int)?
    var unreadable: (path: String, reason: String)?
    for (_, tiles) in slides {
      for tile in tiles.prefix(20) {
        try monitor.checkInterrupted()
        let size: (width: Int, height: Int)
        do {
          let bytes = try tile.contents()
          size = try bytes.withUnsafeBytes { try tile.isTIFF(bytes) ? TIFFTile($0).size : TileDecoder().size(of: $0) }
        } catch {
          unreadable = unreadable ?? (tile.path, error.reason)
          continue
        }
        guard size.width == size.height else {
          oblong = oblong ?? (tile.path, size.width, size.height)
          continue
        }
        counts[size.width, default: 0] += 1
      }
    }
    if let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) { return most.key }
    if let oblong {
      throw ProjectError.noSquarePictures(path: oblong.path, width: oblong.width, height: oblong.height)
    }
    throw ProjectError.unreadable(path: unreadable?.path ?? "", reason: unreadable?.reason ?? "")
  }
}
