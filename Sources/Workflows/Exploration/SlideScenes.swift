package import FeatureData
import FeatureStore
import Foundation
import Slides
import Synchronization

/// The slides of features as pictures that can be zoomed, in pieces: of the slide's file, or where there is none of the
/// pictures of its tiles.
package final class SlideScenes: Sendable {
  /// Where a picture comes from.
  package enum Source: String, Sendable {
    case file
    /// The tiles, each where it lies.
    case tiles = "lattice"
  }

  /// A slide, and how its picture is divided.
  package struct Scene: Sendable {
    package let name: String
    /// In pixels of level 0, from the corner of the whole slide.
    package let width: Int
    package let height: Int
    package let source: Source
    /// Of a tile, in pixels of level 0.
    package let tileSide: Int
    package let micronsPerPixel: Double?
    /// From the finest to the coarsest; each has half the pixels of the one before along a side.
    package let levels: [Level]
    /// What is to be known of the picture.
    package let note: String?
    /// Rows of the features that have a place.
    package let rows: [Int]
    /// Their top left, in pixels of level 0.
    package let corners: [TileLocation]

    package struct Level: Sendable, Equatable {
      package let downsample: Int
      package let columns: Int
      package let rows: Int
    }
  }

  /// Pixels along a side of a piece.
  package static let pieceSide = 256
  /// A slide that has no coarse levels is shown from one small picture where a piece would take reading more pixels.
  private static let overviewSide = 2048

  private let features: FeatureSet
  private let tiles: FeatureTiles
  private let files: SlideFiles
  private let overviews = Mutex<[(slide: Int, overview: SlideOverview)]>([])
  private let scenes = Mutex<[Int: Scene]>([:])
  /// A few kB each.
  private let thumbnails = Mutex<[Thumbnail: [UInt8]]>([:])

  private struct Thumbnail: Hashable {
    let slide: Int
    let side: Int
  }

  init(_ features: FeatureSet, _ tiles: FeatureTiles) {
    self.features = features
    self.tiles = tiles
    files = SlideFiles(features.study)
  }

  func forget() {
    overviews.withLock { $0 = [] }
    scenes.withLock { $0 = [:] }
    thumbnails.withLock { $0 = [:] }
  }

  /// Nil for a slide whose tiles have no places.
  package func source(of slide: Int) -> Source? {
    let known = features.slides[slide]
    guard known.stored.locations != nil, known.gap != .wholeSlide else { return nil }
    return files.file(of: known.name) == nil ? .tiles : .file
  }

  // MARK: Scenes

  /// - Throws: `WorkflowFailure` where the places of the tiles are not known.
  package func scene(of slide: Int) throws -> Scene {
    if let known = scenes.withLock({ $0[slide] }) { return known }
    let scene = try makeScene(of: slide)
    scenes.withLock { scenes in
      if scenes.count > 8 { scenes = [:] }
      scenes[slide] = scene
    }
    return scene
  }

  /// Places of a damaged file may be anything.
  private static let possiblePlaces = (-1 << 30)..<(1 << 30)

  private static func isPossible(_ place: TileLocation) -> Bool {
    possiblePlaces.contains(place.x) && possiblePlaces.contains(place.y)
  }

  private func makeScene(of slide: Int) throws -> Scene {
    let known = features.slides[slide]
    guard let source = source(of: slide), let locations = known.stored.locations else {
      throw (known.gap ?? .places).failure(known.name)
    }
    let centres = locations.indices.map { tiles.location(slide: slide, tile: $0) ?? locations[$0] }
    let rows = centres.indices.filter { row in
      Self.isPossible(centres[row]) && known.stored.corners.map { Self.isPossible($0.corners[row]) } ?? true
    }
    guard !rows.isEmpty else { throw TileOrigins.Gap.places.failure(known.name) }
    let possible = rows.map { centres[$0] }
    let corners = known.stored.corners ?? TileExtents.cornersSideBySide(possible)
    let side = min(max(corners?.sidePixels ?? Self.spacing(of: possible), 1), 1 << 20)
    let topLeft =
      known.stored.corners.map { all in rows.map { all.corners[$0] } }
      ?? possible.map { TileLocation(x: $0.x - side / 2, y: $0.y - side / 2) }
    var note =
      corners?.sidePixels == nil
      ? "How large the tiles are is not known; they are drawn as far as their neighbours." : nil
    var size = (
      width: max(1, (topLeft.map(\.x).max() ?? 0) + side), height: max(1, (topLeft.map(\.y).max() ?? 0) + side)
    )
    var microns: Double?
    var shown = source
    if source == .file {
      do {
        let image = try image(slide)
        size = (image.width, image.height)
        microns = image.micronsPerPixel
      } catch {
        shown = .tiles
        note = "The slide cannot be shown, so its tiles are. \(error.sentence)"
      }
    } else {
      note = note ?? "There is no file of the slide: its tiles are shown where they lie."
    }
    return Scene(
      name: known.name, width: size.width, height: size.height, source: shown, tileSide: side,
      micronsPerPixel: microns,
      levels: Self.levels(
        width: size.width, height: size.height, finest: shown == .file ? 1 : Self.finest(ofTiles: side)), note: note,
      rows: rows,
      corners: topLeft)
  }

  /// Tiles are not made larger than this for a picture of them.
  private static let largestTile = 512

  private static func finest(ofTiles side: Int) -> Int {
    var downsample = 1
    while side / downsample > largestTile { downsample *= 2 }
    return downsample
  }

  private static func levels(width: Int, height: Int, finest: Int) -> [Scene.Level] {
    var levels: [Scene.Level] = []
    var downsample = finest
    while levels.count < 24 {
      let piece = pieceSide * downsample
      let level = Scene.Level(
        downsample: downsample, columns: (width + piece - 1) / piece, rows: (height + piece - 1) / piece)
      levels.append(level)
      if level.columns == 1, level.rows == 1 { break }
      downsample *= 2
    }
    return levels
  }

  /// The least distance of neighbours in a row or a column, for tiles of unknown size.
  private static func spacing(of centres: [TileLocation]) -> Int {
    var least = Int.max
    for values in [Set(centres.map(\.x)).sorted(), Set(centres.map(\.y)).sorted()] {
      for (one, next) in zip(values, values.dropFirst()) where next - one > 8 { least = min(least, next - one) }
    }
    return least > 4096 ? 256 : least
  }

  private func image(_ slide: Int) throws -> WholeSlideImage {
    let known = features.slides[slide]
    let image = try tiles.slide(known.name)
    try known.stored.corners?.checkSize(of: image)
    return image
  }

  // MARK: Pieces

  /// A piece of a slide's picture as a JPEG file: 256 pixels along a side, fewer at the right and the lower edge.
  ///
  /// - Throws: `WorkflowFailure` for a piece that there is not, or that cannot be read.
  package func piece(of slide: Int, in scene: Scene, level: Int, column: Int, row: Int) throws -> [UInt8] {
    guard scene.levels.indices.contains(level), (0..<scene.levels[level].columns).contains(column),
      (0..<scene.levels[level].rows).contains(row)
    else { throw WorkflowFailure("The picture of \(scene.name) has no such piece.") }
    let downsample = scene.levels[level].downsample
    let side = Self.pieceSide * downsample
    let corner = TileLocation(x: column * side, y: row * side)
    let width = min(Self.pieceSide, (scene.width - corner.x + downsample - 1) / downsample)
    let height = min(Self.pieceSide, (scene.height - corner.y + downsample - 1) / downsample)
    return try Reporting.run {
      let picture =
        scene.source == .file
        ? try square(of: slide, corner, side: side).cropped(width: width, height: height)
        : lattice(slide, scene, corner, downsample: Double(downsample), width: width, height: height)
      return try TileEncoder().jpeg(picture, quality: 82)
    }
  }

  /// The whole slide, at most so many pixels along a side.
  package func thumbnail(of slide: Int, side: Int) throws -> [UInt8] {
    let key = Thumbnail(slide: slide, side: side)
    if let known = thumbnails.withLock({ $0[key] }) { return known }
    let made = try makeThumbnail(of: slide, side: side)
    thumbnails.withLock { thumbnails in
      if thumbnails.count > 500 { thumbnails = [:] }
      thumbnails[key] = made
    }
    return made
  }

  private func makeThumbnail(of slide: Int, side: Int) throws -> [UInt8] {
    let scene = try scene(of: slide)
    return try Reporting.run {
      if scene.source == .file {
        return try TileEncoder().jpeg(SlideOverview(image(slide), longestSide: side).image, quality: 82)
      }
      let downsample = max(1, Double(max(scene.width, scene.height)) / Double(side))
      let picture = lattice(
        slide, scene, TileLocation(x: 0, y: 0), downsample: downsample,
        width: max(1, Int(Double(scene.width) / downsample)), height: max(1, Int(Double(scene.height) / downsample)))
      return try TileEncoder().jpeg(picture, quality: 82)
    }
  }

  private func square(of slide: Int, _ corner: TileLocation, side: Int) throws -> RGBImage {
    let image = try image(slide)
    let level = image.level(forDownsample: Double(side) / Double(Self.pieceSide))
    if Double(side) / image.levels[level].downsample <= 4096 {
      return try image.picture(ofSquareAt: corner, side: side, pictureSide: Self.pieceSide)
    }
    let overview = try overview(slide, image)
    return overview.image.square(
      left: Double(corner.x) / overview.downsample, top: Double(corner.y) / overview.downsample,
      side: Double(side) / overview.downsample, pictureSide: Self.pieceSide)
  }

  private func overview(_ slide: Int, _ image: WholeSlideImage) throws -> SlideOverview {
    try overviews.withLock { overviews in
      if let known = overviews.first(where: { $0.slide == slide }) { return known.overview }
      let made = try SlideOverview(image, longestSide: Self.overviewSide)
      // Each is 12 MB.
      if overviews.count > 2 { overviews.removeFirst() }
      overviews.append((slide, made))
      return made
    }
  }

  /// More tiles in one picture than are read one by one; then some stand for all.
  private static let mostTiles = 1500

  /// Pictures of tiles where they lie, on a pale ground.
  private func lattice(
    _ slide: Int, _ scene: Scene, _ corner: TileLocation, downsample: Double, width: Int, height: Int
  ) -> RGBImage {
    let reach = Double(scene.tileSide)
    let inside = scene.corners.indices.filter { index in
      let (x, y) = (Double(scene.corners[index].x - corner.x), Double(scene.corners[index].y - corner.y))
      return x + reach > 0 && y + reach > 0 && x < Double(width) * downsample && y < Double(height) * downsample
    }
    let shown = TileSample.even(inside.count, count: Self.mostTiles).map { inside[$0] }
    let canvas = Mutex(
      RGBImage(width: width, height: height, pixels: [UInt8](repeating: 236, count: width * height * 3)))
    DispatchQueue.concurrentPerform(iterations: shown.count) { place in
      let index = shown[place]
      let left = Int((Double(scene.corners[index].x - corner.x) / downsample).rounded(.down))
      let top = Int((Double(scene.corners[index].y - corner.y) / downsample).rounded(.down))
      let right = Int((Double(scene.corners[index].x + scene.tileSide - corner.x) / downsample).rounded(.down))
      let bottom = Int((Double(scene.corners[index].y + scene.tileSide - corner.y) / downsample).rounded(.down))
      let (tileWidth, tileHeight) = (max(1, right - left), max(1, bottom - top))
      guard let image = try? tiles.image(slide: slide, tile: scene.rows[index], side: max(tileWidth, tileHeight, 8))
      else { return }
      let scaled =
        image.width == tileWidth && image.height == tileHeight
        ? image
        : ImageScaling(fromWidth: image.width, fromHeight: image.height, toWidth: tileWidth, toHeight: tileHeight)
          .scaled(image)
      canvas.withLock { $0.lay(scaled, left: left, top: top) }
    }
    return canvas.withLock { $0 }
  }
}
