import CSIMDKernels
import CTIFF

/// Reads regions of one slide, for one thread.
///
/// Where a slide is a tiled TIFF of JPEG tiles, as most are, its tiles are decoded by libtiff and laid side by side:
/// OpenSlide blends them, which takes more than half of its time and changes nothing where tiles do not overlap. What
/// cannot be read so goes through OpenSlide.
struct RegionReader: ~Copyable {
  private let slide: WholeSlideImage
  /// By level; nil where the level is not of that kind.
  private var levels: [Int: TileLevel?] = [:]

  /// OpenSlide's names for formats whose levels are plain grids of tiles.
  private static let plainFormats: Set<String> = ["aperio", "generic-tiff"]

  init(_ slide: WholeSlideImage) { self.slide = slide }

  /// - Parameters:
  ///   - pixels: `height × width` of premultiplied ARGB; what lies outside the slide is clear.
  ///   - x: In pixels of the level, as all else.
  /// - Throws: `SlideError.unreadableRegion`.
  mutating func read(
    region pixels: UnsafeMutableBufferPointer<UInt32>, x: Int, y: Int, level: Int, width: Int, height: Int
  ) throws(SlideError) {
    if let tiles = tiles(of: level), tiles.read(into: pixels, x: x, y: y, width: width, height: height) { return }
    let downsample = slide.levels[level].downsample
    try slide.read(
      into: pixels, x: Int((Double(x) * downsample).rounded()), y: Int((Double(y) * downsample).rounded()),
      level: level, width: width, height: height)
  }

  /// - Returns: false if the region cannot be read.
  /// - Throws: `SlideError` if the file itself is lost.
  mutating func read(
    into pixels: UnsafeMutableBufferPointer<UInt32>, x: Int, y: Int, level: Int, width: Int, height: Int
  ) throws(SlideError) -> Bool {
    do throws(SlideError) {
      try read(region: pixels, x: x, y: y, level: level, width: width, height: height)
      return true
    } catch .unreadableRegion {
      return false
    } catch {
      throw error
    }
  }

  private mutating func tiles(of level: Int) -> TileLevel? {
    if let known = levels[level] { return known }
    let size = slide.levels[level]
    let tiles =
      Self.plainFormats.contains(slide.vendor)
      ? TileLevel(path: slide.path, width: size.width, height: size.height) : nil
    levels.updateValue(tiles, forKey: level)
    return tiles
  }
}

/// A level of a slide as the grid of JPEG tiles that its file holds.
private final class TileLevel {
  private let level: OpaquePointer
  private let width: Int
  private let height: Int
  private let tileWidth: Int
  private let tileHeight: Int
  private let tile: UnsafeMutableBufferPointer<UInt8>

  /// Nil if the file has no such level.
  init?(path: String, width: Int, height: Int) {
    guard let level = tiff_level_open(path, UInt32(clamping: width), UInt32(clamping: height)) else { return nil }
    self.level = level
    self.width = width
    self.height = height
    tileWidth = Int(tiff_level_tile_width(level))
    tileHeight = Int(tiff_level_tile_height(level))
    tile = .allocate(capacity: tileWidth * tileHeight * 3)
  }

  deinit {
    tiff_level_close(level)
    tile.deallocate()
  }

  /// False if a tile of the region is missing or damaged; the pixels are then of no use.
  func read(into pixels: UnsafeMutableBufferPointer<UInt32>, x: Int, y: Int, width: Int, height: Int) -> Bool {
    precondition(pixels.count >= width * height, "the region must fit")
    let columns = (x..<x + width).clamped(to: 0..<self.width)
    let rows = (y..<y + height).clamped(to: 0..<self.height)
    if columns.count < width || rows.count < height { pixels.update(repeating: 0) }
    guard !columns.isEmpty, !rows.isEmpty else { return true }
    guard let shownPixels = pixels.baseAddress, let tilePixels = tile.baseAddress else { return false }
    for row in rows.lowerBound / tileHeight...(rows.upperBound - 1) / tileHeight {
      for column in columns.lowerBound / tileWidth...(columns.upperBound - 1) / tileWidth {
        guard tiff_level_read(level, UInt32(column), UInt32(row), tilePixels) != 0 else { return false }
        let shownColumns = columns.clamped(to: column * tileWidth..<(column + 1) * tileWidth)
        for line in rows.clamped(to: row * tileHeight..<(row + 1) * tileHeight) {
          let source = ((line - row * tileHeight) * tileWidth + shownColumns.lowerBound - column * tileWidth) * 3
          simd_make_opaque(
            UnsafePointer(tilePixels + source), Int64(shownColumns.count),
            shownPixels + (line - y) * width + shownColumns.lowerBound - x)
        }
      }
    }
    return true
  }
}
