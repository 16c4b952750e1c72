import CSIMDKernels
import FeatureData

/// The edges of a graph that are used at least once, in the order of their use, with the times of their uses.
///
/// Vertices are divided into blocks and edges by the pair of blocks they join. A round is a set of pairs that have no
/// block in common, so that each pair can be worked through by a thread of its own. The rounds are those of a
/// tournament in which every block meets every other once; the first is of the edges inside a block.
struct EdgeSchedule {
  /// For each round, for each pair of blocks in it, the range of its edges.
  private(set) var rounds: [[Range<Int>]] = []
  private(set) var heads: [Int32] = []
  private(set) var tails: [Int32] = []
  /// Epochs between two uses.
  private(set) var periods: [Float] = []
  private var firstEpochs: [Float] = []

  /// One block up to where several threads pay, above an even number of blocks of 256 vertices or more, at most 32.
  static func blockCount(_ n: Int) -> Int { n < 1024 ? 1 : min(32, n / 512 * 2) }

  /// Edges of a pair of blocks are dealt into this many hands, and used one from each hand in turn: those used at once
  /// then have different heads, as a rule.
  private static let hands = 256

  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(edges).
  init(
    _ graph: FuzzyGraph, vertexCount n: Int, epochs: Int, seed: UInt64, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let blocks = Self.blockCount(n)
    let pairsOfRounds = Self.tournament(blocks)
    var places = [Int](repeating: 0, count: blocks * blocks)
    for (place, pair) in pairsOfRounds.joined().enumerated() {
      places[pair.0 * blocks + pair.1] = place
      places[pair.1 * blocks + pair.0] = place
    }
    let heaviest = try BlockedSums.largest(of: graph.weights, threads: WorkerThreads(1), monitor: monitor)
    let least = heaviest / Float(max(1, epochs))
    let blockOfVertex = (0..<n).map { UInt8(truncatingIfNeeded: $0 * blocks / n) }
    func forEachDueEdge(_ body: (_ head: Int, _ edge: Int, _ place: Int) -> Void) throws(WorkInterrupted) {
      for head in 0..<n {
        if head.isMultiple(of: 1024) { try monitor.checkInterrupted() }
        let row = Int(blockOfVertex[head]) * blocks
        for edge in graph.edges(of: head) where graph.weights[edge] >= least {
          body(head, edge, places[row + Int(blockOfVertex[Int(graph.columns[edge])])])
        }
      }
    }
    var starts = [Int](repeating: 0, count: pairsOfRounds.joined().count + 1)
    try forEachDueEdge { _, _, place in starts[place + 1] += 1 }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    let count = starts[starts.count - 1]
    heads = [Int32](unfilled: count)
    tails = [Int32](unfilled: count)
    periods = [Float](unfilled: count)
    firstEpochs = [Float](unfilled: count)
    var next = [Int](repeating: 0, count: starts.count)
    try forEachDueEdge { head, edge, place in
      let position = starts[place] + Self.dealt(next[place], of: starts[place + 1] - starts[place])
      next[place] += 1
      let period = heaviest / graph.weights[edge]
      let phase = Float(SplitMix64.mix(seed &+ UInt64(edge) &* 0x9E37_79B9_7F4A_7C15) >> 40) * 0x1p-24
      heads[position] = Int32(head)
      tails[position] = graph.columns[edge]
      periods[position] = period
      // A hashed phase spreads the first uses, so that an epoch is as busy as any other.
      firstEpochs[position] = 1 + period * phase
    }
    var place = 0
    rounds = pairsOfRounds.map { pairs in
      pairs.map { _ in
        place += 1
        return starts[place - 1]..<starts[place]
      }
    }
  }

  /// The epoch at which each edge is used first; they are handed over, for there may be many.
  mutating func takeFirstEpochs() -> [Float] {
    defer { firstEpochs = [] }
    return firstEpochs
  }

  /// Where the edge that comes as number `index` of `count` is used.
  static func dealt(_ index: Int, of count: Int) -> Int {
    let size = (count + hands - 1) / hands
    let taken = (count + size - 1) / size
    let (hand, turn) = index.quotientAndRemainder(dividingBy: size)
    // The last hand may be short: it is left out of the last turns.
    let short = count - (taken - 1) * size
    return turn < short ? turn * taken + hand : short * taken + (turn - short) * (taken - 1) + hand
  }

  /// Every pair of blocks once, by the circle method; within a round no block occurs twice.
  static func tournament(_ blocks: Int) -> [[(Int, Int)]] {
    var rounds = [[(Int, Int)]](repeating: [], count: blocks)
    let last = blocks - 1
    for low in 0..<blocks {
      rounds[0].append((low, low))
      for high in low + 1..<max(low + 1, blocks) {
        rounds[1 + (high == last ? 2 * low : low + high) % last].append((low, high))
      }
    }
    return rounds
  }

  /// Hands the schedule on in the form of the kernel; `nextEpochs` starts as `takeFirstEpochs` gives them.
  func withLayout(
    vertexCount: Int, dimensions: Int, force: LayoutForce, seed: UInt64, nextEpochs: inout [Float],
    _ body: (simd_layout) -> Void
  ) {
    heads.withUnsafeBufferPointer { heads in
      tails.withUnsafeBufferPointer { tails in
        periods.withUnsafeBufferPointer { periods in
          nextEpochs.withUnsafeMutableBufferPointer { nextEpochs in
            body(
              simd_layout(
                heads: heads.baseAddress, tails: tails.baseAddress, periods: periods.baseAddress,
                next_epochs: nextEpochs.baseAddress, vertex_count: Int32(vertexCount), dimensions: Int32(dimensions),
                a: Float(force.curve.a), b: Float(force.curve.b), negatives: Int32(force.negativeSampleRate),
                repulsion: Float(force.repulsionStrength), seed: seed, moves_tails: 1, densities: nil))
          }
        }
      }
    }
  }
}
