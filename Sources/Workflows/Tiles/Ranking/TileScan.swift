import Analysis
import Dispatch
import FeatureData
import FeatureStore
import Synchronization

/// Goes over features block by block, on all cores; the numbers stay in their files.
struct TileScan {
  private let features: FeatureSet
  private let candidates: TileCandidates
  private let monitor: any WorkMonitor

  private struct Block {
    let slide: Int
    let places: Range<Int>
  }

  private static let blockLength = 4096

  init(_ features: FeatureSet, _ candidates: TileCandidates, _ monitor: any WorkMonitor) {
    self.features = features
    self.candidates = candidates
    self.monitor = monitor
  }

  /// For each slide the values of its candidates; NaN where there are none.
  func values(of column: RankedColumn) throws -> [[Float]] {
    let results = Mutex<[[Float]]>(candidates.counts.map { [Float](repeating: .nan, count: $0) })
    try forEachBlock { block in
      let rows = block.places.map { candidates.row(block.slide, $0) }
      guard let values = column.values(of: rows, block.slide, in: features) else { return }
      results.withLock { $0[block.slide].replaceSubrange(block.places, with: values) }
    }
    return results.withLock { $0 }
  }

  /// The candidates with the least distances, and how many there are besides the exception.
  func nearest(
    _ distances: RowDistances, except asked: TileChoice.Tile, count: Int
  ) throws -> (tiles: [TileChoice.Tile], total: Int) {
    let results = Mutex((best: BestTiles(count: count), total: 0))
    try forEachBlock { block in
      let matrix = features.slides[block.slide].stored.features
      let width = matrix.columnCount
      var best = BestTiles(count: count)
      var total = 0
      matrix.withValues { values in
        for place in block.places {
          let tile = candidates.tile(block.slide, place)
          guard tile != asked else { continue }
          total += 1
          let row = UnsafeBufferPointer(rebasing: values[tile.tile * width..<(tile.tile + 1) * width])
          best.show(BestTiles.Candidate(score: distances.distance(to: row), order: tile.inOrder, tile: tile))
        }
      }
      results.withLock { results in
        results.best.merge(best)
        results.total += total
      }
    }
    return results.withLock { ($0.best.best.map(\.tile), $0.total) }
  }

  private func forEachBlock(_ body: @Sendable (Block) -> Void) throws {
    var blocks: [Block] = []
    for (slide, count) in candidates.counts.enumerated() {
      for start in stride(from: 0, to: count, by: Self.blockLength) {
        blocks.append(Block(slide: slide, places: start..<min(start + Self.blockLength, count)))
      }
    }
    let done = Atomic<Int>(0)
    let total = candidates.counts.reduce(0, +)
    DispatchQueue.concurrentPerform(iterations: blocks.count) { [blocks] index in
      guard !monitor.isInterrupted else { return }
      body(blocks[index])
      let soFar = done.add(blocks[index].places.count, ordering: .relaxed).newValue
      monitor.report(phase: "reading features", unit: "tiles", done: soFar, total: total)
    }
    try monitor.checkInterrupted()
  }
}
