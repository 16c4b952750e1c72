import Dispatch
package import FeatureData
import Foundation
import Glibc
import Synchronization

/// Cuts a slide into tiles and writes them as a TFRecord file with its index, as slideflow does.
///
/// Blocks of the grid are read, filtered, resized and encoded in parallel; the memory taken does not grow with the
/// slide. The file gets its name when it is whole: what ends the program before loses this slide alone.
package struct TileExtraction: Sendable {
  /// How tiles are written.
  package struct Format: Sendable, Hashable, Codable {
    package enum Picture: String, Sendable, CaseIterable, Codable {
      case jpg, png
    }

    package var picture: Picture
    /// 1…100, of a JPEG.
    package var quality: Int
    /// Shuffles the records, so that the first N of a file are a sample of the slide; nil keeps them by rows.
    package var shuffleSeed: UInt64?

    package init(picture: Picture = .jpg, quality: Int = 95, shuffleSeed: UInt64? = 42) {
      self.picture = picture
      self.quality = quality
      self.shuffleSeed = shuffleSeed
    }
  }

  /// Changes a tile's pixels before it is encoded: `side × side × 3` bytes of RGB. False leaves the tile out, as
  /// background.
  package typealias Transform = @Sendable (UnsafeMutableBufferPointer<UInt8>, _ side: Int) -> Bool

  package let slide: WholeSlideImage
  package let selection: TileSelection
  package let filter: BackgroundFilter
  /// Leaves out what is out of focus.
  package let checksFocus: Bool
  package let format: Format
  package let transform: Transform?

  package init(
    _ slide: WholeSlideImage, selection: TileSelection, filter: BackgroundFilter = BackgroundFilter(),
    checksFocus: Bool = false, format: Format = Format(), transform: Transform? = nil
  ) {
    self.slide = slide
    self.selection = selection
    self.filter = filter
    self.checksFocus = checksFocus
    self.format = format
    self.transform = transform
  }

  private var grid: TileGrid { selection.grid }

  /// What all threads together may read at once, in bytes of 4 a pixel.
  private static let regionByteCount = 120_000_000
  /// Pixels along a side of what one reads: fewer decode much of the slide twice, more no longer fit a cache.
  private static let blockSides = 1792...2560

  /// Threads that read at once: more would not fit into the memory that an extraction may take.
  private var workerCount: Int {
    let side = max(Self.blockSides.lowerBound, grid.extractPixels, grid.size.pixels)
    return min(
      max(ProcessInfo.processInfo.activeProcessorCount, 1), max(Self.regionByteCount / (side * side * 4), 1), 8)
  }

  /// What the filters make of the selection, without reading whole tiles: the grid as it would be extracted.
  ///
  /// - Throws: `WorkInterrupted`.
  package func judged(monitor: any WorkMonitor = SilentMonitor()) throws -> TileSelection {
    if filter.isOff, !checksFocus { return selection }
    let result = Mutex(selection)
    try overBlocks(phase: "looking at the slide", monitor: monitor) { cutter, cells in
      let verdicts = try cutter.judge(cells)
      result.withLock { for (cell, verdict) in zip(cells, verdicts) { $0[cell] = verdict } }
    }
    return result.withLock { $0 }
  }

  /// Writes `<name>.tfrecords` and its index into a folder that exists.
  ///
  /// - Parameter willName: called with the result and the bytes of the file before it gets its name; what it notes down
  ///   is known before the file is.
  /// - Returns: what became of each place. Nothing is written where no tile is kept.
  /// - Throws: `SlidesError` if the file cannot be written, `WorkInterrupted`.
  package func write(
    to folder: String, name: String? = nil, monitor: any WorkMonitor = SilentMonitor(),
    willName: (TileSelection, _ byteCount: Int) throws -> Void = { _, _ in }
  ) throws -> TileSelection {
    struct Progress: ~Copyable {
      var selection: TileSelection
      var staged: StagedRecords
    }
    let name = name ?? slide.name
    let progress = Mutex(Progress(selection: selection, staged: try StagedRecords(folder: folder)))
    try overBlocks(phase: "extracting \(name)", monitor: monitor) { cutter, cells in
      let encoder = TileEncoder()
      try cutter.cut(cells) { cell, verdict, pixels in
        try monitor.checkInterrupted()
        guard let pixels else { return progress.withLock { $0.selection[cell] = verdict } }
        if let transform, !transform(pixels, grid.size.pixels) {
          return progress.withLock { $0.selection[cell] = .background }
        }
        let location = grid.location(of: cell)
        let example = TileExample(slide: name, image: try encode(pixels, encoder), location: location)
        let frame = TFRecordWriter.frame(example.encoded())
        try progress.withLock { progress throws(SlidesError) in
          try progress.staged.append(frame: frame, location: location, cell: cell)
        }
      }
    }
    return try progress.withLock { progress in
      guard progress.staged.count > 0 else {
        try willName(progress.selection, 0)
        return progress.selection
      }
      var writer = try TFRecordWriter(folder: folder, slideName: name)
      try progress.staged.write(
        to: &writer, shuffledBy: format.shuffleSeed.map { $0 ^ Self.hash(name) }, monitor: monitor)
      try willName(progress.selection, writer.byteCount)
      try writer.finish()
      return progress.selection
    }
  }

  /// Runs over the blocks of the grid on several threads, each with its own cutter.
  ///
  /// The first error ends the work.
  private func overBlocks(
    phase: String, monitor: any WorkMonitor,
    _ body: @Sendable (inout TileCutter, [TileGrid.Cell]) throws -> Void
  ) throws {
    let workerCount = workerCount
    let side = Int(Double(Self.regionByteCount / (4 * workerCount)).squareRoot())
    let blocks = TileBlock.all(
      of: grid, sidePixels: min(max(side, Self.blockSides.lowerBound), Self.blockSides.upperBound))
    let total = selection.candidateCount
    let focus = checksFocus ? FocusFilter(on: slide, grid: grid) : nil
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: workerCount) { _ in
      var cutter = TileCutter(slide, grid: grid, filter: filter, focus: focus)
      while failure.withLock({ $0 == nil }) {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < blocks.count else { return }
        let cells = blocks[index].rows.flatMap { row in
          blocks[index].columns.compactMap { column in
            let cell = TileGrid.Cell(column: column, row: row)
            return selection[cell] == .kept ? cell : nil
          }
        }
        do {
          try monitor.checkInterrupted()
          if !cells.isEmpty { try body(&cutter, cells) }
        } catch {
          failure.withLock { $0 = $0 ?? error }
          return
        }
        let now = done.add(cells.count, ordering: .relaxed).newValue
        monitor.report(phase: phase, unit: "tiles", done: now, total: total)
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  private func encode(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, _ encoder: borrowing TileEncoder
  ) throws(ImageFault) -> [UInt8] {
    let side = grid.size.pixels
    switch format.picture {
    case .jpg:
      return try encoder.jpeg(UnsafeBufferPointer(pixels), width: side, height: side, quality: format.quality)
    case .png: return try encoder.png(UnsafeBufferPointer(pixels), width: side, height: side)
    }
  }

  /// A number for a name that is the same in every run (FNV-1a).
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

extension TileExtraction {
  /// The picture of one place of a grid, as it would be extracted.
  ///
  /// - Throws: `SlideError.unreadableRegion`.
  package static func image(
    of cell: TileGrid.Cell, on slide: WholeSlideImage, grid: TileGrid
  ) throws -> RGBImage {
    var cutter = TileCutter(
      slide, grid: grid, filter: BackgroundFilter(whitespaceFraction: 1, grayspaceFraction: 1))
    let side = grid.size.pixels
    var image: RGBImage?
    try cutter.cut([cell]) { _, _, pixels in
      image = pixels.map { RGBImage(width: side, height: side, pixels: Array($0)) }
    }
    guard let image else {
      let origin = grid.origin(of: cell)
      throw SlideError.unreadableRegion(
        path: slide.path, x: origin.x, y: origin.y, level: grid.level, reason: "OpenSlide cannot read it")
    }
    return image
  }
}
