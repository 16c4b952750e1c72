import FeatureData
import Foundation
import Slides

/// Writes a slide as a scanner would have: a pyramid of JPEG tiles in the layout of Aperio's SVS files.
///
/// The pictures of the file, in its order: the slide at full resolution, a thumbnail in a single strip, the slide 4 times
/// and 16 times smaller. Readers tell levels from the thumbnail by the tiles, and know Aperio's by the descriptions.
/// Source: OpenSlide's documentation of the format, https://openslide.org/formats/aperio/.
struct SlideImageFile: ~Copyable {
  private static let tileSide = 256
  /// How much smaller each level is than the one before.
  private static let step = 4
  private static let quality = 85

  private let slide: DemoSlide
  private let monitor: any WorkMonitor
  private var picture: SlidePicture
  private var file: TIFFFile

  /// Rows of tiles at full resolution: the unit of progress.
  static func rowCount(_ slide: DemoSlide, plan: DemoPlan) -> Int {
    (slide.latticeSide * plan.fullExtractPixels + tileSide - 1) / tileSide
  }

  /// Writes the tiles of a record file to where they lie on their slide.
  ///
  /// Memory: the level that is 4 times smaller, and two rows of the slide's tiles.
  /// - Parameter progress: told the number of finished rows.
  /// - Throws: `SlidesError`, `ImageFault`, `WorkInterrupted`; nothing stays at `path` then.
  static func write(
    _ slide: DemoSlide, records: TFRecordFile, plan: DemoPlan, to path: String, monitor: any WorkMonitor,
    progress: (Int) -> Void
  ) throws {
    var image = try SlideImageFile(slide, plan: plan, path: path, monitor: monitor)
    let second = try image.writeFullResolution(records, progress: progress)
    let third = second.reduced(by: step)
    try image.writeThumbnail(third)
    try image.writeLevel(second)
    try image.writeLevel(third)
    try image.file.finish()
  }

  private init(_ slide: DemoSlide, plan: DemoPlan, path: String, monitor: any WorkMonitor) throws {
    self.slide = slide
    self.monitor = monitor
    picture = SlidePicture(slide, plan: plan)
    file = try TIFFFile(path: path)
  }

  /// Gives the next level, which is made along the way.
  private mutating func writeFullResolution(_ records: TFRecordFile, progress: (Int) -> Void) throws -> RGBImage {
    let tileSide = Self.tileSide
    let columnCount = (picture.side + tileSide - 1) / tileSide
    let nextSide = max(picture.side / Self.step, 1)
    var next = RGBImage(
      width: nextSide, height: nextSide, pixels: SlidePicture.glass(pixelCount: nextSide * nextSide))
    let glass = try TileEncoder().jpeg(
      RGBImage(width: tileSide, height: tileSide, pixels: SlidePicture.glass(pixelCount: tileSide * tileSide)),
      quality: Self.quality)
    try begin(width: picture.side, height: picture.side, isTiled: true)
    for row in 0..<columnCount {
      let top = row * tileSide
      try picture.turn(to: top..<min(top + tileSide, picture.side), of: records, monitor: monitor)
      let tiles = try TileWork.results(count: columnCount, monitor: monitor) { [picture] column, encoder in
        guard let square = picture.square(x: column * tileSide, y: top, extent: tileSide) else {
          return (jpeg: glass, reduced: RGBImage?.none)
        }
        return (try encoder.jpeg(square, quality: Self.quality), square.reduced(by: Self.step))
      }
      for (column, tile) in tiles.enumerated() {
        try file.append(tile.jpeg)
        guard let reduced = tile.reduced else { continue }
        next.paste(reduced, x: column * reduced.width, y: row * reduced.height)
      }
      progress(row + 1)
    }
    try file.end()
    return next
  }

  private mutating func writeLevel(_ level: RGBImage) throws {
    let tileSide = Self.tileSide
    let columnCount = (level.width + tileSide - 1) / tileSide
    let rowCount = (level.height + tileSide - 1) / tileSide
    try begin(width: level.width, height: level.height, isTiled: true)
    let tiles = try TileWork.results(count: columnCount * rowCount, monitor: monitor) { index, encoder in
      var tile = RGBImage(
        width: tileSide, height: tileSide, pixels: SlidePicture.glass(pixelCount: tileSide * tileSide))
      tile.paste(level, x: -(index % columnCount) * tileSide, y: -(index / columnCount) * tileSide)
      return try encoder.jpeg(tile, quality: Self.quality)
    }
    for tile in tiles { try file.append(tile) }
    try file.end()
  }

  private mutating func writeThumbnail(_ thumbnail: RGBImage) throws {
    try begin(width: thumbnail.width, height: thumbnail.height, isTiled: false)
    try file.append(try TileEncoder().jpeg(thumbnail, quality: Self.quality))
    try file.end()
  }

  private mutating func begin(width: Int, height: Int, isTiled: Bool) throws {
    let whole = "\(picture.side)x\(picture.side)"
    let size = "\(width)x\(height)"
    let area = isTiled ? "\(whole) [0,0 \(whole)] (\(Self.tileSide)x\(Self.tileSide))" : whole
    let scaling = size == whole ? "" : " -> \(size)"
    let title = "Aperio Image Library (layout; Tessera demo)\r\n\(area)\(scaling) JPEG/YCC Q=\(Self.quality)"
    let fields = [
      "AppMag = \(Int((10 / DemoPlan.micronsPerPixel).rounded()))",
      "MPP = " + String(format: "%.4f", DemoPlan.micronsPerPixel), "Filename = \(slide.name)",
    ]
    try file.begin(
      TIFFFile.Picture(
        width: width, height: height, tileSide: isTiled ? Self.tileSide : nil,
        description: ([title] + fields).joined(separator: "|")))
  }
}

extension RGBImage {
  /// Averages of squares of `step` pixels; what is left over at the right and below is dropped.
  fileprivate func reduced(by step: Int) -> RGBImage {
    let (newWidth, newHeight) = (max(width / step, 1), max(height / step, 1))
    let (columnStep, rowStep) = (min(step, width), min(step, height))
    let count = columnStep * rowStep
    let reduced = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight * 3) { buffer, initialized in
      pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<newHeight {
          for x in 0..<newWidth {
            var sums = (0, 0, 0)
            for row in 0..<rowStep {
              var place = ((y * rowStep + row) * width + x * columnStep) * 3
              for _ in 0..<columnStep {
                sums.0 &+= Int(pixels[place])
                sums.1 &+= Int(pixels[place &+ 1])
                sums.2 &+= Int(pixels[place &+ 2])
                place &+= 3
              }
            }
            let place = (y * newWidth + x) * 3
            buffer[place] = UInt8((sums.0 + count / 2) / count)
            buffer[place + 1] = UInt8((sums.1 + count / 2) / count)
            buffer[place + 2] = UInt8((sums.2 + count / 2) / count)
          }
        }
      }
      initialized = newWidth * newHeight * 3
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: reduced)
  }

  /// Lays another picture over this one, its left upper corner at (x, y); what reaches beyond the edges is cut off.
  fileprivate mutating func paste(_ other: RGBImage, x: Int, y: Int) {
    let columns = max(x, 0)..<max(min(x + other.width, width), max(x, 0))
    for row in max(y, 0)..<max(min(y + other.height, height), max(y, 0)) where !columns.isEmpty {
      let source = ((row - y) * other.width + columns.lowerBound - x) * 3
      let target = (row * width + columns.lowerBound) * 3
      pixels.replaceSubrange(
        target..<target + columns.count * 3, with: other.pixels[source..<source + columns.count * 3])
    }
  }
}
