import Dispatch
package import FeatureData
import Synchronization

/// A mosaic in squares of about a thousand pixels, at its full size and at half of it again and again, so that a viewer needs
/// only what it shows.
package struct MosaicPyramid: Sendable {
  /// A square of one level.
  package struct Block: Sendable, Hashable, Comparable {
    /// 0 is the full size; each level has half the pixels of the one before.
    package let level: Int
    package let column: Int
    /// 0 is at the top of the picture.
    package let row: Int

    package var name: String { "\(level)-\(column)-\(row)" }

    package static func < (one: Block, other: Block) -> Bool {
      (one.level, one.row, one.column) < (other.level, other.row, other.column)
    }
  }

  private static let blockPixels = 1024

  /// Pixels of a cell at full size, an even number.
  package let cellPixels: Int
  /// Cells along a side of a block at full size.
  package let cellsPerBlock: Int
  package let levelCount: Int

  init(_ grid: MosaicGrid, cellPixels asked: Int) {
    cellPixels = max(2, asked & ~1)
    cellsPerBlock = max(1, Self.blockPixels / cellPixels)
    let blocks = (max(grid.columnCount, grid.rowCount) + cellsPerBlock - 1) / cellsPerBlock
    var levels = 1
    while 1 << (levels - 1) < blocks { levels += 1 }
    levelCount = levels
  }

  /// Pixels along a side of a block, an even number.
  var blockSide: Int { cellPixels * cellsPerBlock }
}

extension MosaicPicture {
  /// The pyramid's measures for cells of about so many pixels.
  package func pyramid(cellPixels: Int) -> MosaicPyramid { MosaicPyramid(grid, cellPixels: cellPixels) }

  /// Paints every block of the pyramid that has a tile, without frames, and hands it on; a few lie in memory at a time.
  ///
  /// - Parameter output: called from several threads at once, blocks in no order.
  /// - Returns: the tiles that could not be had, by point.
  /// - Throws: `WorkInterrupted`, or what `output` throws.
  package func paint(
    _ pyramid: MosaicPyramid, monitor: some WorkMonitor,
    output: @escaping @Sendable (MosaicPyramid.Block, RGBImage) throws -> Void
  ) throws -> [Failure] {
    let failures = Mutex<[Failure]>([])
    let painting = PyramidPainting(
      pyramid: pyramid,
      halving: ImageScaling(
        fromWidth: pyramid.blockSide, fromHeight: pyramid.blockSide, toWidth: pyramid.blockSide / 2,
        toHeight: pyramid.blockSide / 2), background: look.background,
      leaf: { [progress = TileProgress(total: grid.cells.count, monitor: monitor)] block in
        try self.leaf(block, pyramid, progress) { failure in failures.withLock { $0.append(failure) } }
      }, output: output)
    _ = try painting.image(MosaicPyramid.Block(level: pyramid.levelCount - 1, column: 0, row: 0))
    return failures.withLock { $0.sorted { $0.point < $1.point } }
  }

  /// A block at full size; nil without a tile.
  private func leaf(
    _ block: MosaicPyramid.Block, _ pyramid: MosaicPyramid, _ progress: TileProgress<some WorkMonitor>,
    report: (Failure) -> Void
  ) throws -> RGBImage? {
    let side = pyramid.blockSide
    var image: RGBImage?
    for down in 0..<pyramid.cellsPerBlock {
      let row = grid.rowCount - 1 - (block.row * pyramid.cellsPerBlock + down)
      guard row >= 0 else { break }
      for across in 0..<pyramid.cellsPerBlock {
        let column = block.column * pyramid.cellsPerBlock + across
        guard column < grid.columnCount, grid[column, row] != nil else { continue }
        guard
          let cell = try self.cell(
            column, row, side: pyramid.cellPixels, progress: progress, isFramed: false, report: report)
        else { continue }
        if image == nil {
          image = RGBImage(width: side, height: side, pixels: look.background.repeated(side * side))
        }
        image?.set(cell, x: across * pyramid.cellPixels, y: down * pyramid.cellPixels)
      }
    }
    return image
  }
}

/// The way from the whole picture down to its blocks, and back with their pixels.
private struct PyramidPainting: Sendable {
  let pyramid: MosaicPyramid
  let halving: ImageScaling
  let background: Colour
  let leaf: @Sendable (MosaicPyramid.Block) throws -> RGBImage?
  let output: @Sendable (MosaicPyramid.Block, RGBImage) throws -> Void

  func image(_ block: MosaicPyramid.Block) throws -> RGBImage? {
    guard block.level > 0 else {
      let image = try leaf(block)
      if let image { try output(block, image) }
      return image
    }
    let quarters = Mutex<[Result<RGBImage?, any Error>]>(Array(repeating: .success(nil), count: 4))
    DispatchQueue.concurrentPerform(iterations: 4) { index in
      let quarter = Result {
        try self.image(
          MosaicPyramid.Block(
            level: block.level - 1, column: 2 * block.column + index % 2, row: 2 * block.row + index / 2)
        ).map(halving.scaled)
      }
      quarters.withLock { $0[index] = quarter }
    }
    let parts = try quarters.withLock { try $0.map { try $0.get() } }
    guard parts.contains(where: { $0 != nil }) else { return nil }
    let side = pyramid.blockSide
    var image = RGBImage(width: side, height: side, pixels: background.repeated(side * side))
    for (index, part) in parts.enumerated() {
      if let part { image.set(part, x: index % 2 * (side / 2), y: index / 2 * (side / 2)) }
    }
    try output(block, image)
    return image
  }
}

extension RGBImage {
  /// Copies a smaller picture into this one.
  fileprivate mutating func set(_ part: RGBImage, x: Int, y: Int) {
    for row in 0..<part.height {
      let place = ((y + row) * width + x) * 3
      pixels.replaceSubrange(
        place..<place + part.width * 3, with: part.pixels[row * part.width * 3..<(row + 1) * part.width * 3])
    }
  }
}
