import Analysis
import Dispatch
import FeatureData
import FeatureStore
import Foundation
import Synchronization

/// Tiles in the order of a number that their features give: at both ends of a quantity, or near to one of them.
struct TileRanking {
  struct Place {
    let tile: TileChoice.Tile
    /// What the tile is here for: "highest 1: 3.21", "distance 0.012".
    let caption: String
  }

  let title: String
  let subtitle: String?
  let footer: String
  /// Each begins a row of its own.
  let groups: [[Place]]

  var places: [Place] { groups.flatMap { $0 } }

  /// Four significant digits: activations can be very small.
  private static func text(_ value: Float) -> String { String(format: "%.4g", Double(value)) }

  // MARK: Extremes

  /// The tiles with the highest and the lowest values of a quantity, half of `count` of each.
  static func extremes(
    of quantity: Quantity, _ features: FeatureSet, _ candidates: TileCandidates, count: Int,
    monitor: any WorkMonitor
  ) throws -> TileRanking {
    let column = try RankedColumn(quantity, features)
    let (candidates, leftOut) = candidates.finite(features, column.numbers)
    let values = try TileScan(features, candidates, monitor).values(of: column)
    let known = values.reduce(0) { $0 + $1.count { $0 == $0 } }
    guard known > 0 else {
      throw WorkflowFailure(
        "None of the tiles chosen has a value of \(column.name)." + (leftOut.map { " " + $0 } ?? ""),
        parameter: "extremes")
    }
    let shown = min(count, known)
    var highest = BestTiles(count: (shown + 1) / 2)
    var lowest = BestTiles(count: shown / 2)
    for (slide, values) in values.enumerated() {
      for (place, value) in values.enumerated() where highest.mayTake(-value) || lowest.mayTake(value) {
        let tile = candidates.tile(slide, place)
        highest.show(BestTiles.Candidate(score: -value, order: tile.shuffled, tile: tile))
        lowest.show(BestTiles.Candidate(score: value, order: tile.shuffled, tile: tile))
      }
    }
    func places(_ end: String, _ found: BestTiles, sign: Float) -> [Place] {
      found.best.enumerated().map { rank, candidate in
        Place(tile: candidate.tile, caption: "\(end) \(rank + 1): \(Self.text(candidate.score * sign))")
      }
    }
    // Of very many equal tiles only some are shown; which ones says nothing about them.
    func ties(_ found: BestTiles, sign: Float) -> String? {
      guard let last = found.best.last else { return nil }
      let value = last.score * sign
      let equal = values.reduce(0) { $0 + $1.count { $0 == value } }
      let taken = found.best.count { $0.score == last.score }
      return equal > taken
        ? "\(equal.counted("tile")) have the value \(Self.text(value)), and \(taken) of them "
          + (taken == 1 ? "is shown." : "are shown, from all over.") : nil
    }
    let all = values.reduce(0) { $0 + $1.count }
    let footer = [
      "\(shown) of \(known.counted("tile")).", ties(highest, sign: -1), lowest.count > 0 ? ties(lowest, sign: 1) : nil,
      all > known ? "\((all - known).counted("tile")) without a value left out." : nil, leftOut,
    ].compactMap(\.self).joined(separator: " ")
    return TileRanking(
      title: "Tiles at the extremes of \(column.name)",
      subtitle: lowest.count == 0
        ? nil
        : "The \(highest.count) highest, from the top down; then, in rows of their own, the \(lowest.count) lowest, from "
          + "the bottom up.",
      footer: footer, groups: [places("highest", highest, sign: -1), places("lowest", lowest, sign: 1)])
  }

  // MARK: Nearest

  /// A tile, and those whose features are nearest to its.
  static func nearest(
    to slideName: String, _ index: Int, metric: DistanceMetric, _ features: FeatureSet, _ candidates: TileCandidates,
    count: Int, monitor: any WorkMonitor
  ) throws -> TileRanking {
    let asked = try features.tile(slideName, index)
    let stored = features.slides[asked.slide].stored
    guard !stored.notFinite.contains(asked.tile) else {
      let other = features.usableRows(of: asked.slide).min { abs($0 - index) < abs($1 - index) }
      throw WorkflowFailure(
        "\(slideName):\(index) has NaN or infinity among its activations, so that no tile is near to it.",
        remedy: other.map { "near=\(slideName):\($0)" }, parameter: "near")
    }
    let (candidates, leftOut) = candidates.finite(features, .activations)
    let distances = RowDistances(from: stored.features.row(asked.tile), metric: metric)
    let found = try TileScan(features, candidates, monitor).nearest(distances, except: asked, count: count - 1)
    let refined = found.tiles.map { tile in
      (tile, distances.preciseDistance(to: features.slides[tile.slide].stored.features.row(tile.tile)))
    }.sorted { ($0.1, $0.0.inOrder) < ($1.1, $1.0.inOrder) }
    let name = "\(slideName):\(index)"
    let others = refined.map { Place(tile: $0.0, caption: "distance \(String(format: "%.3g", $0.1))") }
    return TileRanking(
      title: "Tiles nearest to \(name)", subtitle: nil,
      footer: (others.isEmpty
        ? "\(name) alone."
        : "\(name) and the \(others.count) nearest of \(found.total.counted("other tile")), by \(metric.rawValue) "
          + "distance of their activations.") + (leftOut.map { " " + $0 } ?? ""),
      groups: [[Place(tile: asked, caption: "asked for")] + others])
  }
}

/// A column of activations or logits that tiles are ranked by.
struct RankedColumn: Sendable {
  let name: String
  private let column: Int
  private let isLogit: Bool

  init(_ quantity: Quantity, _ features: FeatureSet) throws(WorkflowFailure) {
    switch quantity {
    case .feature(let layer, let index):
      column = try features.column(layer: layer, index: index)
      isLogit = false
      name = "feature \(layer.map { $0 + "/" } ?? "")\(index)"
    case .logit(let outcome):
      column = try features.logit(outcome)
      isLogit = true
      name = features.outputs.heading(column)
    case .column, .prediction, .cluster, .uncertainty, .slide:
      let known = features.layers.count == 1 ? "feature:0" : "feature:\(features.layers.first?.layer ?? "LAYER")/0"
      throw WorkflowFailure(
        "`extremes` ranks tiles by an activation or a logit, and \(quantity.written) is neither.",
        remedy: "extremes=\(known)", parameter: "extremes")
    }
  }

  var numbers: FeatureSet.Numbers { isLogit ? .logits : .activations }

  func matrix(of slide: FeatureSet.Slide) -> MappedMatrix? { isLogit ? slide.stored.logits : slide.stored.features }

  func value(_ row: Int, in values: UnsafeBufferPointer<Float>, width: Int) -> Float { values[row * width + column] }
}

/// The tiles of features among which some are looked for.
struct TileCandidates: Sendable {
  /// For each slide its tiles; nil stands for all.
  let rows: [[Int]?]
  let counts: [Int]

  init(rows: [[Int]?], tileCounts: [Int]) {
    self.rows = rows
    counts = zip(rows, tileCounts).map { $0?.count ?? $1 }
  }

  /// Those with finite numbers, and a sentence about the others.
  func finite(
    _ features: FeatureSet, _ numbers: FeatureSet.Numbers
  ) -> (candidates: TileCandidates, leftOut: String?) {
    let chosen = counts.indices.filter { counts[$0] > 0 }
    guard let leftOut = features.leftOut(of: chosen, numbers) else { return (self, nil) }
    let finite = rows.indices.map { slide -> [Int]? in
      guard counts[slide] > 0 else { return rows[slide] }
      let usable = features.usableRows(of: slide, numbers)
      if usable.count == features.slides[slide].tileCount { return rows[slide] }
      guard let own = rows[slide] else { return usable }
      let allowed = Set(usable)
      return own.filter(allowed.contains)
    }
    return (TileCandidates(rows: finite, tileCounts: features.slides.map(\.tileCount)), leftOut)
  }

  func row(_ slide: Int, _ place: Int) -> Int { rows[slide]?[place] ?? place }
  func tile(_ slide: Int, _ place: Int) -> TileChoice.Tile { .init(slide: slide, tile: row(slide, place)) }
}

/// Goes over features block by block, on all cores; the numbers stay in their files.
private struct TileScan {
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
      guard let matrix = column.matrix(of: features.slides[block.slide]) else { return }
      let values = matrix.withValues { values in
        block.places.map { column.value(candidates.row(block.slide, $0), in: values, width: matrix.columnCount) }
      }
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
