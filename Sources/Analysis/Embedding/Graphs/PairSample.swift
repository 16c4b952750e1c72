import CSIMDKernels
import FeatureData

/// For every row the rows that it is paired with: near ones, ones of middle distance, and further ones.
///
/// Neighbours are those with the smallest scaled distances d² / (σ σ′) among the neighbours in the graph; σ is the mean
/// distance of a row from its fourth to sixth neighbour. A mid-near row is the second nearest of six drawn at random. A
/// further row is drawn at random from those that are no neighbours. No row occurs twice in the same list of a row, and
/// none in its own.
///
/// Draws are hashes of seed, row and number of the draw: the pairs are the same for any number of threads.
///
/// Source: Wang, Huang, Rudin, Shaposhnik, "Understanding how dimension reduction tools work", 2021, JMLR 22(201),
/// doi:10.48550/arXiv.2012.04456.
struct PairSample: Sendable {
  /// Pairs of a row.
  struct Counts: Sendable, Hashable {
    var neighbours: Int
    var midNear: Int
    var further: Int
  }

  let rowCount: Int
  /// As many as were asked for, or as there are; at most half of the other rows are neighbours.
  let counts: Counts
  /// n × `counts.neighbours`.
  private(set) var neighbours: [Int32]
  /// n × `counts.midNear`.
  private(set) var midNear: [Int32]
  /// n × `counts.further`.
  private(set) var further: [Int32]

  /// - Parameters:
  ///   - graph: Neighbours of n rows, more than are asked for.
  ///   - rows: n × c; the mid-near rows are chosen by Euclidean distance in it.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n (k + further + midNear × c)) with k neighbours in the graph.
  init(
    of graph: NeighbourGraph, rows: Matrix, counts wanted: Counts, seed: UInt64, threads: WorkerThreads,
    monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let n = graph.rowCount
    rowCount = n
    // Among few rows half of the others are no neighbours, so that something keeps the points apart.
    let near = min(wanted.neighbours, graph.neighbourCount, max(0, n - 1) / 2)
    counts = Counts(
      neighbours: near, midNear: max(0, min(wanted.midNear, n - 2)),
      further: max(0, min(wanted.further, n - 1 - near)))
    neighbours = [Int32](repeating: 0, count: n * counts.neighbours)
    midNear = [Int32](repeating: 0, count: n * counts.midNear)
    further = [Int32](repeating: 0, count: n * counts.further)
    let scales = Self.localScales(graph)
    // Marks are as many as rows: more blocks would cost more for clearing them.
    let blockRows = max(1024, n / 32)
    neighbours.withUnsafeMutableBufferPointer { neighbours in
      midNear.withUnsafeMutableBufferPointer { midNear in
        further.withUnsafeMutableBufferPointer { further in
          threads.forEach((n + blockRows - 1) / blockRows) { block in
            var keys = [UInt64](repeating: 0, count: graph.neighbourCount)
            var draws = RowDraws(rowCount: n, seed: seed)
            for row in block * blockRows..<min(n, (block + 1) * blockRows) {
              if row.isMultiple(of: 64) && monitor.isInterrupted { return }
              let own = (
                Self.part(row, of: neighbours, counts.neighbours), Self.part(row, of: midNear, counts.midNear),
                Self.part(row, of: further, counts.further)
              )
              Self.chooseNeighbours(of: row, in: graph, scales: scales, seed: seed, keys: &keys, into: own.0)
              draws.begin(row)
              draws.chooseMidNear(in: rows, into: own.1)
              draws.chooseFurther(than: own.0, into: own.2)
            }
          }
        }
      }
    }
    try monitor.checkInterrupted()
  }

  private static func part(
    _ row: Int, of lists: UnsafeMutableBufferPointer<Int32>, _ count: Int
  ) -> UnsafeMutableBufferPointer<Int32> {
    UnsafeMutableBufferPointer(rebasing: lists[row * count..<(row + 1) * count])
  }

  /// By row, the mean distance from the fourth to the sixth neighbour, or from the last ones if there are fewer; above
  /// 0 also among equal rows.
  private static func localScales(_ graph: NeighbourGraph) -> [Float] {
    let (n, k) = (graph.rowCount, graph.neighbourCount)
    let places = min(3, max(0, k - 1))..<min(6, k)
    let scales = (0..<n).map { row in
      places.reduce(into: Float(0)) { $0 += graph.distances[row * k + $1] / Float(places.count) }
    }
    let mean = Float(scales.reduce(into: 0.0) { $0 += Double($1) } / Double(max(1, n)))
    return scales.map { max($0, mean > 0 ? 1e-6 * mean : 1) }
  }

  /// Of the lower half of a key; the lowest are left for the place among the neighbours, of which there are never so many.
  private static let tieBits: UInt64 = 0xFFFF_0000

  private static func chooseNeighbours(
    of row: Int, in graph: NeighbourGraph, scales: [Float], seed: UInt64, keys: inout [UInt64],
    into chosen: UnsafeMutableBufferPointer<Int32>
  ) {
    if chosen.isEmpty { return }
    let first = row * graph.neighbourCount
    let ties = SplitMix64.mix(seed ^ SplitMix64.mix(UInt64(row)))
    for place in keys.indices {
      let other = Int(graph.indices[first + place])
      let distance = graph.distances[first + place]
      let scaled = distance / scales[row] * (distance / scales[other])
      // Numbers that are not negative order as their bits do; equal ones by a hash, so that not all rows pair with the same.
      let tie = SplitMix64.mix(ties &+ UInt64(other)) & Self.tieBits
      keys[place] = UInt64(scaled.bitPattern) << 32 | tie | UInt64(place)
    }
    _ = simd_select_smallest(&keys, Int64(keys.count), Int64(chosen.count))
    for place in chosen.indices {
      chosen[place] = graph.indices[first + Int(keys[place] & ~Self.tieBits & 0xFFFF_FFFF)]
    }
  }
}

/// Draws of other rows for one row after the other.
private struct RowDraws {
  private static let candidateCount = 6

  private let rowCount: Int
  private let seed: UInt64
  /// By row, the last mark it got.
  private var marks: [Int]
  private var mark = 0
  private var row = 0
  private var generator = SplitMix64(seed: 0)

  init(rowCount: Int, seed: UInt64) {
    self.rowCount = rowCount
    self.seed = seed
    marks = [Int](repeating: 0, count: rowCount)
  }

  mutating func begin(_ row: Int) {
    self.row = row
    generator = SplitMix64(seed: SplitMix64.mix(SplitMix64.mix(seed) &+ UInt64(row)))
  }

  /// Rows drawn from now on may be any but this one.
  private mutating func forget() {
    mark += 1
    marks[row] = mark
  }

  /// A row without a mark, and marks it.
  private mutating func drawUnmarked() -> Int {
    while true {
      let drawn = Int(((generator.next() >> 32) * UInt64(rowCount)) >> 32)
      if marks[drawn] != mark {
        marks[drawn] = mark
        return drawn
      }
    }
  }

  /// - Precondition: There are at least two rows more than places.
  mutating func chooseMidNear(in rows: Matrix, into chosen: UnsafeMutableBufferPointer<Int32>) {
    for place in chosen.indices {
      forget()
      for earlier in chosen[..<place] { marks[Int(earlier)] = mark }
      var nearest = (distance: Float.infinity, row: -1)
      var second = nearest
      for _ in 0..<min(Self.candidateCount, rowCount - 1 - place) {
        let drawn = drawUnmarked()
        let distance = Self.squaredDistance(row, drawn, in: rows)
        if distance < nearest.distance || nearest.row < 0 {
          (nearest, second) = ((distance, drawn), nearest)
        } else if distance < second.distance || second.row < 0 {
          second = (distance, drawn)
        }
      }
      chosen[place] = Int32(second.row)
    }
  }

  /// - Precondition: There are as many rows that are no neighbours as places.
  mutating func chooseFurther(
    than neighbours: UnsafeMutableBufferPointer<Int32>, into chosen: UnsafeMutableBufferPointer<Int32>
  ) {
    forget()
    for neighbour in neighbours { marks[Int(neighbour)] = mark }
    for place in chosen.indices { chosen[place] = Int32(drawUnmarked()) }
  }

  private static func squaredDistance(_ a: Int, _ b: Int, in rows: Matrix) -> Float {
    rows.elements.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return 0 }
      let width = rows.columnCount
      return simd_squared_distance(start + a * width, start + b * width, Int64(width))
    }
  }
}
