import FeatureData
import Slides

/// A slide at its full resolution, drawn in parts: each tile enlarged where it lies, glass everywhere else.
struct SlidePicture: Sendable {
  /// Pixels along a side of the slide.
  let side: Int
  private let latticeSide: Int
  private let enlargement: Enlargement
  /// The record that lies in each cell of the lattice, row by row.
  private let records: [Int?]
  /// The tiles of the lattice rows at hand, by cell.
  private var tiles: [Int: RGBImage] = [:]

  /// Grey enough that a filter of colourless tiles takes it for what it is.
  static let glass: [UInt8] = [244, 244, 246]

  init(_ slide: DemoSlide, plan: DemoPlan) {
    latticeSide = slide.latticeSide
    enlargement = Enlargement(sourceSide: plan.tileSidePixels, side: plan.fullExtractPixels)
    side = latticeSide * enlargement.side
    var records = [Int?](repeating: nil, count: latticeSide * latticeSide)
    for (record, tile) in slide.tiles.enumerated() {
      let (column, row) = (tile.location.x / enlargement.side, tile.location.y / enlargement.side)
      records[row * latticeSide + column] = record
    }
    self.records = records
  }

  /// Decodes the tiles that the rows of pixels touch, and forgets all others.
  mutating func turn(to rows: Range<Int>, of file: TFRecordFile, monitor: any WorkMonitor) throws {
    let lattice = latticeCells(rows)
    let wanted = lattice.lowerBound * latticeSide..<lattice.upperBound * latticeSide
    tiles = tiles.filter { wanted.contains($0.key) }
    let missing = wanted.compactMap { cell in
      tiles[cell] == nil ? records[cell].map { (cell: cell, record: $0) } : nil
    }
    let pictures = try TileWork.results(count: missing.count, monitor: monitor) { index, _ in
      try file.image(missing[index].record)
    }
    for (entry, picture) in zip(missing, pictures) { tiles[entry.cell] = picture }
  }

  /// A square of `extent` pixels that lies in the rows at hand and may reach beyond the slide; nil if it is all glass.
  func square(x: Int, y: Int, extent: Int) -> RGBImage? {
    var pixels: [UInt8]?
    for row in latticeCells(y..<y + extent) {
      for column in latticeCells(x..<x + extent) {
        guard let tile = tiles[row * latticeSide + column] else { continue }
        var drawn = pixels ?? Self.glass(pixelCount: extent * extent)
        pixels = nil
        let left = column * enlargement.side
        let top = row * enlargement.side
        let columns = max(x, left)..<min(x + extent, left + enlargement.side)
        let rows = max(y, top)..<min(y + extent, top + enlargement.side)
        enlargement.draw(
          tile, columns: columns.lowerBound - left..<columns.upperBound - left,
          rows: rows.lowerBound - top..<rows.upperBound - top, into: &drawn, targetWidth: extent,
          x: columns.lowerBound - x, y: rows.lowerBound - y)
        pixels = drawn
      }
    }
    return pixels.map { RGBImage(width: extent, height: extent, pixels: $0) }
  }

  static func glass(pixelCount: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: pixelCount * 3) { buffer, count in
      for pixel in 0..<pixelCount {
        for channel in 0..<3 { buffer[pixel * 3 + channel] = glass[channel] }
      }
      count = pixelCount * 3
    }
  }

  /// The columns or rows of the lattice that a range of pixels touches.
  private func latticeCells(_ pixels: Range<Int>) -> Range<Int> {
    let first = pixels.lowerBound / enlargement.side
    let last = (pixels.upperBound - 1) / enlargement.side
    return min(first, latticeSide)..<min(last + 1, latticeSide)
  }
}
