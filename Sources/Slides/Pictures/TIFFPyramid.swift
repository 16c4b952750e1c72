import CSIMDKernels
import CTIFF
import Synchronization

/// A tiled TIFF with the coarser levels inside the finest one (TIFF's SubIFDs), as OME-TIFF has them, or beside it; and of
/// compressions that OpenSlide does not know and libtiff does.
final class TIFFPyramid: SlideSource {
  let levels: [SlideLevel]
  let properties: [String: String]
  var associatedImages: [AssociatedImage] { [] }

  private let path: String
  /// The pictures of the levels.
  private let pages: [TIFFPageNumber]
  private let sizes: [tiff_page]
  /// Openings that nobody uses at the moment; each thread takes one.
  private let idle = Mutex<[Opening]>([])

  /// Larger tiles are no slide's.
  private static let largestSide = 4096

  /// An opening of the file, used by one thread at a time.
  ///
  /// `@unchecked Sendable`: libtiff's handles belong to no thread; that two do not use one at once is what `idle` sees to.
  private final class Opening: @unchecked Sendable {
    let file: TIFFPicture

    init?(_ path: String) {
      guard let file = TIFFPicture(path: path) else { return nil }
      self.file = file
    }
  }

  /// Nil for a file whose largest picture is not tiled, or not read.
  init?(path: String) {
    guard let opening = Opening(path), let finest = opening.file.largestPage else { return nil }
    let whole = opening.file.page(finest)
    guard whole.tile_width > 0 else { return nil }
    var chosen: [(number: Int, page: tiff_page)] = []
    for number in 0..<opening.file.pageCount {
      let page = opening.file.page(number)
      guard opening.file.unreadable(number) == nil, (1...Self.largestSide).contains(Int(page.tile_width)),
        (1...Self.largestSide).contains(Int(page.tile_height)),
        number == finest || page.width < whole.width && Self.isLevel(page, of: whole),
        chosen.allSatisfy({ $0.page.width != page.width })
      else { continue }
      chosen.append((number, page))
    }
    chosen.sort { $0.page.width > $1.page.width }
    guard chosen.first?.number == finest else { return nil }
    self.path = path
    pages = chosen.map(\.number)
    sizes = chosen.map(\.page)
    levels = sizes.map { size in
      SlideLevel(
        width: Int(size.width), height: Int(size.height),
        downsample: (Double(whole.width) / Double(size.width) + Double(whole.height) / Double(size.height)) / 2)
    }
    properties = opening.file.properties(of: finest)
    idle.withLock { $0.append(opening) }
  }

  /// True for a picture of the same proportions, up to what rounding the sides of a small one does.
  private static func isLevel(_ page: tiff_page, of whole: tiff_page) -> Bool {
    let across = Double(whole.width) / Double(page.width)
    let down = Double(whole.height) / Double(page.height)
    return abs(Double(whole.width) / down - Double(page.width)) <= 2 || abs(across / down - 1) < 0.01
  }

  func read(
    _ target: UnsafeMutablePointer<UInt32>, x: Int, y: Int, level: Int, width: Int, height: Int
  ) throws(SlideError) {
    let size = levels[level]
    let left = Int((Double(x) / size.downsample).rounded())
    let top = Int((Double(y) / size.downsample).rounded())
    let columns = (left..<left + width).clamped(to: 0..<size.width)
    let rows = (top..<top + height).clamped(to: 0..<size.height)
    if columns.count < width || rows.count < height { target.update(repeating: 0, count: width * height) }
    guard !columns.isEmpty, !rows.isEmpty else { return }
    guard let opening = idle.withLock({ $0.popLast() }) ?? Opening(path), opening.file.select(pages[level]) else {
      throw .unreadableRegion(path: path, x: x, y: y, level: level, reason: "the file cannot be opened any more")
    }
    defer { idle.withLock { $0.append(opening) } }
    let (tileWidth, tileHeight) = (Int(sizes[level].tile_width), Int(sizes[level].tile_height))
    let tile = UnsafeMutablePointer<UInt8>.allocate(capacity: tileWidth * tileHeight * 3)
    defer { tile.deallocate() }
    for row in rows.lowerBound / tileHeight...(rows.upperBound - 1) / tileHeight {
      for column in columns.lowerBound / tileWidth...(columns.upperBound - 1) / tileWidth {
        do throws(ImageFault) { try opening.file.readTile(column: column, row: row, into: tile) } catch {
          throw .unreadableRegion(path: path, x: x, y: y, level: level, reason: error.description)
        }
        let shown = columns.clamped(to: column * tileWidth..<(column + 1) * tileWidth)
        for line in rows.clamped(to: row * tileHeight..<(row + 1) * tileHeight) {
          let source = ((line - row * tileHeight) * tileWidth + shown.lowerBound - column * tileWidth) * 3
          simd_make_opaque(
            UnsafePointer(tile + source), Int64(shown.count), target + (line - top) * width + shown.lowerBound - left)
        }
      }
    }
  }

  func readAssociatedImage(_ name: String, into pixels: UnsafeMutablePointer<UInt32>) throws(SlideError) {
    throw .noAssociatedImage(path: path, name: name, known: [])
  }
}
