package import FeatureData

/// The lattice on which tiles are cut from a slide.
///
/// Slideflow's geometry: a tile of `tile_um` microns takes `⌊tile_um / mpp⌋` pixels of level 0; it is read from the
/// coarsest level where it has more than `tile_px` pixels (else from the finest), and brought to `tile_px`. With a
/// magnification it is read at `tile_px` from the level that has it.
package struct TileGrid: Sendable, Equatable {
  /// One place for a tile.
  package struct Cell: Sendable, Hashable {
    package let column: Int
    package let row: Int

    package init(column: Int, row: Int) {
      self.column = column
      self.row = row
    }
  }

  package let size: TileSize
  /// Of level 0: what the grid was laid with.
  package let scale: SlideScale
  /// Side of a tile in level-0 pixels.
  package let fullExtractPixels: Int
  /// The level that tiles are read from, its downsample, and the side of a tile in its pixels.
  package let level: Int
  package let downsample: Double
  package let extractPixels: Int
  /// From one tile to the next, in level-0 pixels.
  package let strideLength: Int
  package let columnCount: Int
  package let rowCount: Int

  package var cellCount: Int { columnCount * rowCount }
  package var micronsPerPixel: Double { scale.micronsPerPixel }

  /// Above these a tile cannot be read at once, and a grid is refused.
  static let maximumExtractPixels = 8192
  static let maximumCellCount = 20_000_000

  /// - Parameters:
  ///   - strideDivisor: 1 lays tiles side by side, 2 lets them overlap by half.
  ///   - micronsPerPixel: what the user says of the slide; it counts where the file says nothing.
  /// - Throws: `noMicronsPerPixel`, `noMagnification`, `impossibleTile`, `gridTooLarge`.
  package init(
    _ slide: WholeSlideImage, size: TileSize, strideDivisor: Double = 1, micronsPerPixel given: Double? = nil
  ) throws(SlideError) {
    try self.init(
      slide.levels, of: slide.path, size: size, strideDivisor: strideDivisor, scale: slide.scale(given: given))
  }

  /// The geometry alone, which the levels of a slide give.
  ///
  /// - Parameters:
  ///   - levels: from the finest to the coarsest; at least one.
  ///   - path: named in errors.
  /// - Throws: `noMagnification`, `impossibleTile`, `gridTooLarge`.
  package init(
    _ levels: [SlideLevel], of path: String, size: TileSize, strideDivisor: Double = 1, scale: SlideScale
  ) throws(SlideError) {
    let mpp = scale.micronsPerPixel
    let full: Double
    switch size.extent {
    case .microns(let microns):
      full = (Double(microns) / mpp).rounded(.down)
      level = WholeSlideImage.level(of: levels, finerThanDownsample: full / Double(size.pixels))
      downsample = levels[level].downsample
      extractPixels = Int(min(max((full / downsample).rounded(.down), 0), 1e9))
    case .magnification(let power):
      level = try Self.level(of: levels, path: path, power: power, pixels: size.pixels, micronsPerPixel: mpp)
      downsample = levels[level].downsample
      extractPixels = size.pixels
      full = (Double(size.pixels) * downsample).rounded(.down)
    }
    guard full >= 1, extractPixels >= 1, max(extractPixels, size.pixels) <= Self.maximumExtractPixels else {
      throw .impossibleTile(path: path, extractPixels: full < 1 ? 0 : max(extractPixels, size.pixels))
    }
    fullExtractPixels = Int(full)
    // Python's round: a half goes to the even neighbour.
    strideLength = max(Int((full / strideDivisor).rounded(.toNearestOrEven)), 1)
    columnCount = Self.count(side: levels[0].width, tile: fullExtractPixels, stride: strideLength)
    rowCount = Self.count(side: levels[0].height, tile: fullExtractPixels, stride: strideLength)
    let (cells, overflow) = columnCount.multipliedReportingOverflow(by: rowCount)
    guard !overflow, cells <= Self.maximumCellCount else {
      throw .gridTooLarge(path: path, columns: columnCount, rows: rowCount)
    }
    self.size = size
    self.scale = scale
  }

  /// The upper left corner of a cell in level-0 pixels.
  package func origin(of cell: Cell) -> (x: Int, y: Int) { (cell.column * strideLength, cell.row * strideLength) }

  /// The upper left corner of a cell in pixels of a level, as far to the left and above as the tile still fits.
  func corner(of cell: Cell, on level: SlideLevel, side: Int) -> (x: Int, y: Int) {
    let origin = origin(of: cell)
    return (
      max(min(Int(Double(origin.x) / level.downsample), level.width - side), 0),
      max(min(Int(Double(origin.y) / level.downsample), level.height - side), 0)
    )
  }

  /// The centre of a cell as a tile record holds it.
  package func location(of cell: Cell) -> TileLocation {
    TileLocation(
      x: cell.column * strideLength + fullExtractPixels / 2, y: cell.row * strideLength + fullExtractPixels / 2)
  }

  /// How many tiles fit along a side; those that would stick out at the end are left out.
  private static func count(side: Int, tile: Int, stride: Int) -> Int {
    side < tile ? 0 : (side - tile) / stride + 1
  }

  /// The level nearest to a magnification, at most 2 away (18x serves as 20x); a pixel of 1 µm is 10x.
  private static func level(
    of levels: [SlideLevel], path: String, power: String, pixels: Int, micronsPerPixel: Double
  ) throws(SlideError) -> Int {
    let powers = levels.map { 10 / ($0.downsample * micronsPerPixel) }
    let number = Double(power).flatMap { $0 > 0 ? $0 : nil }
    guard let wanted = number,
      let level = powers.indices.min(by: { abs(powers[$0] - wanted) < abs(powers[$1] - wanted) }),
      abs(powers[level] - wanted) <= 2
    else {
      throw .noMagnification(
        path: path, wanted: power + "x", available: powers, microns: number.map { (Double(pixels) * 10 / $0).rounded() }
      )
    }
    return level
  }
}
