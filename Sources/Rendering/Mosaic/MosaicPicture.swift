import Dispatch
package import FeatureData
import Synchronization

/// A mosaic: for each filled cell of a grid over the map, the tile itself, upright, with y upwards as on the map.
///
/// Rows of cells are made in parallel. A tile that cannot be had is drawn as a hatched cell and reported.
package struct MosaicPicture: Sendable {
  /// Gives the tile of a point, if possible about `sidePixels` large; any size is accepted and brought to the cell's.
  ///
  /// Called from several threads at once. An error makes a hatched cell, but `WorkInterrupted` stops the picture.
  package typealias TileSource = @Sendable (_ point: Int, _ sidePixels: Int) throws -> RGBImage

  /// How cells differ from one another.
  package struct Look: Sendable, Equatable {
    package var background = MosaicPicture.background
    /// By cell, the side of its tile as a share of the cell's; empty where all fill their cells.
    package var sizes: [Float] = []
    /// By cell, how much of it is seen, the rest being background; empty where all are seen.
    package var shares: [Float] = []

    package init() {}
  }

  /// A tile that could not be had.
  package struct Failure: Sendable, Equatable {
    package let point: Int
    package let reason: String
  }

  /// A picture, and what it shows.
  package struct Result: Sendable {
    package let picture: EncodedPicture
    package let drawnTileCount: Int
    /// By point.
    package let failures: [Failure]
  }

  package static let background = Colour(hex: 0xE9EBEE)

  package let grid: MosaicGrid
  package let frames: Frames?
  package let look: Look
  package let title: String?
  package let subtitle: String?
  package let footer: String?
  private let tile: TileSource

  package init(
    grid: MosaicGrid, frames: Frames? = nil, look: Look = Look(), title: String? = nil, subtitle: String? = nil,
    footer: String? = nil, tile: @escaping TileSource
  ) {
    self.grid = grid
    self.frames = frames
    self.look = look
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
    self.tile = tile
  }

  var metadata: PictureMetadata {
    PictureMetadata(title: title, description: [subtitle, footer].compactMap(\.self).joined(separator: "\n"))
  }

  /// The whole mosaic as a PNG without captions, `columns × sidePixels` wide, handed on piece by piece.
  ///
  /// Only a few rows of cells lie in memory at a time, and of the file only what `output` keeps.
  ///
  /// - Parameter output: gets the bytes of the file in their order.
  /// - Returns: the tiles that could not be had, by point.
  /// - Throws: `WorkInterrupted`, `RenderingError`, or what `output` throws.
  package func full(
    sidePixels: Int, statement: String? = nil, monitor: some WorkMonitor, output: ([UInt8]) throws -> Void
  ) throws -> [Failure] {
    let failures = Mutex<[Failure]>([])
    let progress = TileProgress(total: grid.cells.count, monitor: monitor)
    let side = max(1, sidePixels)
    try PNGWriter.write(
      width: grid.columnCount * side, height: grid.rowCount * side, rowsPerBand: side,
      metadata: metadata.stating(statement), content: .photograph,
      band: { rows in
        try self.band(fromTop: rows.lowerBound / side, side: side, progress: progress) { failure in
          failures.withLock { $0.append(failure) }
        }
      }, output: output)
    return failures.withLock { $0.sorted { $0.point < $1.point } }
  }

  /// Above this many bytes the inline picture gets fewer device pixels.
  static let inlineByteLimit = 900_000

  /// The mosaic as it is shown in a notebook: a palette PNG of at most 1,200 CSS pixels, with captions.
  ///
  /// It has two device pixels a CSS pixel, or fewer, never under one, where it would pass 900,000 bytes. Its colours are
  /// at most 256; `full` keeps them all.
  ///
  /// - Throws: `WorkInterrupted`, or `RenderingError`.
  package func inline(monitor: some WorkMonitor) throws -> Result {
    try inline(byteLimit: Self.inlineByteLimit, monitor: monitor)
  }

  func inline(byteLimit: Int, monitor: some WorkMonitor) throws -> Result {
    let room = MosaicFigure.Room(grid: grid, legend: legend)
    let kept = keepingTiles(side: room.sidePixels)
    let sides = [2, 1.5, 1.25, 1].map(room.sidePixels)
    var failures: [Failure] = []
    let picture = try InlineFitting(byteLimit: byteLimit, scales: sides.map(room.scale)).picture {
      number, scale, byteLimit in
      let figure: MosaicFigure
      if number == 0 {
        (figure, failures) = try kept.composed(side: sides[0], room: room, monitor: monitor)
      } else {
        figure = try kept.composed(side: sides[number], room: room, monitor: QuietMonitor(heeding: monitor)).figure
      }
      return try figure.inlineTrial(scale: scale, byteLimit: byteLimit)
    }
    return result(picture, failures)
  }

  /// The same mosaic that asks for each tile once, at `side`, and caches it.
  private func keepingTiles(side: Int) -> MosaicPicture {
    let memory = TileMemory()
    return MosaicPicture(
      grid: grid, frames: frames, look: look, title: title, subtitle: subtitle, footer: footer
    ) { [tile, look] point, _ in
      try memory.tile(of: point) { TileScaling.fitted(try tile(point, side), side: side, background: look.background) }
    }
  }

  /// The captioned mosaic as SVG or PDF, its tiles `sidePixels` large inside (fewer where the picture would pass 8,000).
  ///
  /// - Throws: `WorkInterrupted`, or `RenderingError`.
  package func document(
    as format: PictureFormat, _ style: FigureStyle = FigureStyle(), sidePixels: Int, monitor: some WorkMonitor
  ) throws -> Result {
    let largest = max(1, 8000 / max(grid.columnCount, grid.rowCount))
    let (figure, failures) = try composed(
      side: min(max(1, sidePixels), largest), room: MosaicFigure.Room(grid: grid, legend: legend), monitor: monitor)
    return result(try figure.encoded(as: format, style), failures)
  }

  func composed(
    side: Int, room: MosaicFigure.Room, monitor: some WorkMonitor
  ) throws -> (figure: MosaicFigure, failures: [Failure]) {
    let failures = Mutex<[Failure]>([])
    let progress = TileProgress(total: grid.cells.count, monitor: monitor)
    let (width, height) = (grid.columnCount * side, grid.rowCount * side)
    let stopped = Mutex<(any Error)?>(nil)
    let layer = PixelLayer(width: width, height: height, bandHeight: side) { index in
      do {
        return try self.band(fromTop: index, side: side, progress: progress) { failure in
          failures.withLock { $0.append(failure) }
        }
      } catch {
        stopped.withLock { $0 = error }
        return nil
      }
    }
    if let error = stopped.withLock({ $0 }) { throw error }
    let figure = MosaicFigure(
      image: layer, room: room, legend: legend, background: look.background, title: title,
      subtitle: subtitle, footer: footer, metadata: metadata)
    return (figure, failures.withLock { $0 })
  }

  private func result(_ picture: EncodedPicture, _ failures: [Failure]) -> Result {
    Result(
      picture: picture, drawnTileCount: grid.cells.count - failures.count,
      failures: failures.sorted { $0.point < $1.point })
  }

  var legend: ScatterKey? { frames?.key(of: grid.cells.map(\.point)) }

  /// One row of cells as pixels; index 0 is the top of the picture, the grid's last row.
  private func band(
    fromTop index: Int, side: Int, progress: TileProgress<some WorkMonitor>, report: (Failure) -> Void
  ) throws -> [UInt8] {
    let width = grid.columnCount * side
    var pixels = look.background.repeated(width * side)
    let row = grid.rowCount - 1 - index
    for column in 0..<grid.columnCount {
      guard let cell = try cell(column, row, side: side, progress: progress, report: report) else { continue }
      for line in 0..<side {
        let place = (line * width + column * side) * 3
        pixels.replaceSubrange(place..<place + side * 3, with: cell.pixels[line * side * 3..<(line + 1) * side * 3])
      }
    }
    return pixels
  }

  /// The pixels of a cell; nil for one that nothing lies in.
  func cell(
    _ column: Int, _ row: Int, side: Int, progress: TileProgress<some WorkMonitor>, isFramed: Bool = true,
    report: (Failure) -> Void
  ) throws -> RGBImage? {
    guard let point = grid[column, row] else {
      guard grid.isContext(column: column, row: row) else { return nil }
      let colour = MosaicCell.context(on: look.background)
      return RGBImage(width: side, height: side, pixels: colour.repeated(side * side))
    }
    try progress.monitor.checkInterrupted()
    let number = row * grid.columnCount + column
    let own =
      look.sizes.isEmpty ? side : max(1, min(side, Int((Double(look.sizes[number]) * Double(side)).rounded())))
    var cell: MosaicCell
    do {
      cell = MosaicCell(try tile(point, own), side: own, background: look.background)
    } catch let interruption as WorkInterrupted {
      throw interruption
    } catch {
      cell = MosaicCell(hatchedWithSide: own)
      report(Failure(point: point, reason: error.sentence))
    }
    if isFramed, let frames { cell.frame(frames.colour(of: point)) }
    cell.set(intoSide: side, background: look.background)
    if isFramed, !look.shares.isEmpty { cell.fade(to: Double(look.shares[number]), background: look.background) }
    progress.advance()
    return cell.image
  }
}

/// Tiles, or why they cannot be had, by point.
private final class TileMemory: Sendable {
  private let known = Mutex<[Int: Result<RGBImage, any Error>]>([:])

  func tile(of point: Int, load: () throws -> RGBImage) throws -> RGBImage {
    if let tile = known.withLock({ $0[point] }) { return try tile.get() }
    let tile = Result { try load() }
    known.withLock { $0[point] = tile }
    return try tile.get()
  }
}

/// Passes interruptions on, but reports nothing: work that was reported before is done again.
private struct QuietMonitor<Watched: WorkMonitor>: WorkMonitor {
  private let watched: Watched

  init(heeding watched: Watched) { self.watched = watched }

  var isInterrupted: Bool { watched.isInterrupted }
  func report(phase: String, unit: String, done: Int, total: Int) {}
}
