import FeatureData

/// A square of neighbouring places of a grid whose tiles are read together, so that the slide's own tiles are decoded
/// once.
struct TileBlock: Sendable, Equatable {
  let columns: Range<Int>
  let rows: Range<Int>

  /// Blocks over a whole grid, row by row.
  ///
  /// - Parameter sidePixels: along a side of what is read at once, where a tile is not larger. At the edges of a block
  ///   tiles of the slide are decoded that the neighbours need as well: the larger, the fewer.
  static func all(of grid: TileGrid, sidePixels: Int) -> [TileBlock] {
    let stride = max(Double(grid.strideLength) / grid.downsample, 1)
    let fitting = Int((Double(sidePixels - grid.extractPixels) / stride).rounded(.down)) + 1
    let side = max(min(fitting, 256), 1)
    return Swift.stride(from: 0, to: grid.rowCount, by: side).flatMap { row in
      Swift.stride(from: 0, to: grid.columnCount, by: side).map { column in
        TileBlock(
          columns: column..<min(column + side, grid.columnCount), rows: row..<min(row + side, grid.rowCount))
      }
    }
  }
}

/// Cuts the tiles of one slide, block by block; each thread has one of its own.
struct TileCutter: ~Copyable {
  private var reader: RegionReader
  private let levels: [SlideLevel]
  private let grid: TileGrid
  private let filter: BackgroundFilter
  private let filterPlace: (level: Int, side: Int)
  private let focus: FocusFilter?
  private let reduction: BoxReduction?
  private let scaling: ImageScaling?
  private var region = PixelBuffer<UInt32>()
  private var filterRegion = PixelBuffer<UInt32>()
  private var extract = PixelBuffer<UInt8>()
  private var tile = PixelBuffer<UInt8>()

  /// - Parameter focus: nil takes tiles however blurred.
  init(_ slide: WholeSlideImage, grid: TileGrid, filter: BackgroundFilter, focus: FocusFilter? = nil) {
    reader = RegionReader(slide)
    levels = slide.levels
    self.grid = grid
    self.filter = filter
    self.focus = focus
    filterPlace = filter.place(on: slide, grid: grid)
    let (extracted, to) = (grid.extractPixels, grid.size.pixels)
    reduction = BoxReduction(fromSide: extracted, toSide: to)
    let from = reduction?.side ?? extracted
    scaling =
      from == to
      ? nil
      : ImageScaling(
        fromWidth: from, fromHeight: from, toWidth: to, toHeight: to, kernel: from > to ? .lanczos : .cubic,
        step: Double(extracted) / Double((reduction?.factor ?? 1) * to))
  }

  /// Whether the background filter looks at the pixels that tiles are made of.
  private var filtersOnTiles: Bool { filterPlace == (grid.level, grid.extractPixels) }

  /// What the filters say of the places of a block, without reading more than they need.
  mutating func judge(_ cells: [TileGrid.Cell]) throws(SlideError) -> [CellVerdict] {
    var verdicts = try judgeBackground(cells)
    guard let focus else { return verdicts }
    let kept = verdicts.indices.filter { verdicts[$0] == .kept }
    var next = kept.makeIterator()
    try Self.read(
      kept.map { cells[$0] }, from: &reader, size: levels[focus.level], grid: grid, level: focus.level,
      side: focus.side, into: &filterRegion
    ) { _, pixels, stride in
      guard let place = next.next() else { return }
      guard let pixels else { return verdicts[place] = .unreadable }
      if focus.isBlurred(pixels, stride: stride) { verdicts[place] = .blurred }
    }
    return verdicts
  }

  private mutating func judgeBackground(_ cells: [TileGrid.Cell]) throws(SlideError) -> [CellVerdict] {
    guard !filter.isOff, !cells.isEmpty else { return cells.map { _ in .kept } }
    let (filter, side) = (filter, filterPlace.side)
    var verdicts: [CellVerdict] = []
    try Self.read(
      cells, from: &reader, size: levels[filterPlace.level], grid: grid, level: filterPlace.level, side: side,
      into: &filterRegion
    ) { _, pixels, stride in
      guard let pixels else { return verdicts.append(.unreadable) }
      let isBackground = filter.isBackground(pixels, stride: stride, width: side, height: side)
      verdicts.append(isBackground ? .background : .kept)
    }
    return verdicts
  }

  /// Reads the tiles of places of a block: `tile_px × tile_px × 3` bytes of RGB each.
  ///
  /// - Parameter use: called for each place in order; without pixels where it is background or unreadable.
  mutating func cut(
    _ cells: [TileGrid.Cell],
    use: (TileGrid.Cell, CellVerdict, UnsafeMutableBufferPointer<UInt8>?) throws -> Void
  ) throws {
    var wanted = cells
    if !filtersOnTiles || focus != nil {
      let verdicts = try judge(cells)
      wanted = []
      for (cell, verdict) in zip(cells, verdicts) {
        // What the filter could not read may still be read at the tile's own level, but it was not judged.
        if verdict == .kept { wanted.append(cell) } else { try use(cell, verdict, nil) }
      }
    }
    let side = grid.extractPixels
    let checksHere = filtersOnTiles && focus == nil && !filter.isOff
    let (filter, reduction, scaling, size) = (filter, reduction, scaling, grid.size.pixels)
    let extract = extract.reserve(side * side * 3)
    let tile = scaling == nil ? extract : tile.reserve(size * size * 3)
    var failure: (any Error)?
    try Self.read(
      wanted, from: &reader, size: levels[grid.level], grid: grid, level: grid.level, side: side, into: &region
    ) { cell, pixels, stride in
      guard failure == nil else { return }
      do {
        guard let pixels else { return try use(cell, .unreadable, nil) }
        if checksHere, filter.isBackground(pixels, stride: stride, width: side, height: side) {
          return try use(cell, .background, nil)
        }
        SlidePixels.composeOverWhite(pixels, stride: stride, width: side, height: side, into: extract)
        reduction?.apply(UnsafeBufferPointer(extract), into: extract)
        scaling?.scale(UnsafeBufferPointer(extract), into: tile)
        try use(cell, .kept, tile)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Reads what lies under some places at once, and gives each its part; where that fails, each by itself.
  private static func read(
    _ cells: [TileGrid.Cell], from reader: inout RegionReader, size: SlideLevel, grid: TileGrid, level: Int, side: Int,
    into buffer: inout PixelBuffer<UInt32>,
    use: (TileGrid.Cell, UnsafeBufferPointer<UInt32>?, _ stride: Int) -> Void
  ) throws(SlideError) {
    guard !cells.isEmpty else { return }
    let corners = cells.map { grid.corner(of: $0, on: size, side: side) }
    let left = corners.map(\.x).min() ?? 0
    let top = corners.map(\.y).min() ?? 0
    let width = (corners.map(\.x).max() ?? 0) - left + side
    let height = (corners.map(\.y).max() ?? 0) - top + side
    let pixels = buffer.reserve(width * height)
    if try reader.read(into: pixels, x: left, y: top, level: level, width: width, height: height) {
      for (cell, corner) in zip(cells, corners) {
        let start = (corner.y - top) * width + corner.x - left
        use(cell, UnsafeBufferPointer(rebasing: pixels[start..<start + (side - 1) * width + side]), width)
      }
      return
    }
    for (cell, corner) in zip(cells, corners) {
      // A single place was read just now.
      var isRead = false
      if cells.count > 1 {
        isRead = try reader.read(into: pixels, x: corner.x, y: corner.y, level: level, width: side, height: side)
      }
      use(cell, isRead ? UnsafeBufferPointer(rebasing: pixels[0..<side * side]) : nil, side)
    }
  }
}

/// Memory for pixels that grows to what is asked of it and is used again.
private struct PixelBuffer<Element: BitwiseCopyable>: ~Copyable {
  private var memory = UnsafeMutableBufferPointer<Element>(start: nil, count: 0)

  mutating func reserve(_ count: Int) -> UnsafeMutableBufferPointer<Element> {
    if memory.count < count {
      memory.deallocate()
      memory = .allocate(capacity: count)
    }
    return UnsafeMutableBufferPointer(rebasing: memory[0..<count])
  }

  deinit { memory.deallocate() }
}
